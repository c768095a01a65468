import {
  ALWAYS,
  invalidCursor,
  isAlways,
  isInside,
  isNever,
  type KeyText,
  keyRanges,
  placeIn,
  placeText,
  type ReadCall,
  type Scanned,
  type ScanPlan,
  type ScanRequest,
  type ScanSpec,
  StoreError,
  simplify,
} from '@isomodel/core/driver'
import type { Access } from './access.js'
import { type Keys, memberOf, memberText } from './keys.js'
import { addFields } from './planner.js'
import type { Request } from './request.js'
import { rows } from './rows.js'
import { toBytes, type Wire } from './wire.js'

/** Buckets that are asked at once, at first and then. */
const FIRST_WAVE = 8
const WAVE_GROWTH = 4

/** Most round trips in which so many buckets are asked. */
function waves(buckets: number): number {
  let count = 1
  for (let asked = FIRST_WAVE, wave = FIRST_WAVE; asked < buckets; count++) asked += wave *= WAVE_GROWTH
  return count
}

/** A walk along the set of all keys of each bucket, then to the hashes that its members lead to. Nothing is filtered there. */
export function planScan(scan: ScanSpec, keys: Keys): ScanPlan {
  const where = simplify(scan.where ?? ALWAYS)
  const none = isNever(where)
  const { from, to } = rangeOf(scan)
  return {
    scan,
    access: none ? 'none' : 'scan',
    pushed: undefined,
    residual: none || isAlways(where) ? undefined : where,
    freshness: 'strong',
    roundTrips: none ? 0 : waves(Math.ceil(keys.buckets / scan.segments)) + 1,
    request: none
      ? undefined
      : [
          { command: 'ZRANGE', args: [keys.all(0), `[${from}`, `(${to}`, 'BYLEX', 'LIMIT', '0', '<reads>'] },
          {
            command: scan.select === undefined ? 'HGETALL' : 'HMGET',
            of: 'each entity that a member leads to, in one pipeline',
          },
        ],
  }
}

/** Reads a segment: the buckets whose number, modulo the segments, is the segment's. */
export async function fetchScan(
  access: Access,
  { scan, residual }: ScanPlan,
  { segment, after, reads }: ScanRequest,
  call: ReadCall,
): Promise<Scanned> {
  const { connection, keys } = access
  const place = after === undefined ? undefined : startOf(scan, after)
  const { from, to } = rangeOf(scan)
  let start = place === undefined ? `[${from}` : `(${memberOf(place)}`
  const members: Wire[] = []
  let seen = 0
  let last: Wire | undefined
  let wave = FIRST_WAVE
  for (
    let bucket = place === undefined ? segment : keys.bucketOf(place.partition);
    bucket < keys.buckets && seen < reads;
    wave *= WAVE_GROWTH
  ) {
    const limit = String(reads - seen)
    // More buckets at once the less was found: few where they are full, all soon where most are empty.
    const requests: Request[] = []
    for (; bucket < keys.buckets && requests.length < wave; bucket += scan.segments) {
      requests.push({ name: 'ZRANGE', args: [keys.all(bucket), start, `(${to}`, 'BYLEX', 'LIMIT', '0', limit] })
      start = `[${from}`
    }
    for (const reply of await connection.sendAll(requests, { call, writes: false })) {
      if (reply instanceof StoreError) throw reply
      const found = (reply as readonly Wire[]).slice(0, reads - seen)
      members.push(...found.filter(isOf(scan)))
      seen += found.length
      last = found.at(-1) ?? last
    }
  }
  const position = (member: Wire): string => placeText(memberText(member))
  const fields = fieldsOf(scan, residual)
  const read = await rows(access, { entity: scan.entity, index: undefined, members, fields, position }, call)
  return { rows: read, reads: seen, ...(seen < reads || last === undefined ? {} : { next: position(last) }) }
}

function rangeOf({ entity }: ScanSpec): { readonly from: Wire; readonly to: Wire } {
  const { partitions } = keyRanges(entity)
  return { from: toBytes(partitions.from), to: toBytes(partitions.to) }
}

/**
 * The place that a position holds: any in the entity's partitions, as the last member read may be of another kind. A forged
 * one elsewhere would lead the scan to others.
 */
function startOf({ entity }: ScanSpec, position: string): KeyText {
  const place = placeIn(position)
  if (!isInside(place.partition, keyRanges(entity).partitions)) throw invalidCursor(`it points to no ${entity.name}`)
  return place
}

/** Entities that share the partition by name lie between those of this kind. */
function isOf({ entity }: ScanSpec): (member: Wire) => boolean {
  const { sorts } = keyRanges(entity)
  return (member) => isInside(memberText(member).sort, sorts)
}

function fieldsOf({ entity, select }: ScanSpec, residual: ScanPlan['residual']): ReadonlySet<string> | undefined {
  if (select === undefined) return undefined
  const fields = new Set(select)
  if (residual !== undefined) addFields(residual, fields)
  if (entity.ttl !== undefined) fields.add(entity.ttl)
  return fields
}
