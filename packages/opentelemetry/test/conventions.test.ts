import type { CallEvent } from '@isomodel/core'
import * as conventions from '@opentelemetry/semantic-conventions/incubating'
import { expect, it } from 'vitest'
import { takenBy, whatCalls } from '../src/attributes.js'

const event: CallEvent = {
  store: 'DynamoDB',
  target: { system: 'aws.dynamodb', namespace: 'n', collection: 'shop', address: 'localhost', port: 8000 },
  entity: 'Order',
  operation: 'putMany',
  index: 'byStatus',
  items: 3,
  milliseconds: 12,
  roundTrips: 2,
  retries: 1,
  bytesSent: 1,
  bytesReceived: 2,
  rowsRead: 4,
  rowsReturned: 3,
  capacity: { read: 1.5, write: 3 },
  error: {
    name: 'BatchError',
    code: 'THROTTLED',
    outcome: 'unknown',
    retryable: true,
    vendorCode: 'ThrottlingException',
  },
}

it('every attribute that is not our own is one of the semantic conventions', () => {
  const known = new Set<unknown>(
    Object.entries(conventions).flatMap(([name, key]) => (/^ATTR_/.test(name) ? [key] : [])),
  )
  const used = Object.keys({ ...whatCalls(event), ...takenBy(event) })
  expect(used.filter((name) => !name.startsWith('isomodel.') && !known.has(name))).toEqual([])
  expect(used).toEqual(
    expect.arrayContaining([
      conventions.ATTR_DB_SYSTEM_NAME,
      conventions.ATTR_DB_NAMESPACE,
      conventions.ATTR_DB_COLLECTION_NAME,
      conventions.ATTR_DB_OPERATION_NAME,
      conventions.ATTR_DB_OPERATION_BATCH_SIZE,
      conventions.ATTR_DB_RESPONSE_STATUS_CODE,
      conventions.ATTR_ERROR_TYPE,
      conventions.ATTR_SERVER_ADDRESS,
      conventions.ATTR_SERVER_PORT,
      conventions.ATTR_AWS_DYNAMODB_TABLE_NAMES,
      conventions.ATTR_AWS_DYNAMODB_CONSUMED_CAPACITY,
    ]),
  )
})

it("the store's name, and the metrics' names, are the conventions' too", () => {
  expect(whatCalls(event)['db.system.name']).toBe(conventions.DB_SYSTEM_NAME_VALUE_AWS_DYNAMODB)
  expect(conventions.METRIC_DB_CLIENT_OPERATION_DURATION).toBe('db.client.operation.duration')
  expect(conventions.METRIC_DB_CLIENT_RESPONSE_RETURNED_ROWS).toBe('db.client.response.returned_rows')
})

it('consumed capacity has the form of DynamoDB, summed over the call', () => {
  expect(takenBy(event)['aws.dynamodb.consumed_capacity']).toEqual([
    '{"TableName":"shop","CapacityUnits":4.5,"ReadCapacityUnits":1.5,"WriteCapacityUnits":3}',
  ])
})
