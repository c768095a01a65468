import {
  CreateTableCommand,
  type TableDescription,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { type Call, type CheckProblem, type SetupReport, StoreError, sleep } from '@isomodel/core/driver'
import { describeExpiry, describeTable, foundExpiry, isExpiring } from './describe.js'
import { isCausedBy } from './errors.js'
import { PARTITION, SORT, TTL } from './names.js'
import { type LowLevelClient, sendOnce } from './send.js'
import {
  globalIndex,
  type IndexNeed,
  indexDefinition,
  keySchema,
  STREAM,
  streamProblem,
  type TableNeed,
  tableProblems,
} from './tables.js'

/** How often a table that is being made is looked at, ms. */
const LOOK_AGAIN = 500
/** How often a table that was created may not be seen. */
const MOST_UNSEEN = 20

/**
 * Creates the tables and adds the global indexes that are missing, one at a time as DynamoDB wants it, and waits until
 * they can be used. Never drops or changes what is there: what does not fit is an error, before anything is done to
 * that table.
 */
export async function setup(client: LowLevelClient, needs: readonly TableNeed[], call: Call): Promise<SetupReport> {
  const created: string[] = []
  for (const need of needs) {
    const found = await describeTable(client, need.table, call)
    if (found === undefined) created.push(...(await createTable(client, need, call)))
    created.push(...(await addIndexes(client, need, call)))
    created.push(...(await enableStream(client, need, call)))
    if (need.expires) created.push(...(await enableExpiry(client, need, call)))
  }
  return { created }
}

async function createTable(client: LowLevelClient, need: TableNeed, call: Call): Promise<readonly string[]> {
  const indexes = [...need.global, ...need.local]
  const attributes = new Set([PARTITION, SORT, ...indexes.flatMap(({ partition, sort }) => [partition, sort])])
  try {
    await sendOnce(
      client,
      new CreateTableCommand({
        TableName: need.table,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: keySchema(PARTITION, SORT),
        ...(need.streams ? { StreamSpecification: STREAM } : {}),
        AttributeDefinitions: Array.from(attributes, (name) => ({ AttributeName: name, AttributeType: 'S' })),
        ...(need.global.length === 0 ? {} : { GlobalSecondaryIndexes: need.global.map(indexDefinition) }),
        ...(need.local.length === 0 ? {} : { LocalSecondaryIndexes: need.local.map(indexDefinition) }),
      }),
      { command: 'CreateTable', tables: [need.table], writes: true },
      call,
    )
  } catch (error) {
    // Somebody else is creating it right now: what they make is looked at like any other table.
    if (isCausedBy(error, 'ResourceInUseException')) return []
    throw error
  }
  const names = indexes.map(({ name }) => name).join(', ')
  return [`table ${need.table}${names === '' ? '' : ` with indexes ${names}`}`]
}

async function addIndexes(client: LowLevelClient, need: TableNeed, call: Call): Promise<readonly string[]> {
  const created: string[] = []
  while (true) {
    const found = await untilActive(client, need.table, call)
    const names = new Set(found.GlobalSecondaryIndexes?.map(({ IndexName: name }) => name))
    const missing = need.global.filter(({ name }) => !names.has(name))
    const addable = new Set(missing.map(({ name }) => globalIndex(name, need.table)))
    const problems = tableProblems(need, found).filter(({ what }) => !addable.has(what))
    if (problems.length > 0) throw misfit(problems)
    const [next] = missing
    if (next === undefined) return created
    try {
      await addIndex(client, need.table, next, found, call)
      created.push(globalIndex(next.name, need.table))
    } catch (error) {
      // Somebody else is changing the table right now, perhaps adding the same index: look again when that is done.
      if (!isCausedBy(error, 'ResourceInUseException') && !isCausedBy(error, 'LimitExceededException')) throw error
      await sleep(LOOK_AGAIN, call.signal)
    }
  }
}

async function addIndex(
  client: LowLevelClient,
  table: string,
  index: IndexNeed,
  found: TableDescription,
  call: Call,
): Promise<void> {
  const { ReadCapacityUnits: read = 0, WriteCapacityUnits: write = 0 } = found.ProvisionedThroughput ?? {}
  const provisioned = found.BillingModeSummary?.BillingMode !== 'PAY_PER_REQUEST' && read > 0 && write > 0
  await sendOnce(
    client,
    new UpdateTableCommand({
      TableName: table,
      AttributeDefinitions: [
        ...(found.AttributeDefinitions ?? []).filter(
          ({ AttributeName: name }) => name !== index.partition && name !== index.sort,
        ),
        { AttributeName: index.partition, AttributeType: 'S' },
        { AttributeName: index.sort, AttributeType: 'S' },
      ],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            ...indexDefinition(index),
            ...(provisioned ? { ProvisionedThroughput: { ReadCapacityUnits: read, WriteCapacityUnits: write } } : {}),
          },
        },
      ],
    }),
    { command: 'UpdateTable', tables: [table], writes: true },
    call,
  )
}

async function untilActive(client: LowLevelClient, table: string, call: Call): Promise<TableDescription> {
  for (let unseen = 0; ; ) {
    const found = await describeTable(client, table, call)
    const indexes = found?.GlobalSecondaryIndexes ?? []
    if (found?.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus: status }) => status === 'ACTIVE')) return found
    // A table is not always seen at once by whoever has just created it.
    if (found === undefined && ++unseen === MOST_UNSEEN) {
      throw new StoreError(`Table ${table} was created and is gone again. Is something else deleting it?`, {
        code: 'MODEL_MISMATCH',
        store: 'DynamoDB',
      })
    }
    await sleep(LOOK_AGAIN, call.signal)
  }
}

async function enableStream(client: LowLevelClient, need: TableNeed, call: Call): Promise<readonly string[]> {
  const { table } = need
  while (true) {
    const found = await untilActive(client, table, call)
    const problem = streamProblem(need, found)
    if (problem === undefined) return []
    if (found.StreamSpecification?.StreamEnabled === true) throw misfit([problem])
    try {
      await sendOnce(
        client,
        new UpdateTableCommand({ TableName: table, StreamSpecification: STREAM }),
        { command: 'UpdateTable', tables: [table], writes: true },
        call,
      )
      await untilActive(client, table, call)
      return [`stream of table ${table}`]
    } catch (error) {
      // Somebody else is changing the table right now, perhaps the same: look again when that is done.
      if (!isCausedBy(error, 'ResourceInUseException') && !isCausedBy(error, 'LimitExceededException')) throw error
      await sleep(LOOK_AGAIN, call.signal)
    }
  }
}

async function enableExpiry(client: LowLevelClient, need: TableNeed, call: Call): Promise<readonly string[]> {
  const expiry = await describeExpiry(client, need.table, call)
  if (isExpiring(expiry)) return []
  if (expiry.AttributeName !== undefined && expiry.TimeToLiveStatus !== 'DISABLED') {
    throw misfit([
      {
        what: `time to live of table ${need.table}`,
        expected: `on attribute ${TTL}`,
        found: foundExpiry(expiry),
        remedy: `Turn it off there, or use another table: DynamoDB expires items by one attribute only.`,
      },
    ])
  }
  try {
    await sendOnce(
      client,
      new UpdateTimeToLiveCommand({
        TableName: need.table,
        TimeToLiveSpecification: { AttributeName: TTL, Enabled: true },
      }),
      { command: 'UpdateTimeToLive', tables: [need.table], writes: true },
      call,
    )
  } catch (error) {
    // Somebody else may have turned it on just now, which DynamoDB calls an error.
    if (isExpiring(await describeExpiry(client, need.table, call))) return []
    throw error
  }
  return [`time to live of table ${need.table} on attribute ${TTL}`]
}

function misfit(problems: readonly CheckProblem[]): StoreError {
  const lines = problems.map(
    ({ what, expected, found, remedy }) => `${what}: expected ${expected}, found ${found}. ${remedy}`,
  )
  return new StoreError(`What is there does not fit the model, so nothing was changed in it. ${lines.join(' ')}`, {
    code: 'MODEL_MISMATCH',
    store: 'DynamoDB',
  })
}
