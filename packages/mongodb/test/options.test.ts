import { MongoClient } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { type MongodbOptions, mongodb } from '../src/index.js'
import { isDocumentDbHost, readOptions } from '../src/options.js'

const client = new MongoClient('mongodb://127.0.0.1:9')
const uri = 'mongodb://127.0.0.1:9/shop'

describe('options', () => {
  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /needs options: mongodb\(\{ uri/],
    ['an option that there is not', { url: uri }, /has no option "url"; there are client, uri,/],
    ['neither client nor uri', { database: 'shop' }, /needs a client or a uri/],
    ['both', { client, uri, database: 'shop' }, /takes a client or a uri, not both/],
    ['no database', { client }, /needs a database/],
    ['a uri without a database', { uri: 'mongodb://127.0.0.1:9' }, /ends in \/shop/],
    ['a uri of something else', { uri: 'redis://x' }, /begins with mongodb:\/\//],
    ['a client of something else', { client: {}, database: 'shop' }, /client is no MongoClient; give one/],
    ['a database name that is none', { client, database: 'a.b' }, /database is "a\.b"/],
    ['a prefix that is none', { uri, prefix: 'a$' }, /prefix is "a\$"/],
    ['a prefix of the system', { uri, prefix: 'system.' }, /prefix/],
    ['unacknowledged writes', { uri, writeConcern: { w: 0 } }, /may be lost/],
    ['another service', { uri, service: 'cosmos' }, /'mongodb' or 'documentdb'/],
    [
      'transactions of another kind',
      { uri, transactions: 'no' },
      /transactions is "no"; it is true, the default, or false/,
    ],
    ['a feed of DocumentDB', { uri, service: 'documentdb', changes: true }, /'documentdb' has no change feed/],
    ['another read concern', { uri, readConcern: 'x' }, /'local' or 'majority'/],
    ['another validator', { uri, validators: true }, /'error' or 'warn'/],
  ])('refuse %s in words', (_, options, message) => {
    expect(() => mongodb(options as MongodbOptions)).toThrow(message)
    expect(() => mongodb(options as MongodbOptions)).toThrow(expect.objectContaining({ code: 'VALIDATION' }))
  })

  it('take the database from the uri, and wait for a majority', () => {
    const settings = readOptions({ uri })
    expect(settings).toMatchObject({
      database: 'shop',
      prefix: '',
      writeConcern: { w: 'majority' },
      readConcern: 'local',
    })
    expect(readOptions({ uri: 'mongodb+srv://u:p@host/shop?tls=true' }).database).toBe('shop')
    expect(readOptions({ uri, writeConcern: { w: 2, j: true, wtimeoutMS: 5 } }).writeConcern).toEqual({
      w: 2,
      j: true,
      wtimeout: 5,
    })
  })

  it('make a client of their own that waits seconds, not half a minute', () => {
    const { client: made, own } = readOptions({ uri, clientOptions: { maxPoolSize: 3 } }).client()
    expect(own).toBe(true)
    expect(made.options).toMatchObject({ serverSelectionTimeoutMS: 5_000, maxPoolSize: 3 })
    expect(readOptions({ client, database: 'x' }).client()).toEqual({ client, own: false })
  })

  it('say what the client does not accept', () => {
    const { client: make } = readOptions({ uri: 'mongodb://127.0.0.1:9/shop?nonsense=1' })
    expect(make).toThrow(/not accepted: .*nonsense/)
  })

  it('tell Amazon DocumentDB by its host', () => {
    expect(isDocumentDbHost('shop.cluster-abc.eu-central-1.docdb.amazonaws.com:27017')).toBe(true)
    expect(isDocumentDbHost('shop-1.eu-central-1.docdb-elastic.amazonaws.com:27017')).toBe(true)
    expect(isDocumentDbHost('docdb.amazonaws.com.evil.example')).toBe(false)
  })
})
