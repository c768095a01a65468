import { absent, show, showPath } from './show.js'

/** One place at which two values are not the same. */
export interface Difference {
  readonly path: readonly (string | number)[]
  readonly left: unknown
  readonly right: unknown
}

/**
 * Where two values differ, at most `limit` places; none when they are equal. Equal means: the same kind and the same
 * value, `0` and `-0` apart, an absent field apart from undefined and null, sets regardless of order, objects regardless
 * of the order of their fields, bytes by content whatever the class of the view.
 */
export function differences(left: unknown, right: unknown, limit = 5): readonly Difference[] {
  const found: Difference[] = []
  walk([], left, right, (difference) => {
    found.push(difference)
    return found.length < limit
  })
  return found
}

type Report = (difference: Difference) => boolean
type Path = readonly (string | number)[]

function walk(path: Path, left: unknown, right: unknown, report: Report): boolean {
  const kind = kindOf(left)
  if (kind !== kindOf(right) || !walkers[kind].same(left as never, right as never)) {
    return report({ path, left, right })
  }
  for (const step of walkers[kind].steps(left as never, right as never)) {
    if (!walk([...path, step.name], step.left, step.right, report)) return false
  }
  return true
}

interface Step {
  readonly name: string | number
  readonly left: unknown
  readonly right: unknown
}

interface Walker<T> {
  /** Whether the two are the same as far as this level can say. */
  same(left: T, right: T): boolean
  steps(left: T, right: T): readonly Step[]
}

type Fields = { readonly [name: string]: unknown }

const none = (): readonly Step[] => []
const field = (value: Fields, name: string): unknown => (Object.hasOwn(value, name) ? value[name] : absent)

const walkers: {
  readonly scalar: Walker<unknown>
  readonly date: Walker<Date>
  readonly bytes: Walker<Uint8Array>
  readonly set: Walker<ReadonlySet<unknown>>
  readonly list: Walker<readonly unknown[]>
  readonly object: Walker<Fields>
} = {
  scalar: { same: Object.is, steps: none },
  date: { same: (left, right) => Object.is(left.getTime(), right.getTime()), steps: none },
  bytes: {
    same: (left, right) => left.length === right.length && left.every((byte, at) => byte === right[at]),
    steps: none,
  },
  set: {
    same: (left, right) => left.size === right.size && [...left].every((member) => right.has(member)),
    steps: none,
  },
  list: {
    same: () => true,
    steps: (left, right) =>
      Array.from({ length: Math.max(left.length, right.length) }, (_, at) => ({
        name: at,
        left: at < left.length ? left[at] : absent,
        right: at < right.length ? right[at] : absent,
      })),
  },
  object: {
    same: (left, right) => Object.getPrototypeOf(left) === Object.getPrototypeOf(right),
    steps: (left, right) =>
      [...new Set([...Object.keys(left), ...Object.keys(right)])].map((name) => ({
        name,
        left: field(left, name),
        right: field(right, name),
      })),
  },
}

function kindOf(value: unknown): keyof typeof walkers {
  if (typeof value !== 'object' || value === null) return 'scalar'
  if (value instanceof Date) return 'date'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Set) return 'set'
  return Array.isArray(value) ? 'list' : 'object'
}

/** Differences as lines for a message: the place, then the two values under their names. */
export function showDifferences(found: readonly Difference[], names: readonly [string, string]): string {
  const width = Math.max(...names.map((name) => name.length))
  return found
    .map(({ path, left, right }) =>
      [
        `  ${path.length === 0 ? 'the whole' : showPath(path)}`,
        `    ${names[0].padEnd(width)} ${show(left)}`,
        `    ${names[1].padEnd(width)} ${show(right)}`,
      ].join('\n'),
    )
    .join('\n')
}
