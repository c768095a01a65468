import { connect, type Db, StoreError } from '@isomodel/core'
import { newToken, type WriteOp } from '@isomodel/core/driver'
import { type Document, MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { noting } from './support/calls.js'
import { onEachEngine } from './support/engines.js'
import { Thing, thing } from './support/thing.js'
import { asStandalone, type WireProxy, wireProxy } from './support/wire-proxy.js'

const key = { owner: 'o', rank: 1 }
const counter = { ...key, total: 0, lines: [] }

onEachEngine((running) => {
  let database: string
  let proxy: WireProxy
  let client: MongoClient
  let db: Db<{ Thing: typeof Thing }>

  beforeAll(async () => {
    database = running().database()
    proxy = await wireProxy(running().engine.address)
    // A client as people make it: with its default settings, of which retryWrites is one.
    client = new MongoClient(proxy.address)
    db = await connect(mongodb({ client, database }), { Thing })
    await db.setup()
  })
  beforeEach(async () => {
    proxy.rules = {}
    await db.Thing.put(counter)
  })
  afterAll(async () => {
    await db.close()
    await client.close()
    await proxy[Symbol.asyncDispose]()
  })

  const writesOf = (command: { readonly [name: string]: unknown }): boolean =>
    ['update', 'findAndModify', 'insert', 'delete'].some((name) => name in command)

  /** Lets one write happen and loses its reply. */
  const loseOne = (): void => {
    let left = 1
    proxy.rules = { command: (command) => (writesOf(command) && left-- > 0 ? 'lose' : 'pass') }
  }

  it('counts once when a reply is lost, and says that it did', async () => {
    loseOne()
    const after = await db.Thing.update(key, (o, { add }) => [add(o.total, 1)])
    expect(after.total).toBe(1)
    expect((await db.Thing.get(key))?.total).toBe(1)
  })

  it('counts each write once, however many replies are lost', async () => {
    let turn = 0
    const before = proxy.commands.filter(writesOf).length
    proxy.rules = { command: (command) => (writesOf(command) && ++turn % 3 === 0 ? 'lose' : 'pass') }
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, () => db.Thing.update(key, (o, { add }) => [add(o.total, 1)])),
    )
    proxy.rules = {}
    const done = results.filter(({ status }) => status === 'fulfilled').length
    const outcomes = results.map((each) => (each.status === 'rejected' ? (each.reason as StoreError).outcome : 'done'))
    const unknown = outcomes.filter((outcome) => outcome === 'unknown').length
    const total = (await db.Thing.get(key))?.total ?? 0
    // Every command that passed the proxy was carried out, also those whose replies were lost.
    expect(total).toBe(proxy.commands.filter(writesOf).length - before)
    expect(total).toBeGreaterThanOrEqual(done)
    expect(total).toBeLessThanOrEqual(done + unknown)
  })

  /** What engines answer to an upsert when a delete is quicker: it was applied, and gives no entity. */
  const unseen = (reply: Document): Document => ('lastErrorObject' in reply ? { ...reply, value: null } : reply)

  it('reads the entity that an upsert wrote and did not give, and writes once', async () => {
    await db.Thing.delete(key)
    proxy.rules = { reply: unseen }
    const before = proxy.commands.filter(writesOf).length
    expect(await db.Thing.upsert({ ...counter, text: 'x' })).toMatchObject({ ...key, text: 'x' })
    expect(proxy.commands.filter(writesOf).length).toBe(before + 1)
  })

  it('says that such an upsert is in the store when the entity is gone again', async () => {
    await db.Thing.delete(key)
    proxy.rules = {
      reply: (reply) => ('cursor' in reply ? { ...reply, cursor: { ...reply.cursor, firstBatch: [] } } : unseen(reply)),
    }
    await expect(db.Thing.upsert({ ...counter, text: 'x' })).rejects.toMatchObject({
      code: 'UNEXPECTED',
      outcome: 'committed',
      retryable: false,
      message: expect.stringContaining(
        'The write is in the store, but the server did not give the entity that it wrote. Read the entity',
      ),
    })
  })

  it('creates once when a reply is lost', async () => {
    await db.Thing.delete(key)
    loseOne()
    expect(await db.Thing.create(counter)).toMatchObject({ total: 0 })
  })

  it('never sends a write again by itself', async () => {
    proxy.rules = { command: (command) => (writesOf(command) ? 'cut' : 'pass') }
    const before = proxy.commands.filter(writesOf).length
    const failed = await db.Thing.update(key, (o, { add }) => [add(o.total, 1)]).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(StoreError)
    expect(failed).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
    expect(proxy.commands.filter(writesOf).length).toBe(before + 1)
    proxy.rules = {}
    expect((await db.Thing.get(key))?.total).toBe(0)
  })

  it('uses no retryable writes, and only classic update operators', async () => {
    await db.Thing.update(key, (o, { add, append, addToSet }) => [
      add(o.total, 1),
      append(o.marks, [1]),
      addToSet(o.tags, new Set(['a'])),
    ])
    await db.Thing.upsert({ ...counter, text: 'x' })
    const writes = proxy.commands.filter(writesOf)
    expect(writes.length).toBeGreaterThan(3)
    for (const write of writes) {
      expect(write).not.toHaveProperty('txnNumber')
      expect(write).toHaveProperty('writeConcern', { w: 'majority' })
      for (const { u } of write.updates ?? [{ u: write.update }]) expect(Array.isArray(u)).toBe(false)
    }
  })

  it('reads again when a reply is lost', async () => {
    let left = 1
    proxy.rules = { command: (command) => ('find' in command && left-- > 0 ? 'lose' : 'pass') }
    expect(await db.Thing.get(key)).toMatchObject(key)
  })

  it('says that an aborted write may have happened', async () => {
    const abort = new AbortController()
    proxy.rules = {
      command(command) {
        if (writesOf(command)) abort.abort()
        return 'pass'
      },
    }
    const driver = await mongodb({ client, database }).open({ entities: [thing] }, { now: Date.now })
    const op: WriteOp = {
      kind: 'put',
      entity: thing,
      key,
      values: counter,
      guard: { exists: 'any' },
      token: newToken(),
      now: 0,
      returning: 'none',
    }
    const call = { ...noting(), signal: abort.signal }
    await expect(driver.write(op, call)).rejects.toMatchObject({ code: 'ABORTED', outcome: 'unknown' })
    await expect(driver.write(op, call)).rejects.toMatchObject({ code: 'ABORTED', outcome: 'not committed' })
  })

  describe('on a standalone server', () => {
    it('does everything but transactions and change feeds', async () => {
      await using standalone = await wireProxy(running().engine.address, { hello: asStandalone })
      await using own = new MongoClient(standalone.address)
      const lesser = { transactions: false, changes: false } as const
      await using alone = await connect(mongodb({ client: own, database: running().database(), ...lesser }), { Thing })
      expect((await alone.setup()).created.length).toBeGreaterThan(0)
      await alone.Thing.create(counter)
      await alone.Thing.update(key, (o, { add }) => [add(o.total, 1)], { if: (o, { eq }) => eq(o.total, 0) })
      expect(await alone.Thing.query({ owner: 'o' }).all()).toMatchObject([{ total: 1 }])
      expect((await alone.check()).ok).toBe(true)
      await alone.Thing.delete(key)
      expect(await alone.Thing.get(key)).toBeUndefined()
    })

    it('refuses what is claimed and it has not, and says what to do', async () => {
      await using standalone = await wireProxy(running().engine.address, { hello: asStandalone })
      await using own = new MongoClient(standalone.address)
      const refused = async (
        options: { readonly transactions?: boolean; readonly changes?: boolean },
        claim: string,
      ) => {
        const adapter = mongodb({ client: own, database, ...options })
        const error = await connect(adapter, { Thing }).catch((error: unknown) => error)
        expect(error).toMatchObject({ code: 'UNSUPPORTED', name: 'UnsupportedError', operation: 'connect' })
        expect((error as StoreError).message).toContain(`'${claim}' is claimed`)
        expect((error as StoreError).message).toMatch(
          /standalone server.*--replSet.*transactions: false, changes: false/,
        )
      }
      await refused({}, 'transact:store')
      await refused({ transactions: false }, 'changes:exact')
      await refused({ changes: false }, 'transact:store')
    })

    it('refuses the majority read concern, which it has not', async () => {
      await using standalone = await wireProxy(running().engine.address, { hello: asStandalone })
      await using own = new MongoClient(standalone.address)
      const adapter = mongodb({ client: own, database, readConcern: 'majority', transactions: false, changes: false })
      await expect(connect(adapter, { Thing })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    })
  })

  it('reads with the majority read concern when asked to', async () => {
    await using majority = await connect(mongodb({ client, database, readConcern: 'majority' }), { Thing })
    expect(await majority.Thing.get(key)).toMatchObject(key)
    expect(proxy.commands.at(-1)).toMatchObject({ readConcern: { level: 'majority' } })
    expect(await majority.Thing.get(key, { consistency: 'eventual' })).toMatchObject(key)
    expect(proxy.commands.at(-1)).toMatchObject({ $readPreference: { mode: 'secondaryPreferred' } })
  })

  it('leaves a given client open, and closes its own', async () => {
    await using given = await connect(mongodb({ client, database }), { Thing })
    await given.close()
    await given.close()
    await client.db(database).command({ ping: 1 })
    const uri = new URL(proxy.address)
    uri.pathname = `/${database}`
    const own = await connect(mongodb({ uri: uri.href }), { Thing })
    const native = own.Thing.native(key)
    expect(native.id).toBe('o#a1')
    await own.close()
    await expect(native.db.command({ ping: 1 })).rejects.toThrow()
  })
})

describe('when no server answers', () => {
  it('says so within seconds, and where', async () => {
    const started = Date.now()
    const failed = await connect(mongodb({ uri: 'mongodb://127.0.0.1:9/shop' }), { Thing }).catch(
      (error: unknown) => error,
    )
    expect(failed).toMatchObject({ code: 'UNAVAILABLE', retryable: true, outcome: 'not committed' })
    expect((failed as StoreError).message).toMatch(/127\.0\.0\.1:9 .*Check that it runs/)
    expect(Date.now() - started).toBeLessThan(8_000)
  })

  it('does not wait for the long patience of a given client', async () => {
    await using client = new MongoClient('mongodb://127.0.0.1:9/')
    const started = Date.now()
    const failed = await connect(mongodb({ client, database: 'shop' }), { Thing }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'UNAVAILABLE' })
    expect((failed as StoreError).message).toContain('127.0.0.1:9')
    expect(Date.now() - started).toBeLessThan(8_000)
  })

  it('stops waiting when the signal says so', async () => {
    const signal = AbortSignal.timeout(200)
    const failed = await connect(mongodb({ uri: 'mongodb://127.0.0.1:9/shop' }), { Thing }, { signal }).catch(
      (error: unknown) => error,
    )
    expect(failed).toMatchObject({ code: 'TIMEOUT' })
  })
})
