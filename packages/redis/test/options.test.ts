import { ModelError } from '@isomodel/core'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { redis } from '../src/index.js'
import { bucketOf, Keys } from '../src/keys.js'
import { readOptions } from '../src/options.js'

describe('redis()', () => {
  it.each([
    [null, /needs options: redis\(\{ url:/],
    [{ adress: 'x' }, /has no option "adress"; there are client, url, namespace/],
    [{ url: 'localhost' }, /begins with redis:\/\/ or rediss:\/\//],
    [{ url: 'redis://localhost', client: {} }, /takes a client or a url, not both/],
    [{ client: 'redis://localhost' }, /client is a string; give an ioredis client or its settings/],
    [{ client: null }, /client is null/],
    [{ client: { isCluster: true } }, /is a Cluster, which this version does not work on/],
    [{ namespace: '' }, /namespace is ""; it consists of letters/],
    [{ namespace: 'a{b}' }, /Braces would break the hash tags/],
    [{ namespace: 'shop', client: { keyPrefix: 'a b:' } }, /namespace is "a b:shop"/],
    [{ sweepEvery: 0 }, /sweepEvery is 0; it is a number of milliseconds above 0/],
    [{ replyTimeout: '5s' }, /replyTimeout is 5s/],
  ])('refuses %j', (options, message) => {
    expect(() => redis(options as never)).toThrow(ModelError)
    expect(() => redis(options as never)).toThrow(message)
  })

  it('does no I/O, and fills in what is left out', () => {
    expect(redis()).toMatchObject({ store: 'Redis', capabilities: ['index:strong'] })
    expect(readOptions({})).toMatchObject({ namespace: 'isomodel', connectTimeout: 3_000, replyTimeout: 30_000 })
  })

  it("takes a client's keyPrefix into the namespace, and its commandTimeout", () => {
    const client = new Redis({ lazyConnect: true, keyPrefix: 'team:', commandTimeout: 700 })
    expect(readOptions({ client, namespace: 'shop' })).toMatchObject({
      namespace: 'team:shop',
      replyTimeout: 700,
      given: client,
    })
    client.disconnect()
  })
})

describe('buckets', () => {
  it('are found by the first four bytes of the SHA-1, for ever', () => {
    expect(['Order#c-1', 'Order#c-2', 'Ä#\u{1f600}', ''].map((text) => bucketOf(text, 256))).toEqual([62, 176, 30, 238])
    expect(bucketOf('Order#c-1', 1)).toBe(0)
  })

  it('share a hash tag among their keys', () => {
    const keys = new Keys('shop', 256)
    for (const key of [keys.entity(7, 'm'), keys.all(7), keys.expiry(7), keys.index(7, 'g1')]) {
      expect(key).toMatch(/^shop:\{7\}:/)
    }
  })
})
