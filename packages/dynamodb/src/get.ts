import {
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  GetItemCommand,
  type GetItemCommandInput,
} from '@aws-sdk/client-dynamodb'
import {
  type Consistency,
  type Explanation,
  type GetRequest,
  keyText,
  type ReadCall,
  type Stored,
  type Values,
} from '@isomodel/core/driver'
import type { Item } from './codec.js'
import { isThrottled } from './errors.js'
import { type EntityLayout, itemIdentity, keyItem, toStored } from './layout.js'
import { fitsKey } from './limits.js'
import { type LowLevelClient, sendOnce } from './send.js'

type Found = Stored | undefined | 'throttled'

/** Reads by key, in the order asked: one key as GetItem, more as one BatchGetItem. */
export async function get(
  client: LowLevelClient,
  layoutOf: (request: GetRequest) => EntityLayout,
  requests: readonly GetRequest[],
  call: ReadCall,
): Promise<readonly Found[]> {
  const wanted = requests.map((request) => wantedOf(layoutOf(request), request.key))
  // A key that is longer than DynamoDB's keys can hold nothing, and asking for it is an error.
  const askable = wanted.filter((each) => each.askable)
  const [first] = askable
  if (first === undefined) return wanted.map(() => undefined)
  if (askable.length === 1) {
    const found = await readItem(client, first.layout, first.key, call)
    return wanted.map((each) => (each === first ? found : undefined))
  }
  return batchGet(client, wanted, askable, call)
}

/** Reads one item. */
export async function readItem(
  client: LowLevelClient,
  layout: EntityLayout,
  key: Values,
  call: ReadCall,
): Promise<Stored | undefined> {
  const { Item: item } = await sendOnce(
    client,
    new GetItemCommand(getItemInput(layout, key, call.consistency)),
    { command: 'GetItem', tables: [layout.table], writes: false },
    call,
  )
  return item === undefined ? undefined : toStored(layout, item)
}

/** What `get` of one key would send. */
export function explainGet(layout: EntityLayout, key: Values, consistency: Consistency): Explanation {
  if (!wantedOf(layout, key).askable) {
    return {
      request: undefined,
      roundTrips: 0,
      reason: 'The key is longer than DynamoDB can hold, so nothing is there.',
    }
  }
  return { request: { command: 'GetItem', input: getItemInput(layout, key, consistency) }, roundTrips: 1 }
}

export function getItemInput(layout: EntityLayout, key: Values, consistency: Consistency): GetItemCommandInput {
  return {
    TableName: layout.table,
    Key: keyItem(keyText(layout.entity, key)),
    ConsistentRead: consistency === 'strong',
    ReturnConsumedCapacity: 'TOTAL',
  }
}

interface Wanted {
  readonly layout: EntityLayout
  readonly key: Values
  readonly item: Item
  readonly askable: boolean
  readonly identity: string
}

function wantedOf(layout: EntityLayout, key: Values): Wanted {
  const text = keyText(layout.entity, key)
  const item = keyItem(text)
  return { layout, key, item, askable: fitsKey(text.partition, text.sort), identity: itemIdentity(layout.table, item) }
}

async function batchGet(
  client: LowLevelClient,
  wanted: readonly Wanted[],
  askable: readonly Wanted[],
  call: ReadCall,
): Promise<readonly Found[]> {
  const tables = Map.groupBy(askable, ({ layout }) => layout.table)
  const RequestItems: BatchGetItemCommandInput['RequestItems'] = Object.fromEntries(
    Array.from(tables, ([table, keys]) => [
      table,
      { Keys: keys.map(({ item }) => item), ConsistentRead: call.consistency === 'strong' },
    ]),
  )
  const found = new Map<string, Item | 'throttled'>()
  try {
    const output = await sendOnce(
      client,
      new BatchGetItemCommand({ RequestItems, ReturnConsumedCapacity: 'TOTAL' }),
      { command: 'BatchGetItem', tables: [...tables.keys()], writes: false },
      call,
    )
    for (const [table, items] of Object.entries(output.Responses ?? {})) {
      for (const item of items) found.set(itemIdentity(table, item), item)
    }
    for (const [table, { Keys: keys }] of Object.entries(output.UnprocessedKeys ?? {})) {
      for (const key of keys ?? []) found.set(itemIdentity(table, key), 'throttled')
    }
  } catch (error) {
    if (!isThrottled(error)) throw error
    return wanted.map((each) => (each.askable ? 'throttled' : undefined))
  }
  return wanted.map(({ layout, identity }) => {
    const item = found.get(identity)
    return item === undefined || item === 'throttled' ? item : toStored(layout, item)
  })
}
