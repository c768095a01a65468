import {
  equalValues,
  getOwn,
  isExpired,
  type Stored,
  type Value,
  type Values,
  type WriteOp,
} from '@isomodel/core/driver'
import { Clauses } from './clauses.js'
import { fitsExpression, Placeholders } from './expression.js'
import { isNothing, tokenIs } from './guard.js'
import { type EntityLayout, keyOf, toItem } from './layout.js'
import { attributeOf, TOKEN, TTL } from './names.js'
import type { SingleWrite } from './write.js'

/**
 * The request that replaces what was read by what was made of it, only if it is still what was read. An update writes
 * the attributes that differ and no others, so that what a newer version of the model keeps beside them stays.
 *
 * @throws StoreError `LIMIT_EXCEEDED` for what DynamoDB cannot hold.
 */
export function swapRequest(
  layout: EntityLayout,
  op: WriteOp,
  expected: Stored | undefined,
  next: Values | undefined,
): SingleWrite {
  if (
    next !== undefined &&
    expected !== undefined &&
    op.kind === 'update' &&
    !isExpired(layout.entity, expected.values, op.now)
  ) {
    const difference = differenceRequest(layout, op, expected, next)
    if (difference !== undefined) return difference
  }
  const placeholders = new Placeholders()
  const condition = {
    ConditionExpression: expected === undefined ? isNothing(placeholders) : tokenIs(expected.token, placeholders),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    ...placeholders.attributes(),
    ReturnConsumedCapacity: 'TOTAL',
  } as const
  if (next === undefined) {
    return { command: 'DeleteItem', input: { TableName: layout.table, Key: keyOf(layout, op.key), ...condition } }
  }
  return { command: 'PutItem', input: { TableName: layout.table, Item: toItem(layout, next, op.token), ...condition } }
}

/** undefined when the difference is more than fits into one expression. */
function differenceRequest(layout: EntityLayout, op: WriteOp, expected: Stored, next: Values): SingleWrite | undefined {
  const placeholders = new Placeholders()
  const clauses = new Clauses()
  const item = toItem(layout, next, op.token)
  for (const attribute of changedAttributes(layout, expected.values, next)) {
    const at = placeholders.name(attribute)
    const value = item[attribute]
    if (value === undefined) clauses.remove(at)
    else clauses.set(at, placeholders.value(value))
  }
  const update = clauses.expression()
  if (!fitsExpression(update)) return undefined
  return {
    command: 'UpdateItem',
    input: {
      TableName: layout.table,
      Key: keyOf(layout, op.key),
      UpdateExpression: update,
      ConditionExpression: tokenIs(expected.token, placeholders),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ...placeholders.attributes(),
      ReturnConsumedCapacity: 'TOTAL',
    },
  }
}

/** The fields that differ, the token, and the index keys and expiry that are made of such fields. */
function changedAttributes({ entity, indexes }: EntityLayout, old: Values, next: Values): readonly string[] {
  const fields = new Set<string>()
  for (const field of new Set([...Object.keys(old), ...Object.keys(next)])) {
    if (!isSame(getOwn(old, field), getOwn(next, field))) fields.add(field)
  }
  const attributes = [TOKEN, ...Array.from(fields, attributeOf)]
  for (const { index, partition, sort } of indexes) {
    if (![...index.partition, ...index.sort].some((field) => fields.has(field.name))) continue
    if (index.scope === 'global') attributes.push(partition)
    attributes.push(sort)
  }
  if (entity.ttl !== undefined && fields.has(entity.ttl)) attributes.push(TTL)
  return attributes
}

function isSame(a: Value | undefined, b: Value | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalValues(a, b)
}
