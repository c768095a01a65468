import {
  ALWAYS,
  isAlways,
  isNever,
  keyText,
  placeOf,
  placeText,
  type ReadCall,
  type Row,
  type Scanned,
  type ScanPlan,
  type ScanRequest,
  type ScanSpec,
  simplify,
  splitCondition,
} from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { allOf, type Filter } from './conditions.js'
import { decodeId, idOfText } from './id.js'
import { ID } from './names.js'
import { plainData } from './plain-data.js'
import { decided, projectionOf } from './planner.js'
import type { Server } from './server.js'

/** A walk along `_id`. Behind a filter, a look at the index first says how far so many documents reach. */
export function planScan(collection: EntityCollection, scan: ScanSpec): ScanPlan {
  const where = decided(collection, simplify(scan.where ?? ALWAYS)) ?? ALWAYS
  const none = isNever(where)
  const { pushed, residual } =
    none || isAlways(where)
      ? { pushed: undefined, residual: undefined }
      : splitCondition(where, (leaf) => collection.filters.leaf(leaf) !== undefined)
  const plan: ScanPlan = {
    scan,
    access: none ? 'none' : 'scan',
    pushed,
    residual,
    freshness: 'strong',
    roundTrips: none ? 0 : isFiltered(scan, pushed) ? 2 : 1,
    request: undefined,
  }
  if (none) return plan
  const within = { after: undefined, last: isFiltered(scan, pushed) ? '<last of the page>' : undefined }
  return { ...plan, request: plainData(command(collection, plan, within, '<now>')) }
}

export async function fetchScan(
  server: Server,
  collection: EntityCollection,
  plan: ScanPlan,
  { after: position, reads, now }: ScanRequest,
  call: ReadCall,
): Promise<Scanned> {
  const { entity } = collection
  const after = position === undefined ? undefined : idOfText(entity, placeOf(entity, position))
  const placeAt = (id: string): string => placeText(keyText(entity, decodeId(entity, id)))
  const filtered = isFiltered(plan.scan, plan.pushed)
  const last = filtered ? await lastOf(server, collection, after, reads, call) : undefined
  const find = command(collection, plan, { after, last }, new Date(now))
  // Up to a last document there is no other limit: what is inserted before it meanwhile must not cut off what was there.
  const most = filtered ? { batchSize: reads + 1 } : { limit: reads, batchSize: reads + 1 }
  const { documents, unfinished } = await server.find({ ...find, ...most }, call)
  const rows = documents.map(
    (document): Row => ({ stored: collection.codec.decode(document), position: () => placeAt(document[ID] as string) }),
  )
  const end = rows.at(-1)
  if (unfinished && end !== undefined) return { rows, reads, next: end.position() }
  if (filtered) return { rows, reads, ...(last === undefined ? {} : { next: placeAt(last) }) }
  return { rows, reads: rows.length, ...(end === undefined || rows.length < reads ? {} : { next: end.position() }) }
}

/** Whether the server may pass over documents: then their number does not say how far a page reaches. */
function isFiltered({ entity }: ScanSpec, pushed: ScanPlan['pushed']): boolean {
  return pushed !== undefined || entity.ttl !== undefined
}

/** The `_id` of the last of so many documents; undefined when there are fewer. */
async function lastOf(
  server: Server,
  { name }: EntityCollection,
  after: string | undefined,
  reads: number,
  call: ReadCall,
): Promise<string | undefined> {
  const { documents } = await server.find(
    {
      find: name,
      filter: after === undefined ? {} : { [ID]: { $gt: after } },
      sort: { [ID]: 1 },
      hint: { [ID]: 1 },
      projection: { [ID]: 1 },
      skip: reads - 1,
      limit: 1,
      singleBatch: true,
    },
    call,
  )
  return documents[0]?.[ID] as string | undefined
}

/** The documents of a page: behind a place, up to its last where that is known. */
function command(
  collection: EntityCollection,
  { scan, pushed }: ScanPlan,
  { after, last }: { readonly after: string | undefined; readonly last: string | undefined },
  moment: Bson,
): BsonObject {
  const { name, entity, filters } = collection
  const range = { ...(after === undefined ? {} : { $gt: after }), ...(last === undefined ? {} : { $lte: last }) }
  const within: Filter = Object.keys(range).length === 0 ? true : { [ID]: range }
  const whole = allOf([
    within,
    pushed === undefined ? true : (filters.compile(pushed) ?? true),
    collection.live(moment),
  ])
  const projection = projectionOf({ entity, index: undefined, select: scan.select })
  return {
    find: name,
    filter: typeof whole === 'boolean' ? {} : whole,
    sort: { [ID]: 1 },
    hint: { [ID]: 1 },
    ...(projection === undefined ? {} : { projection }),
  }
}
