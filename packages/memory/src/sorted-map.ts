import { compareText } from '@isomodel/core/driver'

/** Most keys of a leaf and most children of a branch. */
const WIDTH = 64

interface Leaf<V> {
  readonly keys: string[]
  readonly values: V[]
}

interface Branch<V> {
  /** The least key each child may hold; the first child's is of no meaning. */
  readonly lows: string[]
  readonly children: Node<V>[]
}

type Node<V> = Leaf<V> | Branch<V>

/**
 * A map ordered by its keys, by code point: a B+ tree. Finding, setting, deleting and the start of a walk take
 * logarithmic time. An emptied node is dropped, a sparse one stays: partitions that shrink are soon filled or gone.
 */
export class SortedMap<V> {
  #root: Node<V> = { keys: [], values: [] }
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): V | undefined {
    let node = this.#root
    while ('children' in node) node = node.children[childOf(node, key)] as Node<V>
    const at = lowerBound(node.keys, key)
    return node.keys[at] === key ? node.values[at] : undefined
  }

  set(key: string, value: V): void {
    const right = this.#insert(this.#root, key, value)
    if (right !== undefined) this.#root = { lows: ['', right.low], children: [this.#root, right.node] }
  }

  /** True when the key was there. */
  delete(key: string): boolean {
    const found = this.#remove(this.#root, key)
    if (found) this.#size--
    while ('children' in this.#root && this.#root.children.length <= 1) {
      this.#root = this.#root.children[0] ?? { keys: [], values: [] }
    }
    return found
  }

  /** The entries of `from <= key < to`, in order or in reverse. The map must not be changed during the walk. */
  range(from: string, to: string, reverse: boolean): IterableIterator<readonly [string, V]> {
    return walk(this.#root, from, to, reverse)
  }

  *entries(): IterableIterator<readonly [string, V]> {
    yield* walk(this.#root, '', undefined, false)
  }

  #insert(node: Node<V>, key: string, value: V): { readonly low: string; readonly node: Node<V> } | undefined {
    if (!('children' in node)) {
      const at = lowerBound(node.keys, key)
      if (node.keys[at] === key) {
        node.values[at] = value
        return undefined
      }
      node.keys.splice(at, 0, key)
      node.values.splice(at, 0, value)
      this.#size++
      if (node.keys.length <= WIDTH) return undefined
      const keys = node.keys.splice(splitAt(at, node.keys.length))
      const values = node.values.splice(node.keys.length)
      return { low: keys[0] as string, node: { keys, values } }
    }
    const at = childOf(node, key)
    const right = this.#insert(node.children[at] as Node<V>, key, value)
    if (right === undefined) return undefined
    node.lows.splice(at + 1, 0, right.low)
    node.children.splice(at + 1, 0, right.node)
    if (node.children.length <= WIDTH) return undefined
    const lows = node.lows.splice(splitAt(at + 1, node.lows.length))
    const children = node.children.splice(node.lows.length)
    return { low: lows[0] as string, node: { lows, children } }
  }

  #remove(node: Node<V>, key: string): boolean {
    if (!('children' in node)) {
      const at = lowerBound(node.keys, key)
      if (node.keys[at] !== key) return false
      node.keys.splice(at, 1)
      node.values.splice(at, 1)
      return true
    }
    const at = childOf(node, key)
    const child = node.children[at] as Node<V>
    const found = this.#remove(child, key)
    if (found && ('children' in child ? child.children : child.keys).length === 0) {
      node.lows.splice(at, 1)
      node.children.splice(at, 1)
    }
    return found
  }
}

/** Where to split after an insertion at `at`: keys that arrive in order leave full nodes behind, others halves. */
function splitAt(at: number, length: number): number {
  return at === length - 1 ? length - 1 : length >> 1
}

function* walk<V>(
  node: Node<V>,
  from: string,
  to: string | undefined,
  reverse: boolean,
): IterableIterator<readonly [string, V]> {
  const inside = 'children' in node
  const first = inside ? childOf(node, from) : lowerBound(node.keys, from)
  const last = inside
    ? to === undefined
      ? node.children.length - 1
      : childOf(node, to)
    : (to === undefined ? node.keys.length : lowerBound(node.keys, to)) - 1
  for (let step = 0; step <= last - first; step++) {
    const at = reverse ? last - step : first + step
    if (inside) yield* walk(node.children[at] as Node<V>, from, to, reverse)
    else yield [node.keys[at] as string, node.values[at] as V]
  }
}

/** The place of the first key that is not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareText(keys[middle] as string, key) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** The child whose keys would hold `key`. */
function childOf<V>({ lows }: Branch<V>, key: string): number {
  let low = 1
  let high = lows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareText(lows[middle] as string, key) <= 0) low = middle + 1
    else high = middle
  }
  return low - 1
}
