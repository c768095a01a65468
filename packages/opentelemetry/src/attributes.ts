import type { CallEvent, Capacity } from '@isomodel/core'
import type { Attributes } from '@opentelemetry/api'

/** What a call is, in few words with few values: `get Order`, `query.page Order.byStatus`, `transact`. */
export function summaryOf({ operation, entity, index }: CallEvent): string {
  if (entity === undefined) return operation
  return index === undefined ? `${operation} ${entity}` : `${operation} ${entity}.${index}`
}

/** What is known when a call begins, so that samplers may go by it; also what its metrics are told apart by. */
export function whatCalls(event: CallEvent): Attributes {
  const { store, target, operation, entity, index } = event
  const attributes: Attributes = {
    'db.system.name': target?.system ?? store.toLowerCase(),
    'db.operation.name': operation,
    'db.query.summary': summaryOf(event),
  }
  if (target?.namespace !== undefined) attributes['db.namespace'] = target.namespace
  if (target?.collection !== undefined) attributes['db.collection.name'] = target.collection
  if (target?.address !== undefined) attributes['server.address'] = target.address
  if (target?.port !== undefined) attributes['server.port'] = target.port
  if (entity !== undefined) attributes['isomodel.entity'] = entity
  if (index !== undefined) attributes['isomodel.index'] = index
  return attributes
}

/** How a call ended. */
export function howEnded({ error }: CallEvent): Attributes {
  if (error === undefined) return {}
  const { code, vendorCode } = error
  return { 'error.type': code, ...(vendorCode === undefined ? {} : { 'db.response.status_code': vendorCode }) }
}

/** How a call ended, and what it took: for its span. */
export function takenBy(event: CallEvent): Attributes {
  const { items, rowsReturned, capacity, error } = event
  const attributes: Attributes = {
    ...howEnded(event),
    'isomodel.round_trips': event.roundTrips,
    'isomodel.retries': event.retries,
    'isomodel.rows_read': event.rowsRead,
  }
  // One operation is no batch, however it is asked for.
  if (items !== undefined && items !== 1) attributes['db.operation.batch.size'] = items
  if (rowsReturned !== undefined) attributes['db.response.returned_rows'] = rowsReturned
  if (error !== undefined) attributes['isomodel.outcome'] = error.outcome
  if (capacity?.read !== undefined) attributes['isomodel.capacity.read'] = capacity.read
  if (capacity?.write !== undefined) attributes['isomodel.capacity.write'] = capacity.write
  return { ...attributes, ...dynamodbOf(event) }
}

function dynamodbOf({ target, capacity }: CallEvent): Attributes {
  if (target?.system !== 'aws.dynamodb') return {}
  const { collection } = target
  return {
    ...(collection === undefined ? {} : { 'aws.dynamodb.table_names': [collection] }),
    ...(capacity === undefined ? {} : { 'aws.dynamodb.consumed_capacity': [consumed(collection, capacity)] }),
  }
}

/** DynamoDB's own form, with the sums over the call's requests. */
function consumed(table: string | undefined, { read = 0, write = 0 }: Capacity): string {
  return JSON.stringify({
    TableName: table,
    CapacityUnits: read + write,
    ReadCapacityUnits: read,
    WriteCapacityUnits: write,
  })
}
