import {
  afterCommit,
  type Call,
  type Explanation,
  isExpired,
  type Judgement,
  judge,
  keyText,
  liveOf,
  outcomeOf,
  readModifyWrite,
  type Stored,
  type WriteOp,
  type WriteOutcome,
} from '@isomodel/core/driver'
import type { Item } from './codec.js'
import { getItemInput, readItem } from './get.js'
import { type EntityLayout, toStored } from './layout.js'
import { fitsKey } from './limits.js'
import { PARTITION, SORT } from './names.js'
import type { LowLevelClient } from './send.js'
import { sendWrite, singleWrite } from './send-write.js'
import { swapRequest } from './swap.js'
import { writeUnits } from './units.js'
import { writeRequest } from './write-request.js'

/**
 * Does one write: natively in one request where DynamoDB can judge and apply it exactly, else by reading the entity and
 * replacing it under its token.
 */
export async function write(
  client: LowLevelClient,
  layout: EntityLayout,
  op: WriteOp,
  call: Call,
): Promise<WriteOutcome> {
  if (!canBeThere(layout, op)) return outcomeOf(op, judge(op, undefined))
  const request = writeRequest(layout, op)
  if (request.kind === 'needs-read') return replace(client, layout, op, call)
  const answer = await sendWrite(client, layout, request, call)
  if (answer.written) return doneWith(layout, op, answer.attributes)

  // The image is what the write was judged on: it says why. When it says the write was fine, DynamoDB was asked for more
  // than `judge` asks (an upsert of an expired entity, say), and the write goes on from the image.
  const current = answer.image === undefined ? undefined : toStored(layout, answer.image)
  const judgement: Judgement = judge(op, current)
  return judgement.status === 'refused' ? judgement : replace(client, layout, op, call, { current })
}

/**
 * Under a key that is longer than DynamoDB's keys there is nothing, and asking it would be an error; what would write
 * something there is refused when its item is made.
 */
function canBeThere(layout: EntityLayout, op: WriteOp): boolean {
  const { partition, sort } = keyText(layout.entity, op.key)
  return op.kind === 'put' || (op.kind === 'update' && op.orCreate !== undefined) || fitsKey(partition, sort)
}

/** What `write` would send. */
export function explainWrite(layout: EntityLayout, op: WriteOp): Explanation {
  if (!canBeThere(layout, op)) {
    return {
      request: undefined,
      roundTrips: 0,
      reason: 'The key is longer than DynamoDB can hold, so nothing is there.',
    }
  }
  const request = writeRequest(layout, op)
  if (request.kind === 'needs-read') {
    return {
      request: { command: 'GetItem', input: getItemInput(layout, op.key, 'strong') },
      roundTrips: 2,
      reason: `${request.reason}.`,
    }
  }
  const { command, input, creates } = request
  return {
    request: { command, input },
    roundTrips: creates === undefined ? 1 : 2,
    ...(command === 'PutItem' && input.Item !== undefined ? { estimate: writeUnits(layout, input.Item) } : {}),
    ...(creates === undefined ? {} : { reason: `One when the entity is there; creating it takes two: ${creates}.` }),
  }
}

/** Reads, judges and swaps until nobody is faster; the first read may be known. */
function replace(
  client: LowLevelClient,
  layout: EntityLayout,
  op: WriteOp,
  call: Call,
  seen?: { readonly current: Stored | undefined },
): Promise<WriteOutcome> {
  let known = seen
  return readModifyWrite(
    op,
    {
      async read() {
        const given = known
        known = undefined
        return given === undefined
          ? readItem(client, layout, op.key, { ...call, consistency: 'strong' })
          : given.current
      },
      async swap(expected, next) {
        const request = swapRequest(layout, {
          entity: op.entity,
          key: op.key,
          expected: expected ?? 'absent',
          next: next === undefined ? 'delete' : { values: next, token: op.token },
          inPlace: op.kind === 'update' && liveOf(op, expected) !== undefined,
        })
        const answer = await sendWrite(client, layout, singleWrite(request), call)
        if (answer.written) return true
        known = answer.image === undefined ? undefined : { current: toStored(layout, answer.image) }
        return false
      },
    },
    call,
  )
}

function doneWith(layout: EntityLayout, op: WriteOp, attributes: Item | undefined): WriteOutcome {
  if (op.kind === 'put' && op.returning === 'new')
    return { status: 'done', new: { values: op.values, token: op.token } }
  if (op.returning === 'none' || attributes === undefined) return { status: 'done' }
  if (op.kind === 'update' && isKeyAlone(attributes)) return { status: 'done' }
  const stored = afterCommit(() => toStored(layout, attributes))
  if (op.returning === 'new') return { status: 'done', new: stored }
  return isExpired(layout.entity, stored.values, op.now) ? { status: 'done' } : { status: 'done', old: stored }
}

/** Where an update made the item, AWS answers with no old one and dynoxide with its key; an entity is more than that. */
function isKeyAlone(attributes: Item): boolean {
  return Object.keys(attributes).every((name) => name === PARTITION || name === SORT)
}
