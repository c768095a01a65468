import type { GetRequest, Stored, Swap } from '../driver/contract.js'
import { FORMAT_VERSION } from '../driver/format-version.js'
import { isExpired } from '../driver/judge.js'
import { encodeComponent } from '../driver/key-component.js'
import { keyText } from '../driver/key-text.js'
import { placeText } from '../driver/place-text.js'
import type { EntityModel, UniqueModel } from '../model/model.js'
import { toBase64Url } from '../schema/base64url.js'
import { getOwn, type Value, type Values } from '../schema/value.js'
import { libraryEntity, optionalMoment, text } from './library-entity.js'

/**
 * The library's own entity: who holds a unique value. It is written in the commit of its holder and expires with it, so that
 * it is there exactly when a live entity has the value.
 */
export const uniqueRecord: EntityModel = libraryEntity(
  'isomodel_unique',
  'value',
  { holder: text, until: optionalMoment },
  { ttl: 'until', sensitive: ['value'] },
)

/** A value of a unique constraint, and the entity that has it. */
export interface Holding {
  readonly unique: UniqueModel
  /** One text for one value of one constraint. */
  readonly value: string
  /** The place of the entity that holds it. */
  readonly holder: string
  readonly until: Date | undefined
}

/** What an entity in this state holds, by the texts of the values; a constraint with an absent or null field is none of them. */
export function holdingsOf(entity: EntityModel, stored: Stored | undefined): ReadonlyMap<string, Holding> {
  const holdings = new Map<string, Holding>()
  if (stored === undefined) return holdings
  const holder = placeText(keyText(entity, stored.values))
  const until = entity.ttl === undefined ? undefined : getOwn(stored.values, entity.ttl)
  for (const unique of entity.uniques) {
    const value = valueText(entity, unique, stored.values)
    if (value === undefined) continue
    holdings.set(value, {
      unique,
      value,
      holder,
      until: until instanceof Date ? until : undefined,
    })
  }
  return holdings
}

function valueText(entity: EntityModel, { name, fields }: UniqueModel, values: Values): string | undefined {
  let whole = `${entity.name}.${name}`
  for (const field of fields) {
    const value: Value | undefined = getOwn(values, field.name)
    if (value === undefined || value === null) return undefined
    whole += `#${encodeComponent(field.slot.type, value)}`
  }
  return whole
}

export const recordKey = (value: string): GetRequest => ({ entity: uniqueRecord, key: { value } })

/** Who holds a value, by its record; undefined when nobody does, or an entity that has expired. */
export function holderIn(record: Stored | undefined, now: number): string | undefined {
  if (record === undefined || isExpired(uniqueRecord, record.values, now)) return undefined
  return String(record.values.holder)
}

/**
 * The record of a holding. Its token follows from holder and value, so that the holder can give the value back without
 * reading the record, and nobody else's.
 */
export async function recordOf({ value, holder, until }: Holding): Promise<Stored> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${value}\n\n${holder}`))
  const token = `${FORMAT_VERSION}${toBase64Url([], new Uint8Array(digest).subarray(0, 15))}`
  return { values: { value, holder, ...(until === undefined ? {} : { until }) }, token }
}

export function swapRecord(value: string, expected: Swap['expected'], next: Swap['next']): Swap {
  return { ...recordKey(value), expected, next, inPlace: false }
}
