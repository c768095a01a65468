/**
 * A text that two values share when they are equal, and only then: `1` and `1n` and `'1'` apart, `0` and `-0` too; fields,
 * members of sets and entries of maps in any order; a field that is undefined as one that is absent.
 *
 * @throws TypeError for what is no data: functions, symbols, objects of other classes
 */
export function canonical(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} is no data, so it cannot be compared.`)
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (value instanceof Uint8Array) return `bytes(${value.join()})`
  if (value instanceof Set) return `Set{${sorted([...value].map(canonical))}}`
  if (value instanceof Map) return `Map{${sorted([...value].map(entry))}}`
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) {
    throw new TypeError(`An object of the class ${value.constructor.name} is no data, so it cannot be compared.`)
  }
  return `{${sorted(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(entry),
  )}}`
}

const entry = ([name, value]: readonly [unknown, unknown]): string => `${canonical(name)}:${canonical(value)}`
const sorted = (texts: string[]): string => texts.sort().join()
