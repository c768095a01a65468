import { BSON } from 'mongodb'
import { expect, test } from 'vitest'
import { decodeBson, encodeBson } from '../src/probe/bson.js'
import { endpointsOf } from '../src/probe/mongodb-address.js'

test('what is encoded is BSON', () => {
  const document = { replSetInitiate: { _id: 'rs ✓', members: [{ _id: 0, host: '127.0.0.1:1' }] }, $db: 'admin', n: -1 }
  expect(BSON.deserialize(encodeBson(document))).toEqual(document)
})

test('strings, numbers and booleans are decoded; every other type is passed over', () => {
  const bytes = BSON.serialize({
    double: 1.5,
    text: 'ä',
    document: { a: 1 },
    list: [1, 'x'],
    binary: new BSON.Binary(Buffer.from('xyz')),
    id: new BSON.ObjectId(),
    yes: true,
    date: new Date(0),
    nothing: null,
    time: new BSON.Timestamp({ t: 1, i: 2 }),
    long: BSON.Long.fromNumber(2 ** 40),
    decimal: BSON.Decimal128.fromString('1'),
    int: -7,
  })
  expect(decodeBson(Buffer.from(bytes))).toEqual(
    new Map<string, string | number | boolean>([
      ['double', 1.5],
      ['text', 'ä'],
      ['yes', true],
      ['int', -7],
    ]),
  )
})

test.for<[string, object[]]>([
  ['mongodb://localhost', [{ host: 'localhost', port: 27017 }]],
  [
    'mongodb://u:p%40@a:1,b/?replicaSet=x',
    [
      { host: 'a', port: 1 },
      { host: 'b', port: 27017 },
    ],
  ],
  ['mongodb://[::1]:5/db', [{ host: '::1', port: 5 }]],
  ['mongodb://a/?tls=true', [{ host: 'a', port: 27017, tls: { rejectUnauthorized: true } }]],
  [
    'mongodb://a/?ssl=true&tlsAllowInvalidCertificates=true',
    [{ host: 'a', port: 27017, tls: { rejectUnauthorized: false } }],
  ],
  ['mongodb://a/?tls=false', [{ host: 'a', port: 27017 }]],
])('the servers of %s', async ([address, servers]) => {
  expect(await endpointsOf(address)).toEqual(servers)
})

test.for(['', 'a', 'http://a', 'mongodb://', 'mongodb:///db', 'mongodb://a:b:c'])('%o names none', async (address) => {
  await expect(endpointsOf(address)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})
