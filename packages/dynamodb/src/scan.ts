import { ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb'
import {
  ALWAYS,
  type Consistency,
  invalidCursor,
  isNever,
  type KeyText,
  placeIn,
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
import { conditionExpression, isNative, spellOut } from './conditions.js'
import { Placeholders } from './expression.js'
import { allOf } from './guard.js'
import { type EntityLayout, keyItem, placeOf, toStored } from './layout.js'
import { fitsKey } from './limits.js'
import { ENTITY, PARTITION, SORT } from './names.js'
import { projectionOf, withinLimits } from './planner.js'
import { type LowLevelClient, sendOnce } from './send.js'

/** DynamoDB itself takes a million; so many may be under way at once. */
export const SCAN_SEGMENTS = 100

/** Plans a scan of the table: the items of other entities in it are read, and paid for, too. */
export function planScan(layout: EntityLayout, scan: ScanSpec): ScanPlan {
  const where = simplify(spellOut(simplify(scan.where ?? ALWAYS)))
  const split = splitCondition(where, (leaf) => isNative(layout, leaf))
  const { pushed, residual } = withinLimits(layout, split.pushed, split.residual)
  const none = [pushed, residual].some((part) => part !== undefined && isNever(part))
  const plan: ScanPlan = {
    scan,
    access: none ? 'none' : 'scan',
    pushed,
    residual,
    freshness: 'strong',
    roundTrips: none ? 0 : 1,
    request: undefined,
  }
  if (none) return plan
  const input = scanInput(layout, plan, { now: undefined, consistency: 'eventual' })
  return { ...plan, request: { command: 'Scan', input } }
}

export async function fetchScan(
  client: LowLevelClient,
  layout: EntityLayout,
  plan: ScanPlan,
  { segment, after, reads, now }: ScanRequest,
  call: ReadCall,
): Promise<Scanned> {
  const { segments } = plan.scan
  const output = await sendOnce(
    client,
    new ScanCommand({
      ...scanInput(layout, plan, { now, consistency: call.consistency }),
      ...(segments === 1 ? {} : { Segment: segment, TotalSegments: segments }),
      Limit: reads,
      ...(after === undefined ? {} : { ExclusiveStartKey: keyItem(startOf(after)) }),
    }),
    { command: 'Scan', tables: [layout.table], writes: false },
    call,
  )
  const rows = (output.Items ?? []).map(
    (item): Row => ({ stored: toStored(layout, item), position: () => placeText(placeOf(item)) }),
  )
  const { LastEvaluatedKey: reached, ScannedCount: seen = rows.length } = output
  return { rows, reads: seen, ...(reached === undefined ? {} : { next: placeText(placeOf(reached)) }) }
}

/** The place that a position holds: of any entity of the table, as the last item read may be of another kind. */
function startOf(position: string): KeyText {
  const place = placeIn(position)
  const { partition, sort } = place
  if (sort === '' || !position.isWellFormed() || !fitsKey(partition, sort)) {
    throw invalidCursor('it points to no place in the table')
  }
  return place
}

function scanInput(
  layout: EntityLayout,
  { scan: { entity, select }, pushed, residual }: ScanPlan,
  { now, consistency }: { readonly now: number | undefined; readonly consistency: Consistency },
): ScanCommandInput {
  const placeholders = new Placeholders()
  const filters = [`${placeholders.name(ENTITY)} = ${placeholders.value({ S: entity.name })}`]
  if (now !== undefined && layout.ttl !== undefined) {
    filters.push(`NOT ${placeholders.name(layout.ttl)} <= ${placeholders.value({ N: String(now) })}`)
  }
  if (pushed !== undefined) filters.push(conditionExpression(layout, pushed, placeholders))
  const projection = projectionOf(layout, PARTITION, { entity, select, count: false }, residual)
  return {
    TableName: layout.table,
    FilterExpression: allOf(filters),
    ...(projection === undefined
      ? {}
      : { ProjectionExpression: [...projection, SORT].map((attribute) => placeholders.name(attribute)).join(', ') }),
    ...placeholders.attributes(),
    ConsistentRead: consistency === 'strong',
    ReturnConsumedCapacity: 'TOTAL',
  }
}
