import {
  type CancellationReason,
  TransactGetItemsCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb'
import { type Call, type GetRequest, keyText, type Stored, StoreError, type Swap } from '@isomodel/core/driver'
import type { Item } from './codec.js'
import { isCausedBy, toStoreError } from './errors.js'
import { type EntityLayout, keyItem, toStored } from './layout.js'
import { fitsKey } from './limits.js'
import { type LowLevelClient, sendOnce } from './send.js'
import { sendWrite, singleWrite } from './send-write.js'
import { type SwapRequest, type SwapWrite, swapRequest } from './swap.js'

/** Items of one TransactWriteItems or TransactGetItems; https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html */
export const TRANSACTION_ITEMS = 100

type LayoutOf = (request: GetRequest) => EntityLayout

/** Does all swaps or none: as one TransactWriteItems, or a single write without one, which costs half. */
export async function commit(
  client: LowLevelClient,
  layoutOf: LayoutOf,
  swaps: readonly Swap[],
  call: Call,
): Promise<'done' | 'stale'> {
  // Under a key that is longer than DynamoDB's keys there is nothing, and naming it would be an error.
  const sent = swaps.filter((swap) => typeof swap.next === 'object' || isNameable(swap))
  if (sent.length === 0) return 'done'
  const requests = sent.map((swap) => swapRequest(layoutOf(swap), swap))
  const [only] = requests
  if (only !== undefined && requests.length === 1 && only.command !== 'ConditionCheck') {
    return commitAlone(client, layoutOf(sent[0] as Swap), only, call)
  }
  const items = requests.map(itemOf)
  const concerned = { command: 'TransactWriteItems', tables: tablesOf(layoutOf, sent), writes: true }
  try {
    const command = new TransactWriteItemsCommand({ TransactItems: items, ReturnConsumedCapacity: 'TOTAL' })
    await sendOnce(client, command, concerned, call)
    return 'done'
  } catch (error) {
    const reasons = cancellationOf(error)
    if (reasons === undefined) throw error
    const other = reasons.find(({ Code: code }) => code !== undefined && code !== 'None' && !PASSING.has(code))
    if (other === undefined) return 'stale'
    // The reason of the item says more than the transaction's own error does.
    const reason = Object.assign(new Error(other.Message ?? ''), { name: nameOfReason(other), cause: error })
    throw toStoreError(reason, { ...concerned, left: true, signal: call.signal })
  }
}

async function commitAlone(
  client: LowLevelClient,
  layout: EntityLayout,
  request: SwapWrite,
  call: Call,
): Promise<'done' | 'stale'> {
  try {
    const { written } = await sendWrite(client, layout, singleWrite(request), call)
    return written ? 'done' : 'stale'
  } catch (error) {
    if (isCausedBy(error, 'TransactionConflictException')) return 'stale'
    throw error
  }
}

/** Reads all at one moment, as one TransactGetItems. */
export async function read(
  client: LowLevelClient,
  layoutOf: LayoutOf,
  requests: readonly GetRequest[],
  call: Call,
): Promise<readonly (Stored | undefined)[] | 'stale'> {
  const askable = requests.filter(isNameable)
  if (askable.length === 0) return requests.map(() => undefined)
  const found = new Map<GetRequest, Item | undefined>()
  try {
    const { Responses: responses = [] } = await sendOnce(
      client,
      new TransactGetItemsCommand({
        TransactItems: askable.map((request) => ({
          Get: { TableName: layoutOf(request).table, Key: keyItem(keyText(request.entity, request.key)) },
        })),
        ReturnConsumedCapacity: 'TOTAL',
      }),
      { command: 'TransactGetItems', tables: tablesOf(layoutOf, askable), writes: false },
      call,
    )
    for (const [at, request] of askable.entries()) found.set(request, responses[at]?.Item)
  } catch (error) {
    if (cancellationOf(error)?.some(({ Code: code }) => code === CONFLICT)) return 'stale'
    throw error
  }
  return requests.map((request) => {
    const item = found.get(request)
    return item === undefined ? undefined : toStored(layoutOf(request), item)
  })
}

function itemOf({ command, input }: SwapRequest): TransactWriteItem {
  switch (command) {
    case 'PutItem':
      return { Put: input }
    case 'UpdateItem':
      return { Update: input }
    case 'DeleteItem':
      return { Delete: input }
    case 'ConditionCheck':
      return { ConditionCheck: { ConditionExpression: undefined, ...input } }
  }
}

const CONFLICT = 'TransactionConflict'

/** What only says that somebody was faster. */
const PASSING: ReadonlySet<string> = new Set([CONFLICT, 'ConditionalCheckFailed'])

/** A reason's code as the error of a single request would be named. */
const NAMES: { readonly [code: string]: string } = {
  ItemCollectionSizeLimitExceeded: 'ItemCollectionSizeLimitExceededException',
  ProvisionedThroughputExceeded: 'ProvisionedThroughputExceededException',
  ThrottlingError: 'ThrottlingException',
  ValidationError: 'ValidationException',
}

function nameOfReason({ Code: code = '' }: CancellationReason): string {
  return NAMES[code] ?? code
}

function cancellationOf(error: unknown): readonly CancellationReason[] | undefined {
  if (!(error instanceof StoreError)) return undefined
  const { cause } = error
  if (!(cause instanceof Error) || cause.name !== 'TransactionCanceledException') return undefined
  return (cause as TransactionCanceledException).CancellationReasons ?? []
}

function isNameable({ entity, key }: GetRequest): boolean {
  const { partition, sort } = keyText(entity, key)
  return fitsKey(partition, sort)
}

function tablesOf(layoutOf: LayoutOf, requests: readonly GetRequest[]): readonly string[] {
  return [...new Set(requests.map((request) => layoutOf(request).table))]
}
