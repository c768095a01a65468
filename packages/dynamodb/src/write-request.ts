import type { DeleteItemCommandInput, PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb'
import { type DeleteOp, keyText, type PutOp, type UpdateOp, type WriteOp } from '@isomodel/core/driver'
import { fitsExpression, Placeholders } from './expression.js'
import { anyOf, demandsOf, isAbsent, isNothing, isPresent, needsPresent } from './guard.js'
import { type EntityLayout, keyOf, toItem } from './layout.js'
import { checkKey } from './limits.js'
import { draft, writeUpdate } from './update.js'
import { writeCreation } from './upsert.js'

/** A request that does a whole write, or why there is none. */
export type WriteRequest = NativeWrite | { readonly kind: 'needs-read'; readonly reason: string }

export type NativeWrite = SingleWrite & {
  readonly kind: 'native'
  /** Why it takes a second request after all when the entity has to be created. */
  readonly creates?: string
}

/** One conditional write of one item, as DynamoDB takes it. */
export type SingleWrite =
  | { readonly command: 'PutItem'; readonly input: PutItemCommandInput }
  | { readonly command: 'UpdateItem'; readonly input: UpdateItemCommandInput }
  | { readonly command: 'DeleteItem'; readonly input: DeleteItemCommandInput }

/**
 * The request of a write, judged and applied by DynamoDB itself exactly as `judge` says.
 *
 * @throws StoreError `LIMIT_EXCEEDED` for what DynamoDB cannot hold.
 */
export function writeRequest(layout: EntityLayout, op: WriteOp): WriteRequest {
  checkKey(layout.entity, keyText(layout.entity, op.key))
  switch (op.kind) {
    case 'put':
      return putRequest(layout, op)
    case 'delete':
      return deleteRequest(layout, op)
    case 'update':
      return updateRequest(layout, op)
  }
}

function putRequest(layout: EntityLayout, op: PutOp): WriteRequest {
  const placeholders = new Placeholders()
  const condition = wholeCondition(layout, op, placeholders)
  if ('reason' in condition) return needsRead(condition.reason)
  return native({
    command: 'PutItem',
    input: {
      TableName: layout.table,
      Item: toItem(layout, op.values, op.token),
      ...conditionOf(condition.expression),
      ...placeholders.attributes(),
      ...(op.returning === 'old' ? { ReturnValues: 'ALL_OLD' } : {}),
      ReturnConsumedCapacity: 'TOTAL',
    },
  })
}

function deleteRequest(layout: EntityLayout, op: DeleteOp): WriteRequest {
  const placeholders = new Placeholders()
  const condition = wholeCondition(layout, op, placeholders)
  if ('reason' in condition) return needsRead(condition.reason)
  return native({
    command: 'DeleteItem',
    input: {
      TableName: layout.table,
      Key: keyOf(layout, op.key),
      ...conditionOf(condition.expression),
      ...placeholders.attributes(),
      ...(op.returning === 'old' ? { ReturnValues: 'ALL_OLD' } : {}),
      ReturnConsumedCapacity: 'TOTAL',
    },
  })
}

function updateRequest(layout: EntityLayout, op: UpdateOp): WriteRequest {
  if (op.orCreate === undefined || needsPresent(op.guard)) return presentUpdate(layout, op)
  const both = creatingUpdate(layout, op, op.orCreate)
  if (both.kind === 'native') return both
  const present = presentUpdate(layout, op)
  return present.kind === 'native' ? { ...present, creates: both.reason } : present
}

/** The update of an entity that is there. */
function presentUpdate(layout: EntityLayout, op: UpdateOp): WriteRequest {
  const placeholders = new Placeholders()
  const update = draft(layout, op, placeholders)
  const reason = writeUpdate(update)
  if (reason !== undefined) return needsRead(reason)
  const guard = demandsOf(layout, op, placeholders)
  if ('reason' in guard) return needsRead(guard.reason)
  const condition = isPresent(layout, op, [...guard.demands, ...update.demands], placeholders)
  return updateItem(layout, op, update.clauses.expression(), condition, placeholders)
}

/** The update that also creates the entity where there is no item; not where an expired one still lies. */
function creatingUpdate(
  layout: EntityLayout,
  op: UpdateOp,
  orCreate: NonNullable<UpdateOp['orCreate']>,
): Exclude<WriteRequest, { readonly creates: string }> {
  const placeholders = new Placeholders()
  const update = draft(layout, op, placeholders)
  const reason = writeUpdate(update) ?? writeCreation(update, orCreate)
  if (reason !== undefined) return needsRead(reason)
  const guard = demandsOf(layout, op, placeholders)
  if ('reason' in guard) return needsRead(guard.reason)
  const present = isPresent(layout, op, [...guard.demands, ...update.demands], placeholders)
  return updateItem(layout, op, update.clauses.expression(), anyOf([isNothing(placeholders), present]), placeholders)
}

function updateItem(
  layout: EntityLayout,
  op: UpdateOp,
  update: string,
  condition: string,
  placeholders: Placeholders,
): WriteRequest {
  if (!fitsExpression(update)) return needsRead('the changes are more than fit into one update expression of DynamoDB')
  return native({
    command: 'UpdateItem',
    input: {
      TableName: layout.table,
      Key: keyOf(layout, op.key),
      UpdateExpression: update,
      ...conditionOf(condition),
      ...placeholders.attributes(),
      ...(op.returning === 'none' ? {} : { ReturnValues: op.returning === 'old' ? 'ALL_OLD' : 'ALL_NEW' }),
      ReturnConsumedCapacity: 'TOTAL',
    },
  })
}

/** The condition of a write of the whole entity. */
function wholeCondition(
  layout: EntityLayout,
  op: PutOp | DeleteOp,
  placeholders: Placeholders,
): { readonly expression: string | undefined } | { readonly reason: string } {
  if (op.guard.exists === 'absent') return { expression: isAbsent(layout, op, placeholders) }
  const guard = demandsOf(layout, op, placeholders)
  if ('reason' in guard) return guard
  if (needsPresent(op.guard)) return { expression: isPresent(layout, op, guard.demands, placeholders) }
  if (op.guard.condition === undefined) return { expression: undefined }
  // What must hold of an entity that is there does not matter where there is none.
  return { expression: anyOf([isAbsent(layout, op, placeholders), isPresent(layout, op, guard.demands, placeholders)]) }
}

function conditionOf(
  expression: string | undefined,
): Pick<PutItemCommandInput, 'ConditionExpression' | 'ReturnValuesOnConditionCheckFailure'> {
  return expression === undefined
    ? {}
    : { ConditionExpression: expression, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }
}

function native(write: SingleWrite): WriteRequest {
  const condition = write.input.ConditionExpression
  if (condition !== undefined && !fitsExpression(condition)) {
    return needsRead('the condition is more than fits into one expression of DynamoDB')
  }
  return { kind: 'native', ...write }
}

function needsRead(reason: string): { readonly kind: 'needs-read'; readonly reason: string } {
  return { kind: 'needs-read', reason }
}
