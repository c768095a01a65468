import type { WriteOp } from '@isomodel/core/driver'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { redis } from '../src/index.js'
import { bucketOf, Keys } from '../src/keys.js'
import { refuseOversize, within } from '../src/limits.js'
import { readOptions } from '../src/options.js'
import type { ScriptCall } from '../src/request.js'
import { putScript, updateScript } from '../src/scripts.js'

describe('redis()', () => {
  it.each([
    [null, /needs options: redis\(\{ url:/],
    [{ adress: 'x' }, /has no option "adress"; there are client, url, nodes, namespace/],
    [{ url: 'localhost' }, /url is no address; it is like redis:\/\/user/],
    [{ url: 'redis://u:hunter2@localhost:99999' }, /url is no address; it is like redis:\/\/user/],
    [{ url: 'http://u:hunter2@localhost' }, /^(?!.*hunter2).*url is no address/],
    [{ url: 'redis://localhost', client: {} }, /takes a client or a url, not both/],
    [{ client: 'redis://localhost' }, /client is a string; give an ioredis client or its settings/],
    [{ client: null }, /client is null/],
    [{ client: { isCluster: true }, url: 'redis://localhost' }, /takes a client or a url, not both/],
    [{ nodes: [] }, /nodes is no list of addresses; it is like \['redis:\/\/node-1:6379'/],
    [{ nodes: ['redis://u:hunter2@localhost:99999'] }, /^(?!.*hunter2).*one of nodes is no address/],
    [{ nodes: ['redis://localhost'], url: 'redis://localhost' }, /takes nodes, a url or a Cluster, not two/],
    [{ durability: 'most' }, /durability is "most"; it is 'async', 'quorum' or/],
    [{ durability: { replicas: 0 } }, /durability.replicas is 0; it is how many replicas/],
    [{ durability: { timeout: -1 } }, /durability.timeout is -1; it is a number of milliseconds/],
    [{ namespace: '' }, /namespace is ""; it consists of letters/],
    [{ namespace: 'a{b}' }, /Braces would break the hash tags/],
    [{ namespace: 'shop', client: { keyPrefix: 'a b:' } }, /namespace is "a b:shop"/],
    [{ sweepEvery: 0 }, /sweepEvery is 0; it is a number of milliseconds above 0/],
    [{ replyTimeout: '5s' }, /replyTimeout is 5s/],
  ])('refuses %j', (options, message) => {
    expect(() => redis(options as never)).toThrow(expect.objectContaining({ name: 'StoreError', code: 'VALIDATION' }))
    expect(() => redis(options as never)).toThrow(message)
  })

  it('does no I/O, and fills in what is left out', () => {
    expect(redis()).toMatchObject({
      store: 'Redis',
      capabilities: { 'read:eventual': false, 'index:strong': true, 'transact:store': true, 'changes:exact': true },
    })
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

describe('a write that is too long', () => {
  const call = (script: ScriptCall['script'], args: string[]): ScriptCall => ({ script, keys: [], args })
  const op = (kind: WriteOp['kind']): WriteOp => ({ kind }) as WriteOp

  it('is refused before it is sent, naming its largest field', () => {
    const put = call(putScript, ['member', 'token', 'note', 'x'.repeat(90), 'name', "'Ada"])
    refuseOversize(put, op('put'), 200)
    const refuse = (): void => refuseOversize(put, op('put'), 100)
    expect(refuse).toThrow(
      /^The write is 113 bytes long \(most of it the field "note"\), beyond the 100 bytes that Redis takes/,
    )
    expect(refuse).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED', outcome: 'not committed' }))
    const update = call(updateScript, ['x'.repeat(90), 'y'.repeat(20)])
    expect(() => refuseOversize(update, op('update'), 100)).toThrow(/^The write is 110 bytes long, beyond/)
  })
})

it('what does not even fit into a string is refused as too long', () => {
  const half = 'x'.repeat(2 ** 28)
  expect(() => within(() => ({ script: putScript, keys: [], args: [half + half] }))).toThrow(
    expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
  )
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
