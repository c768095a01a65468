import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type TableDescription,
  type TimeToLiveDescription,
} from '@aws-sdk/client-dynamodb'
import type { Call, CheckProblem, CheckReport } from '@isomodel/core/driver'
import { isCausedBy } from './errors.js'
import { TTL } from './names.js'
import { type LowLevelClient, sendOnce } from './send.js'
import { disabledExpiry, missingTable, streamProblem, type TableNeed, tableProblems } from './tables.js'

/** A table as DynamoDB describes it; undefined when there is none. */
export async function describeTable(
  client: LowLevelClient,
  table: string,
  call: Call,
): Promise<TableDescription | undefined> {
  try {
    const output = await sendOnce(
      client,
      new DescribeTableCommand({ TableName: table }),
      { command: 'DescribeTable', tables: [table], writes: false },
      call,
    )
    return output.Table
  } catch (error) {
    if (isCausedBy(error, 'ResourceNotFoundException')) return undefined
    throw error
  }
}

export async function describeExpiry(
  client: LowLevelClient,
  table: string,
  call: Call,
): Promise<TimeToLiveDescription> {
  const output = await sendOnce(
    client,
    new DescribeTimeToLiveCommand({ TableName: table }),
    { command: 'DescribeTimeToLive', tables: [table], writes: false },
    call,
  )
  return output.TimeToLiveDescription ?? {}
}

/** Whether expired items are removed by the attribute that the library writes. */
export function isExpiring({ TimeToLiveStatus: status, AttributeName: attribute }: TimeToLiveDescription): boolean {
  return (status === 'ENABLED' || status === 'ENABLING') && attribute === TTL
}

/** Compares the tables with what the model needs, and changes nothing. */
export async function check(client: LowLevelClient, needs: readonly TableNeed[], call: Call): Promise<CheckReport> {
  const problems: CheckProblem[] = []
  for (const need of needs) {
    const found = await describeTable(client, need.table, call)
    if (found === undefined) {
      problems.push(missingTable(need))
      continue
    }
    problems.push(...tableProblems(need, found))
    const stream = streamProblem(need, found)
    if (stream !== undefined) problems.push(stream)
    if (!need.expires) continue
    const expiry = await describeExpiry(client, need.table, call)
    if (!isExpiring(expiry)) problems.push(disabledExpiry(need, foundExpiry(expiry)))
  }
  return { ok: problems.length === 0, problems }
}

export function foundExpiry({ TimeToLiveStatus: status, AttributeName: attribute }: TimeToLiveDescription): string {
  return `${status ?? 'DISABLED'}${attribute === undefined ? '' : ` on attribute ${attribute}`}`
}
