import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { AnyEntity, Entities, EntityChange } from '@isomodel/core'
import { changePresenter, StoreError } from '@isomodel/core/driver'
import { layouts } from './layout.js'
import { changeOf } from './records.js'

/** What AWS Lambda gives a function that is fed by a table's stream, as far as it matters here. */
export interface LambdaStreamEvent {
  readonly Records: readonly LambdaRecord[]
}

export interface LambdaRecord {
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | undefined
  readonly dynamodb?:
    | {
        /** Seconds since the epoch. */
        readonly ApproximateCreationDateTime?: number | undefined
        readonly SequenceNumber?: string | undefined
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

/**
 * The changes in an event of a table's stream, as `db.changes` would give them; what is of no entity named is left out.
 *
 * ```ts
 * export async function handler(event: LambdaStreamEvent): Promise<void> {
 *   for (const change of changesOf({ Order }, event)) if (change.kind === 'insert') await mail(change.new)
 * }
 * ```
 *
 * @throws StoreError `VALIDATION` for what is no such event, `CORRUPT` with the key for what this version did not write.
 */
export function changesOf<Es extends Entities>(entities: Es, event: LambdaStreamEvent): readonly LambdaChange<Es>[] {
  if (!Array.isArray(event?.Records)) {
    throw new StoreError(
      'changesOf takes the event of a Lambda function that is fed by a DynamoDB stream: it has Records.',
      { code: 'VALIDATION', store: 'DynamoDB' },
    )
  }
  const known = layouts({ entities: Object.values<AnyEntity>(entities).map(({ model }) => model) }, () => 'a stream')
  const present = changePresenter(entities)
  return event.Records.flatMap(({ userIdentity, dynamodb }: LambdaRecord) => {
    const seconds = dynamodb?.ApproximateCreationDateTime
    const change = changeOf(known, {
      userIdentity: { Type: userIdentity?.type, PrincipalId: userIdentity?.principalId },
      dynamodb: {
        ApproximateCreationDateTime: seconds === undefined ? undefined : new Date(seconds * 1_000),
        OldImage: itemOf(dynamodb?.OldImage),
        NewImage: itemOf(dynamodb?.NewImage),
      },
    })
    if (change === undefined) return []
    return present(change).map((each) => ({ ...each, sequenceNumber: dynamodb?.SequenceNumber }) as LambdaChange<Es>)
  })
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
