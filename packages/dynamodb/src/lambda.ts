import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { AnyEntity, Entities, EntityChange } from '@isomodel/core'
import { changePresenter, StoreError } from '@isomodel/core/driver'
import { layouts } from './layout.js'
import { type ChangeRecord, changeOf } from './records.js'

/** What AWS Lambda gives a function that is fed by a table's stream, as far as it matters here. */
export interface LambdaStreamEvent {
  readonly Records: readonly LambdaRecord[]
}

export interface LambdaRecord {
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE' | undefined
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | undefined
  readonly dynamodb?:
    | {
        /** Seconds since the epoch. */
        readonly ApproximateCreationDateTime?: number | undefined
        readonly SequenceNumber?: string | undefined
        readonly StreamViewType?: string | undefined
        readonly OldImage?: LambdaItem | undefined
        readonly NewImage?: LambdaItem | undefined
      }
    | undefined
}

type LambdaItem = { readonly [attribute: string]: LambdaValue }

/** An attribute's value in JSON: bytes are base64. */
export interface LambdaValue {
  readonly S?: string | undefined
  readonly N?: string | undefined
  readonly B?: string | undefined
  readonly BOOL?: boolean | undefined
  readonly NULL?: boolean | undefined
  readonly SS?: readonly string[] | undefined
  readonly NS?: readonly string[] | undefined
  readonly BS?: readonly string[] | undefined
  readonly L?: readonly LambdaValue[] | undefined
  readonly M?: LambdaItem | undefined
}

/** A change, and the number by which Lambda is told that it failed (`batchItemFailures`). */
export type LambdaChange<Es extends Entities> = EntityChange<Es, keyof Es & string> & {
  readonly sequenceNumber: string | undefined
}

export interface ChangesOfOptions {
  /** Takes what cannot be read, instead of `CORRUPT` for the whole event, and the number of its record. */
  readonly unreadable?: (error: StoreError, sequenceNumber: string | undefined) => void
}

/**
 * The changes in an event of a table's stream, as `db.changes` would give them; what is of no entity named is left out.
 *
 * ```ts
 * export async function handler(event: LambdaStreamEvent): Promise<void> {
 *   for (const change of changesOf({ Order }, event)) if (change.kind === 'insert') await mail(change.new)
 * }
 * ```
 *
 * @throws StoreError `VALIDATION` for what is no such event, `MODEL_MISMATCH` for an entity without `changes: true` and for a
 * stream that does not hold what writes found and left, `CORRUPT` with the key for what this version did not write.
 */
export function changesOf<Es extends Entities>(
  entities: Es,
  event: LambdaStreamEvent,
  { unreadable }: ChangesOfOptions = {},
): readonly LambdaChange<Es>[] {
  const records: unknown = event?.Records
  if (!Array.isArray(records) || !records.every((record) => typeof record === 'object' && record !== null)) {
    throw new StoreError(
      'changesOf takes the event of a Lambda function that is fed by a DynamoDB stream: it has Records, each an object.',
      { code: 'VALIDATION', store: 'DynamoDB' },
    )
  }
  const models = Object.values<AnyEntity>(entities).map(({ model }) => model)
  const without = models.find(({ changes }) => !changes)
  if (without !== undefined) throw mismatch(`${without.name} is in no change feed: declare changes: true on it`)
  const known = layouts({ entities: models }, () => 'a stream')
  const present = changePresenter(entities)
  const shown = (record: LambdaRecord): readonly LambdaChange<Es>[] => {
    checkImages(record)
    const change = changeOf(known, recordOf(record))
    if (change === undefined) return []
    return present(change).map((each) => ({ ...each, sequenceNumber: sequenceOf(record) }) as LambdaChange<Es>)
  }
  return event.Records.flatMap((record) => {
    try {
      return shown(record)
    } catch (error) {
      if (unreadable === undefined || !(error instanceof StoreError) || error.code !== 'CORRUPT') throw error
      unreadable(error, sequenceOf(record))
      return []
    }
  })
}

function sequenceOf({ dynamodb }: LambdaRecord): string | undefined {
  return dynamodb?.SequenceNumber
}

/** As the client for streams would give it. */
function recordOf({ userIdentity, dynamodb }: LambdaRecord): ChangeRecord {
  const seconds = dynamodb?.ApproximateCreationDateTime
  return {
    userIdentity: { Type: userIdentity?.type, PrincipalId: userIdentity?.principalId },
    dynamodb: {
      ApproximateCreationDateTime: seconds === undefined ? undefined : new Date(seconds * 1_000),
      OldImage: itemOf(dynamodb?.OldImage),
      NewImage: itemOf(dynamodb?.NewImage),
    },
  }
}

/** A record that lacks what its write found would be taken for an insert. */
function checkImages({ eventName, dynamodb }: LambdaRecord): void {
  const { StreamViewType: view, OldImage: old, NewImage: left } = dynamodb ?? {}
  const isWhole = eventName !== 'MODIFY' || (old !== undefined && left !== undefined)
  if ((view === undefined || view === 'NEW_AND_OLD_IMAGES') && isWhole) return
  throw mismatch(
    `the stream holds ${view ?? 'less than what writes found and left'}, and changes need NEW_AND_OLD_IMAGES; await db.setup() makes such a stream where a table has none`,
  )
}

function mismatch(problem: string): StoreError {
  return new StoreError(`changesOf: ${problem}.`, { code: 'MODEL_MISMATCH', store: 'DynamoDB' })
}

function itemOf(item: LambdaItem | undefined): Record<string, AttributeValue> | undefined {
  return item && Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeIn(value)]))
}

/** The value as the client would give it. */
function attributeIn(value: LambdaValue): AttributeValue {
  if (value.B !== undefined) return { B: bytesOf(value.B) }
  if (value.BS !== undefined) return { BS: value.BS.map(bytesOf) }
  if (value.L !== undefined) return { L: value.L.map(attributeIn) }
  if (value.M !== undefined) return { M: itemOf(value.M) ?? {} }
  return value as AttributeValue
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
