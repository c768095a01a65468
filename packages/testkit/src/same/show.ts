/** Stands for a field, element or answer that is not there; differs from undefined and null. */
export const absent: unique symbol = Symbol('absent')

const LONGEST = 200

/** A value as one line of text in which no two different values look alike: `1`, `1n`, `'1'`, `-0`, bytes, sets, dates. */
export function show(value: unknown): string {
  const text = write(value, 0)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text
}

function write(value: unknown, depth: number): string {
  if (value === absent) return '(absent)'
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return quote(value)
  if (typeof value !== 'object') return typeof value
  if (depth > 8) return '…'
  if (value instanceof Date) return `Date(${Number.isNaN(value.getTime()) ? 'invalid' : value.toISOString()})`
  if (value instanceof Uint8Array) return `bytes(${Buffer.from(value).toString('hex')})`
  if (value instanceof Set) return `Set{${[...value].map((member) => write(member, depth + 1)).join(', ')}}`
  if (value instanceof Map) {
    const entries = [...value].map(([key, held]) => `${write(key, depth + 1)} → ${write(held, depth + 1)}`)
    return `Map{${entries.join(', ')}}`
  }
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(', ')}]`
  const fields = Object.entries(value).map(([name, field]) => `${quoteName(name)}: ${write(field, depth + 1)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

function quote(text: string): string {
  const safe = JSON.stringify(text).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff\uffff]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `'${safe.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

function quoteName(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? name : quote(name)
}

/** A path as people write it: `[2].lines[0].quantity`. */
export function showPath(path: readonly (string | number)[]): string {
  return path
    .map((step, depth) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) return `[${quote(step)}]`
      return depth === 0 ? step : `.${step}`
    })
    .join('')
}
