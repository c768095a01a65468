import type { Condition } from '../query/condition.js'
import type { Change } from '../write/change.js'
import { toBase64Url } from './base64url.js'
import type { Value } from './value.js'

export type Canonical = Value | Condition | Change | undefined | readonly Canonical[]

/** One text for one value, whatever the order of an object's fields. */
export function canonical(value: Canonical): string {
  if (value === undefined) return 'u'
  if (typeof value === 'bigint') return `n${value}`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (value instanceof Date) return `d${value.getTime()}`
  if (value instanceof Uint8Array) return `b${toBase64Url([], value)}`
  if (value instanceof Set) return `s[${[...value].map(canonical).sort().join()}]`
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const fields = Object.entries(value as { [name: string]: Canonical })
  return `{${fields
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
    .sort()
    .join()}}`
}
