/** A value that every store can hold and give back equal. */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | ReadonlySet<string | number | bigint>
  | readonly Value[]
  | Values

/** A plain object of values: an entity in storage form, or an object or record inside one. */
export interface Values {
  readonly [field: string]: Value
}

/** Steps from an entity to a value in it: a field or record key, or the index of a list element. */
export type Path = readonly (string | number)[]

/**
 * Sets an own property, also for the one name that assignment would turn into a prototype.
 * Everything that builds objects from outside names must use it.
 */
export function setOwn(target: object, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
  } else {
    ;(target as Record<string, unknown>)[name] = value
  }
}

/** Reads an own property; what the prototype has is not data. */
export function getOwn<T>(source: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(source, name) ? source[name] : undefined
}

/** A path as people write it: `lines[0].quantity`; names that are no identifiers are quoted. */
export function formatPath(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step)}]`
  }
  return text
}
