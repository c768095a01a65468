/**
 * The order and equality of values, written anew from the contract and naively: the library's own comparison is what this
 * is held against.
 */
export type Kind = 'null' | 'string' | 'number' | 'bigint' | 'boolean' | 'date' | 'bytes' | 'set' | 'list' | 'object'

export function kindOf(value: unknown): Kind {
  if (value === null) return 'null'
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return typeof value as Kind
  if (value instanceof Date) return 'date'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Set) return 'set'
  return Array.isArray(value) ? 'list' : 'object'
}

/** Negative, zero or positive; undefined for two values that have no order between them. */
export function order(left: unknown, right: unknown): number | undefined {
  const kind = kindOf(left)
  if (kind !== kindOf(right)) return undefined
  if (kind === 'string') return lists(codePoints(left as string), codePoints(right as string))
  if (kind === 'bytes') return lists([...(left as Uint8Array)], [...(right as Uint8Array)])
  if (kind === 'date') return sign((left as Date).getTime() - (right as Date).getTime())
  if (kind === 'boolean') return sign(Number(left) - Number(right))
  if (kind === 'number' || kind === 'bigint')
    return (left as number) < (right as number) ? -1 : (left as number) > (right as number) ? 1 : 0
  return undefined
}

const codePoints = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0) ?? 0)
const sign = (difference: number): number => (difference < 0 ? -1 : difference > 0 ? 1 : 0)

/** Numbers one by one, a prefix first. */
function lists(left: readonly number[], right: readonly number[]): number {
  for (let at = 0; at < left.length && at < right.length; at += 1) {
    const difference = (left[at] as number) - (right[at] as number)
    if (difference !== 0) return sign(difference)
  }
  return sign(left.length - right.length)
}

export function equal(left: unknown, right: unknown): boolean {
  const kind = kindOf(left)
  if (kind !== kindOf(right)) return false
  if (kind === 'set')
    return (
      (left as Set<unknown>).size === (right as Set<unknown>).size &&
      [...(left as Set<unknown>)].every((member) => (right as Set<unknown>).has(member))
    )
  if (kind === 'list') {
    const [ours, theirs] = [left as unknown[], right as unknown[]]
    return ours.length === theirs.length && ours.every((item, at) => equal(item, theirs[at]))
  }
  if (kind === 'object') {
    const [ours, theirs] = [Object.entries(left as object), new Map(Object.entries(right as object))]
    return (
      ours.length === theirs.size && ours.every(([name, field]) => theirs.has(name) && equal(field, theirs.get(name)))
    )
  }
  return kind === 'null' || order(left, right) === 0
}
