import { connect, defineEntity, type StoreError } from '@isomodel/core'
import { type RedisCluster, startRedisCluster, uniqueNamespace } from '@isomodel/devstack'
import { Cluster } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ClusterConnection } from '../src/cluster-connection.js'
import { redis } from '../src/index.js'
import { Keys } from '../src/keys.js'
import { readOptions } from '../src/options.js'
import { Outbox } from '../src/outbox.js'
import { Counter } from './support/counter.js'
import { call, open, put, read, update } from './support/drive.js'
import { startProxy } from './support/proxy.js'
import { Session } from './support/session.js'

/** An entity with a unique constraint, which a cluster does not keep. */
const Taken = defineEntity({
  name: 'Taken',
  schema: z.object({ id: z.string(), email: z.string() }),
  key: { partition: ['id'] },
  uniques: { byEmail: ['email'] },
})

let cluster: RedisCluster
/** The tests' own client, to look behind the adapter. */
let client: Cluster
beforeAll(async () => {
  cluster = await startRedisCluster()
  client = new Cluster([...cluster.addresses])
}, 120_000)
afterAll(async () => {
  client.disconnect()
  await cluster.stop()
})

const options = (more: object = {}) => ({ nodes: cluster.addresses, namespace: uniqueNamespace('cluster'), ...more })
const failure = (work: Promise<unknown>): Promise<StoreError> =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error) => error,
  )

describe('a cluster', () => {
  it('is refused as a single server, and a single server as a cluster, both with the way out', async () => {
    const [url = ''] = cluster.addresses
    const single = await failure(connect(redis({ url }), { Counter }))
    expect(single).toMatchObject({ code: 'UNSUPPORTED' })
    expect(single.message).toMatch(
      /is a node of a cluster\. Connect to the cluster: redis\(\{ nodes: \[address, \.\.\.\] \}\)/,
    )
    const unique = await failure(connect(redis(options()), { Counter, Taken } as never))
    expect(unique).toMatchObject({ code: 'UNSUPPORTED' })
    expect(unique.message).toMatch(
      /has uniques, which need transactions .* it is a cluster, whose nodes share no commit/,
    )
  })

  it('has its own number of buckets, and a namespace with another is refused', async () => {
    const { namespace } = options()
    await using opened = await open(options({ namespace }), [Counter])
    expect(JSON.parse((await client.get(`${namespace}:layout`)) ?? '')).toMatchObject({ format: 1, buckets: 256 })
    await opened.driver.close()
    await client.set(`${namespace}:layout`, '{"format":1,"buckets":1}')
    const error = await failure(open(options({ namespace }), [Counter]))
    expect(error).toMatchObject({ code: 'MODEL_MISMATCH' })
    expect(error.message).toContain('says {"format":1,"buckets":1}')
  })

  it("works beside the caller's Cluster, with its settings, and shows it", async () => {
    const { namespace } = options()
    const given = new Cluster([...cluster.addresses], { keyPrefix: 'team:' })
    await using db = await connect(redis({ client: given, namespace }), { Counter })
    await db.setup()
    await db.Counter.put({ name: 'hits', count: 1 })
    const { client: shown, key = '' } = db.Counter.native({ name: 'hits' })
    expect(shown).toBe(given)
    expect(key).toMatch(new RegExp(`^team:${namespace}:\\{\\d+\\}:e:Counter#hits!Counter$`))
    expect(await client.hget(key, 'count')).toBe('1')
    await db.close()
    expect(await given.get('nothing')).toBeNull()
    given.disconnect()
  })

  it('never sends a write twice whose reply was lost, also with a Cluster of ioredis that would', async () => {
    const proxies = new Map<string, Awaited<ReturnType<typeof startProxy>>>()
    for (const address of cluster.addresses) proxies.set(new URL(address).host, await startProxy(address))
    const natMap = Object.fromEntries(
      Array.from(proxies, ([host, { port }]) => [host, { host: '127.0.0.1', port }] as const),
    )
    const given = new Cluster(
      [...proxies.values()].map(({ url }) => url),
      { natMap, lazyConnect: true },
    )
    await using opened = await open({ client: given, namespace: uniqueNamespace('cluster') } as never, [Counter])
    const { model } = Counter
    const key = { name: 'hits' }
    await opened.driver.write(put(model, { name: 'hits', count: 0 }), call())
    const op = update(model, { key, changes: [{ op: 'add', path: ['count'], value: 1 }] })
    for (const proxy of proxies.values()) proxy.cutReplyTo(op.token)
    const error = await failure(opened.driver.write(op, call()))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', retryable: true })
    expect(await read(opened.driver, model, key)).toMatchObject({ values: { count: 1 }, token: op.token })
    expect([...proxies.values()].reduce((sum, proxy) => sum + proxy.passed(op.token), 0)).toBe(1)
    await opened.driver.close()
    given.disconnect()
    for (const proxy of proxies.values()) await proxy[Symbol.asyncDispose]()
  })
})

describe('an index on a cluster', () => {
  const settings = readOptions({ nodes: ['redis://127.0.0.1:1'] })

  it('takes changes in any order and any number of times: of each member the last version wins', async () => {
    const { namespace, nodes } = options()
    const connection = new ClusterConnection(
      settings,
      readOptions({ nodes }).cluster as NonNullable<typeof settings.cluster>,
    )
    const keys = new Keys(namespace, 256)
    const outbox = new Outbox(connection, keys)
    const member = 'p#x!Order#1'
    const set = keys.index(keys.bucketOfMember(member), 'g1')
    const there = async (sign: '+' | '-', version: string): Promise<boolean> => {
      await outbox.apply([{ version, sign, id: 'g1', member }], call())
      return (await client.zscore(set, member)) !== null
    }
    expect(await there('+', '20')).toBe(true)
    expect(await there('-', '10')).toBe(true)
    expect(await there('+', '20')).toBe(true)
    expect(await there('-', '30')).toBe(false)
    expect(await there('-', '20')).toBe(false)
    expect(await there('+', '1790000000000001')).toBe(true)
    expect(await there('-', '1790000000000000')).toBe(true)
    connection.close()
  })

  it('gets what a writer that died did not deliver, from whoever sweeps', async () => {
    const { namespace } = options()
    const store = redis(options({ namespace }))
    await using db = await connect(store, { Counter })
    await db.setup()
    await db.Counter.put({ name: 'a', count: 1 })
    const keys = new Keys(namespace, 256)
    const { key = '' } = db.Counter.native({ name: 'a' })
    const outbox = `${key.slice(0, key.indexOf('}') + 1)}:outbox`
    await expect.poll(() => client.zcard(outbox)).toBe(1)
    // As if the writer had died between the two: the change is put down, and the index was not told.
    const member = 'Counter#9999999!Counter#a'
    await client.zadd(outbox, 1_000, `[4:10001:+2:g1${member.length}:${member}`)
    const set = keys.index(keys.bucketOfMember(member), 'g1')
    expect((await store.verify()).pending).toBe(1)
    expect(await store.sweep()).toBe(0)
    expect(await client.zscore(set, member)).toBe('0')
    await expect.poll(() => client.zcard(outbox)).toBe(1)
    // What the entity does not say of itself is stale, and no query gives it.
    expect(await db.Counter.query('byCount', { count: 1 }).all()).toHaveLength(1)
  })

  it('is verified against the entities and repaired, while the entities stay as they are', async () => {
    const { namespace } = options()
    const store = redis(options({ namespace }))
    await using db = await connect(store, { Counter, Session })
    await db.setup()
    await db.Counter.putMany(Array.from({ length: 300 }, (_, at) => ({ name: `c-${at}`, count: at % 10 })))
    await db.Session.put({ id: 's', user: 'ada', until: new Date(Date.now() + 60_000) })
    await expect.poll(async () => (await store.verify()).pending).toBe(0)
    expect(await store.verify()).toEqual({ ok: true, entities: 303, entries: 301, pending: 0, missing: [], stale: [] })

    const keys = new Keys(namespace, 256)
    const sets = await Promise.all(
      Array.from({ length: 256 }, (_, bucket) => client.zrange(keys.index(bucket, 'g1'), '0', '-1')),
    )
    const bucket = sets.findIndex((members) => members.length >= 30)
    const set = keys.index(bucket, 'g1')
    const [lost = '', ...others] = sets[bucket] ?? []
    await client.zrem(set, lost)
    const stale = `${(others[0] ?? '').slice(0, (others[0] ?? '').lastIndexOf('#'))}#nobody`
    await client.zadd(set, 0, stale)
    // A failover that lost the last versions of a bucket leaves higher ones in the index than the bucket gives.
    await client.hset(keys.versions(bucket), `g1:${stale}`, '8000000000000000', `g1:${lost}`, '8000000000000000')

    const report = await store.verify()
    expect(report).toMatchObject({ ok: false, pending: 0 })
    expect(report.missing).toEqual([{ entity: 'Counter', index: 'byCount', key: { name: lost.split('#').at(-1) } }])
    expect(report.stale).toEqual([{ entity: 'Counter', index: 'byCount', key: { name: 'nobody' } }])
    expect(await store.repair()).toEqual({ delivered: 0, added: 1, removed: 1 })
    expect((await store.verify()).ok).toBe(true)
    expect(await client.zscore(set, lost)).toBe('0')
    expect(await client.zscore(set, stale)).toBeNull()
    // Writes of the entity go on from there.
    const name = lost.split('#').at(-1) ?? ''
    await db.Counter.update({ name }, { count: 77 })
    expect(await db.Counter.query('byCount', { count: 77 }).all()).toEqual([{ name, count: 77 }])
    await expect.poll(async () => (await store.verify()).pending).toBe(0)
    expect((await store.verify()).ok).toBe(true)
  })

  it('refuses a strong read, and says what there is instead', async () => {
    await using db = await connect(redis(options()), { Counter })
    await db.setup()
    const query = db.Counter.query('byCount', { count: 1 }) as unknown as {
      consistency(level: string): { all(): Promise<unknown> }
    }
    const error = await failure(query.consistency('strong').all())
    expect(error).toMatchObject({ code: 'UNSUPPORTED' })
    expect(error.message).toMatch(/a global index answers only eventually, and index byCount is one\. Ask with/)
  })
})

describe('durability: quorum', () => {
  it('fails a write that no replica confirms as unknown, also where it can be read', async () => {
    const durability = { replicas: 1, timeout: 150 }
    await using db = await connect(redis(options({ durability })), { Counter })
    await db.setup()
    await db.Counter.put({ name: 'hits', count: 1 })
    const masters = new Set(await cluster.masters())
    const replicas = cluster.nodes.filter((node) => !masters.has(node))
    await Promise.all(replicas.map((node) => node.pause()))
    const error = await failure(db.Counter.update({ name: 'hits' }, { count: 2 }))
    await Promise.all(replicas.map((node) => node.resume()))
    expect(error).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown', retryable: true })
    expect(error.message).toMatch(/only 0 of 1 replicas confirmed it within 150 ms, so a failover could lose it/)
    await expect.poll(async () => (await db.Counter.get({ name: 'hits' }))?.count).toBe(2)
    await expect.poll(() => db.Counter.put({ name: 'hits', count: 3 })).toMatchObject({ count: 3 })
  })
})
