import type { Put, Update } from '@aws-sdk/client-dynamodb'
import { changedFields, type Stored, type Swap, type Values } from '@isomodel/core/driver'
import { Clauses } from './clauses.js'
import { fitsExpression, Placeholders } from './expression.js'
import { isNothing, tokenIs } from './guard.js'
import { attributeOf, type EntityLayout, keyOf, toItem } from './layout.js'
import { TOKEN, TTL } from './names.js'

/** A swap as one request or as one item of a transaction: both take the same. */
export type SwapRequest = SwapWrite | { readonly command: 'ConditionCheck'; readonly input: Keyed }

/** One that writes, so that it can go without a transaction. */
export type SwapWrite =
  | { readonly command: 'PutItem'; readonly input: Put }
  | { readonly command: 'UpdateItem'; readonly input: Update & { readonly UpdateExpression: string } }
  | { readonly command: 'DeleteItem'; readonly input: Keyed }

type Keyed = Pick<
  Update,
  'TableName' | 'Key' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>

/**
 * What makes of an entity what the swap says, only if it is what the swap expects. In place it writes the attributes that
 * differ and no others, so that what a newer version of the model keeps beside them stays.
 *
 * @throws StoreError `LIMIT_EXCEEDED` for what DynamoDB cannot hold.
 */
export function swapRequest(layout: EntityLayout, swap: Swap & { readonly next: Stored | 'delete' }): SwapWrite
export function swapRequest(layout: EntityLayout, swap: Swap): SwapRequest
export function swapRequest(layout: EntityLayout, swap: Swap): SwapRequest {
  const difference = differenceRequest(layout, swap)
  if (difference !== undefined) return difference
  const { next } = swap
  const placeholders = new Placeholders()
  const condition = expectation(swap, placeholders)
  if (next === 'keep' || next === 'delete') {
    return {
      command: next === 'keep' ? 'ConditionCheck' : 'DeleteItem',
      input: { TableName: layout.table, Key: keyOf(layout, swap.key), ...condition },
    }
  }
  return {
    command: 'PutItem',
    input: { TableName: layout.table, Item: toItem(layout, next.values, next.token), ...condition },
  }
}

function expectation({ expected }: Swap, placeholders: Placeholders): Omit<Keyed, 'TableName' | 'Key'> {
  if (expected === 'any') return {}
  return {
    ConditionExpression: expected === 'absent' ? isNothing(placeholders) : tokenIs(expected.token, placeholders),
    ...placeholders.attributes(),
  }
}

/** undefined when it is no change in place, or the difference is more than fits into one expression. */
function differenceRequest(
  layout: EntityLayout,
  { key, expected, next, inPlace }: Swap,
): Extract<SwapRequest, { command: 'UpdateItem' }> | undefined {
  if (!inPlace || typeof expected === 'string' || typeof next === 'string') return undefined
  const placeholders = new Placeholders()
  const clauses = new Clauses()
  const item = toItem(layout, next.values, next.token)
  for (const attribute of changedAttributes(layout, expected.values, next.values)) {
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
      Key: keyOf(layout, key),
      UpdateExpression: update,
      ConditionExpression: tokenIs(expected.token, placeholders),
      ...placeholders.attributes(),
    },
  }
}

/** The fields that differ, the token, and the index keys and expiry that are made of such fields. */
function changedAttributes(layout: EntityLayout, old: Values, next: Values): readonly string[] {
  const { entity, indexes } = layout
  const fields = changedFields(old, next)
  const attributes = [TOKEN, ...Array.from(fields, (field) => attributeOf(layout, field))]
  for (const { index, partition, sort } of indexes) {
    if (![...index.partition, ...index.sort].some((field) => fields.has(field.name))) continue
    if (index.scope === 'global') attributes.push(partition)
    attributes.push(sort)
  }
  if (entity.ttl !== undefined && fields.has(entity.ttl)) attributes.push(TTL)
  return attributes
}
