import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '@isomodel/core'
import { type Engine, type RedisCluster, startRedisCluster, uniqueNamespace } from '@isomodel/devstack'
import { redis } from '@isomodel/redis'
import { Cluster, Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { selectedStores } from '../engines/engines.js'
import { Item, indexed, type Known, startLoad, wrongs } from './load.js'
import { migrateSlot } from './migrate-slot.js'

const timeout = 120_000

if (selectedStores().includes('redis')) {
  let cluster: RedisCluster
  const clients: { disconnect(): void }[] = []
  beforeAll(async () => {
    cluster = await startRedisCluster()
  }, timeout)
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect()
  })
  afterAll(() => cluster.stop())

  const nodeAt = (address: string): Redis => {
    const node = new Redis(address)
    node.on('error', () => undefined)
    clients.push(node)
    return node
  }

  /** A handle on a namespace of its own, and its store. */
  const shop = async (durability: 'async' | 'quorum', more: { readonly replyTimeout?: number } = {}) => {
    const store = redis({
      nodes: cluster.addresses,
      namespace: uniqueNamespace('faults'),
      connectTimeout: 10_000,
      durability,
      ...more,
    })
    const db = await connect(store, { Item })
    await db.setup()
    return { store, db }
  }
  type Opened = Awaited<ReturnType<typeof shop>>

  const expectNothingLost = async ({ store, db }: Opened, known: readonly Known[]): Promise<void> => {
    expect(await wrongs(db, known)).toEqual([])
    await store.repair()
    const { ok, pending, missing, stale, entities } = await store.verify()
    expect({ ok, pending, missing, stale }).toEqual({ ok: true, pending: 0, missing: [], stale: [] })
    expect(entities).toBeGreaterThanOrEqual(known.length)
    expect(await indexed(db)).toEqual(known.map(({ group, id }) => `${group}/${id}`).sort())
  }

  test('slots that move under load: nothing is lost, nothing is done twice, and no index entry stays wrong', {
    timeout,
  }, async () => {
    const opened = await shop('async')
    const load = startLoad(opened.db, 6, 2)
    await expect.poll(() => load.total(), { timeout: 20_000 }).toBeGreaterThan(50)

    const client = new Cluster([...cluster.addresses])
    clients.push(client)
    const masters = (await cluster.masters()).map(({ address }) => nodeAt(address))
    const slotOf = (key: string): Promise<number> => client.cluster('KEYSLOT', key) as Promise<number>
    const moved = new Set<number>()
    for (const { group } of load.known) {
      const { key = '' } = opened.db.Item.native({ group, id: 0 })
      moved.add(await slotOf(key))
    }
    for (const slot of moved) {
      const held = await Promise.all(masters.map((one) => one.cluster('COUNTKEYSINSLOT', slot) as Promise<number>))
      const source = masters[held.findIndex((count) => count > 0)] as Redis
      const target = masters[(masters.indexOf(source) + 1) % masters.length] as Redis
      await migrateSlot(slot, source, target, masters, () => sleep(30))
    }
    await load.goesOn()
    const known = await load.stop()
    expect(moved.size).toBeGreaterThan(3)
    // A node refuses what it does not have; nothing was cut, so nothing may be unknown.
    expect(known.reduce((sum, { unknown }) => sum + unknown, 0)).toBe(0)
    await expectNothingLost(opened, known)
    await opened.db.close()
  })

  test('SCRIPT FLUSH in the middle of writes: each goes again with its text, once', { timeout }, async () => {
    const opened = await shop('async')
    const load = startLoad(opened.db, 6, 2)
    const masters = (await cluster.masters()).map(({ address }) => nodeAt(address))
    for (let flush = 0; flush < 100; flush++) {
      await Promise.all(masters.map((one) => one.script('FLUSH')))
      await sleep(20)
    }
    const known = await load.stop()
    expect(known.reduce((sum, { unknown, refused }) => sum + unknown + refused, 0)).toBe(0)
    await expectNothingLost(opened, known)
    await opened.db.close()
  })

  /** The master of the first writer's entity. */
  const masterOf = async ({ db }: Opened, [first]: readonly Known[]): Promise<Engine> => {
    const client = nodeAt(cluster.addresses[0] ?? '')
    const { key = '' } = db.Item.native({ group: first?.group ?? '', id: 0 })
    const slot = await client.cluster('KEYSLOT', key)
    const masters = await cluster.masters()
    const held = await Promise.all(masters.map(({ address }) => nodeAt(address).cluster('COUNTKEYSINSLOT', slot)))
    const found = masters[held.findIndex((count) => Number(count) > 0)]
    if (found === undefined) throw new Error('no master has the slot')
    return found
  }

  /** Until a replica has taken over from a master that is away. */
  const replaced = async (away: Engine): Promise<void> => {
    await expect
      .poll(async () => (await cluster.masters()).filter((one) => one !== away).length, { timeout: 30_000 })
      .toBe(3)
  }

  test('a master that is killed: what was acknowledged by a quorum is on its replica', { timeout }, async () => {
    const opened = await shop('quorum')
    const load = startLoad(opened.db, 6, 2)
    await expect.poll(() => load.total(), { timeout: 20_000 }).toBeGreaterThan(100)
    const killed = await masterOf(opened, load.known)
    await killed.kill()
    await replaced(killed)
    // A quorum needs a replica, which the new master has once the old one is back.
    await killed.restart()
    await cluster.whole()
    await load.goesOn()
    await expectNothingLost(opened, await load.stop())
    await opened.db.close()
  })

  test('a master that freezes and comes back: what it alone took is not acknowledged', { timeout }, async () => {
    const opened = await shop('quorum', { replyTimeout: 3_000 })
    const load = startLoad(opened.db, 6, 2)
    await expect.poll(() => load.total(), { timeout: 20_000 }).toBeGreaterThan(100)
    const frozen = await masterOf(opened, load.known)
    await frozen.pause()
    await replaced(frozen)
    await frozen.resume()
    await cluster.whole()
    await load.goesOn()
    await expectNothingLost(opened, await load.stop())
    await opened.db.close()
  })
} else {
  test('redis-cluster is left out', () => {
    expect(selectedStores()).not.toContain('redis')
  })
}
