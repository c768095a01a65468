/** A moment so many milliseconds after the history's start, which is another in every run. */
export class After {
  readonly milliseconds: number

  constructor(milliseconds: number) {
    this.milliseconds = milliseconds
  }
}

/** A copy of plain data in which moments are dates. */
export function dated<T>(value: T, start: number): T {
  const walk = (one: unknown): unknown => {
    if (one instanceof After) return new Date(start + one.milliseconds)
    if (Array.isArray(one)) return one.map(walk)
    if (one === null || typeof one !== 'object' || Object.getPrototypeOf(one) !== Object.prototype) return one
    return Object.fromEntries(Object.entries(one).map(([name, field]) => [name, walk(field)]))
  }
  return walk(value) as T
}
