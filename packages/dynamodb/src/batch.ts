import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb'
import { type BatchOp, type BatchOutcome, type Call, keyText } from '@isomodel/core/driver'
import { isThrottled } from './errors.js'
import { type EntityLayout, itemIdentity, keyItem, toItem } from './layout.js'
import { fitsKey } from './limits.js'
import { type LowLevelClient, sendOnce } from './send.js'

/** Puts and deletes in one BatchWriteItem; what DynamoDB cannot hold fails by itself and is not sent. */
export async function writeBatch(
  client: LowLevelClient,
  layoutOf: (op: BatchOp) => EntityLayout,
  ops: readonly BatchOp[],
  call: Call,
): Promise<readonly BatchOutcome[]> {
  const jobs = ops.map((op) => jobOf(layoutOf(op), op))
  const sendable = jobs.filter((job) => 'request' in job)
  if (sendable.length === 0) return jobs.map((job) => ('request' in job ? DONE : job))

  const tables = Map.groupBy(sendable, ({ table }) => table)
  let left: ReadonlySet<string>
  try {
    const output = await sendOnce(
      client,
      new BatchWriteItemCommand({
        RequestItems: Object.fromEntries(
          Array.from(tables, ([table, each]) => [table, each.map(({ request }) => request)]),
        ),
        ReturnConsumedCapacity: 'TOTAL',
      }),
      { command: 'BatchWriteItem', tables: [...tables.keys()], writes: true },
      call,
    )
    left = new Set(
      Object.entries(output.UnprocessedItems ?? {}).flatMap(([table, requests]) =>
        requests.map((request) => itemIdentity(table, request.PutRequest?.Item ?? request.DeleteRequest?.Key ?? {})),
      ),
    )
  } catch (error) {
    if (!isThrottled(error)) throw error
    left = new Set(sendable.map(({ identity }) => identity))
  }
  return jobs.map((job) => ('request' in job ? (left.has(job.identity) ? THROTTLED : DONE) : job))
}

const DONE: BatchOutcome = { status: 'done' }
const THROTTLED: BatchOutcome = { status: 'throttled' }

interface Job {
  readonly table: string
  readonly request: WriteRequest
  readonly identity: string
}

function jobOf(layout: EntityLayout, op: BatchOp): Job | BatchOutcome {
  const { entity, table } = layout
  try {
    const text = keyText(entity, op.key)
    const key = keyItem(text)
    if (op.kind === 'put') {
      const request = { PutRequest: { Item: toItem(layout, op.values, op.token) } }
      return { table, request, identity: itemIdentity(table, key) }
    }
    // Nothing can be under a longer key, and naming it would fail the whole batch.
    if (!fitsKey(text.partition, text.sort)) return DONE
    return { table, request: { DeleteRequest: { Key: key } }, identity: itemIdentity(table, key) }
  } catch (error) {
    return { status: 'failed', error }
  }
}
