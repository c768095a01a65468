import { AsyncLocalStorage } from 'node:async_hooks'
import { channel, subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { type CallEvent, connect, defineEntity, type RequestEvent, StoreError } from '@isomodel/core'
import type { Adapter, Driver } from '@isomodel/core/driver'
import { type Memory, memory } from '@isomodel/memory'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

const Item = defineEntity({
  name: 'Item',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int().default(0) }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['n'], sort: ['id'] } },
})
const key = (id: string) => ({ group: 'g', id })

/** A memory whose driver is another in part. */
function changed(change: (driver: Driver) => Partial<Driver>, store: Memory = memory()): Adapter<never, unknown> {
  return {
    store: 'changed',
    capabilities: store.capabilities,
    open: async (model, options) => {
      const driver = await store.open(model, options)
      const other = change(driver)
      return new Proxy(driver, {
        get: (target, name) => {
          const value = Reflect.get(Object.hasOwn(other, name) ? other : target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
}

async function open(adapter: Adapter = memory(), options: Parameters<typeof connect>[2] = {}) {
  const calls: CallEvent[] = []
  const requests: RequestEvent[] = []
  const db = await connect(
    adapter,
    { Item },
    { onCall: (event) => calls.push(event), onRequest: (event) => requests.push(event), ...options },
  )
  return { db, calls, requests }
}

const throttled = () => new StoreError('busy', { code: 'THROTTLED', retryable: true })

describe("a vendor's error below an error", () => {
  const Secret = defineEntity({
    name: 'Secret',
    schema: z.object({ id: z.string(), pin: z.string() }),
    key: { partition: ['id'] },
    sensitive: ['pin'],
  })
  const vendor = Object.assign(new Error('dup key: zanzibar'), { name: 'VendorError', code: 11_000, item: 'zanzibar' })
  const failing = changed(() => ({
    write: async () => {
      throw new StoreError('It was refused.', { code: 'UNEXPECTED', cause: vendor })
    },
    writeBatch: async (ops) =>
      ops.map(() => ({ status: 'failed', error: new StoreError('No.', { code: 'UNEXPECTED', cause: vendor }) })),
  }))
  const failure = (call: Promise<unknown>): Promise<StoreError> =>
    call.then(
      () => expect.unreachable('it should have failed'),
      (error) => error,
    )

  it('is what it is called, and no more, where fields are sensitive', async () => {
    const db = await connect(failing, { Secret })
    const put = await failure(db.Secret.put({ id: '1', pin: 'x' }))
    expect(put.cause).toMatchObject({ name: 'VendorError', code: 11_000 })
    const many = await failure(db.Secret.putMany([{ id: '1', pin: 'x' }]))
    for (const error of [put, many]) {
      const shown = inspect(error, { depth: 9 })
      expect(shown).toContain('VendorError')
      expect(shown).toContain('observing.test.ts')
      expect(shown).not.toContain('zanzibar')
    }
  })

  it('is the error itself where none is', async () => {
    const db = await connect(failing, { Item })
    expect((await failure(db.Item.put(key('1')))).cause).toBe(vendor)
  })

  it("leaves the caller's own reasons alone", async () => {
    const db = await connect(memory(), { Secret })
    const reason = new Error('zanzibar')
    const error = await failure(db.Secret.get({ id: '1' }, { signal: AbortSignal.abort(reason) }))
    expect([error.code, error.cause]).toEqual(['ABORTED', reason])
  })
})

describe('onCall', () => {
  it('tells a call once, with what it cost, and no key or value', async () => {
    const { db, calls, requests } = await open()
    await db.Item.create({ ...key('secret'), n: 7_391 })
    expect(calls).toEqual([
      {
        store: 'memory',
        target: { system: 'memory' },
        entity: 'Item',
        operation: 'create',
        index: undefined,
        items: undefined,
        milliseconds: expect.any(Number),
        roundTrips: 1,
        retries: 0,
        bytesSent: 0,
        bytesReceived: 0,
        rowsRead: 0,
        rowsReturned: 1,
        capacity: undefined,
        error: undefined,
      },
    ])
    expect(JSON.stringify([calls, requests])).not.toMatch(/secret|7391/)
  })

  it('tells what a query read and gave, and by which index', async () => {
    const { db, calls } = await open()
    await db.Item.putMany([1, 2, 3, 4].map((id) => ({ ...key(String(id)), n: id % 2 })))
    await db.Item.query('byN', { n: 1 }).all()
    await db.Item.query({ group: 'g' })
      .where((o, { eq }) => eq(o.n, 1))
      .page()
    await db.Item.query({ group: 'g' }).count()
    await db.Item.scan({ allowScan: true }).first()
    for await (const item of db.Item.query({ group: 'g' })) expect(item.group).toBe('g')
    expect(calls.map((call) => [call.operation, call.index, call.items, call.rowsRead, call.rowsReturned])).toEqual([
      ['putMany', undefined, 4, 0, 4],
      ['query.all', 'byN', undefined, 2, 2],
      ['query.page', undefined, undefined, 4, 2],
      ['query.count', undefined, undefined, 4, undefined],
      ['scan.first', undefined, undefined, 4, 1],
      ['query.iterate', undefined, undefined, 4, 4],
    ])
  })

  it('counts the rows of a collection, of all kinds', async () => {
    const { db, calls } = await open()
    await db.Item.putMany([key('1'), key('2')])
    calls.length = 0
    const collection = db.collection(['Item'], { group: 'g' })
    await collection.all()
    await collection.page({ size: 1 })
    await collection.count()
    for await (const { item } of collection) expect(item.group).toBe('g')
    await db.collection(['Item'], 'byN', { n: 0 }).all()
    expect(calls.map(({ operation, index, rowsReturned }) => [operation, index, rowsReturned])).toEqual([
      ['collection.all', undefined, 2],
      ['collection.page', undefined, 1],
      ['collection.count', undefined, undefined],
      ['collection.iterate', undefined, 2],
      ['collection.all', 'byN', 2],
    ])
  })

  it('has the request of a get that travels alone, and one call more for gets that travel together', async () => {
    const { db, calls, requests } = await open()
    await db.Item.create(key('1'))
    calls.length = requests.length = 0
    await db.Item.get(key('1'))
    await Promise.all([db.Item.get(key('1')), db.Item.get(key('2'))])
    expect(
      calls.map(({ operation, items, roundTrips, rowsRead, rowsReturned }) => [
        operation,
        items,
        roundTrips,
        rowsRead,
        rowsReturned,
      ]),
    ).toEqual([
      ['get', undefined, 1, 1, 1],
      ['getMany', 2, 1, 1, 1],
      ['get', undefined, 0, 0, 1],
      ['get', undefined, 0, 0, 0],
    ])
    expect(requests.map(({ operation }) => operation)).toEqual(['get', 'getMany'])
  })

  it('sums capacity and bytes over all requests, and counts what was done again', async () => {
    let failures = 2
    const { db, calls } = await open(
      changed((driver) => ({
        write: async (op, call) => {
          const done = call.sent({ command: 'write', bytes: 10 })
          if (failures-- > 0) {
            const error = throttled()
            done({ capacity: { read: 1 }, error, code: 'Busy' })
            throw error
          }
          done({ capacity: { read: 1, write: 2.5 }, bytes: 4 })
          return driver.write(op, { ...call, sent: () => () => undefined })
        },
      })),
    )
    await db.Item.put(key('1'))
    expect(calls[0]).toMatchObject({
      roundTrips: 3,
      retries: 2,
      bytesSent: 30,
      bytesReceived: 4,
      capacity: { read: 3, write: 2.5 },
      error: undefined,
    })
  })

  it('counts what was done again of a batch', async () => {
    let failures = 1
    const { db, calls } = await open(
      changed((driver) => ({
        writeBatch: async (ops, call) =>
          failures-- > 0 ? ops.map(() => ({ status: 'throttled' as const })) : driver.writeBatch(ops, call),
      })),
    )
    await db.Item.putMany([key('1'), key('2')])
    expect(calls[0]).toMatchObject({ operation: 'putMany', items: 2, roundTrips: 1, retries: 1 })
  })

  it('says why a call failed, by codes', async () => {
    const { db, calls } = await open(
      changed(() => ({
        get: async (_, call) => {
          const error = throttled()
          call.sent({ command: 'GetItem' })({ error, code: 'ThrottlingException' })
          throw error
        },
      })),
      { attempts: 1 },
    )
    await db.Item.get(key('1')).catch(() => undefined)
    await db.Item.create({ group: 'g' } as never).catch(() => undefined)
    expect(calls.map(({ operation, error, roundTrips }) => [operation, error, roundTrips])).toEqual([
      [
        'get',
        {
          name: 'StoreError',
          code: 'THROTTLED',
          outcome: 'not committed',
          retryable: true,
          vendorCode: 'ThrottlingException',
        },
        1,
      ],
      [
        'create',
        { name: 'StoreError', code: 'VALIDATION', outcome: 'not committed', retryable: false, vendorCode: undefined },
        0,
      ],
    ])
  })

  it('is told when a call that was given up ends, without what comes later', async () => {
    let answer: (() => void) | undefined
    const { db, calls, requests } = await open(
      changed((driver) => ({
        write: async (op, call) => {
          const done = call.sent({ command: 'write' })
          await new Promise<void>((resolve) => {
            answer = resolve
          })
          done({ bytes: 9, capacity: { write: 1 } })
          return driver.write(op, { ...call, sent: () => () => undefined })
        },
      })),
    )
    await db.Item.put(key('1'), { deadline: 20 }).catch(() => undefined)
    const [event] = calls
    expect(event).toMatchObject({ roundTrips: 1, error: { code: 'TIMEOUT', outcome: 'unknown' } })
    answer?.()
    await new Promise((resolve) => setTimeout(resolve))
    expect(requests).toHaveLength(1)
    expect(event).toMatchObject({ bytesReceived: 0, capacity: undefined })
  })
})

describe('the channels', () => {
  const calls = tracingChannel<string, CallEvent>('isomodel:call')
  const undo: (() => void)[] = []
  afterEach(() => {
    for (const one of undo.splice(0)) one()
  })
  const listen = (handlers: Partial<Record<'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error', Listener>>): void => {
    for (const [name, handler] of Object.entries(handlers)) {
      const one = `tracing:isomodel:call:${name}`
      subscribe(one, handler as (message: unknown) => void)
      undo.push(() => unsubscribe(one, handler as (message: unknown) => void))
    }
  }
  type Listener = (event: CallEvent) => void

  it('publish a call as a tracing channel does, one message for all', async () => {
    const told: [string, CallEvent][] = []
    const names = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const
    listen(Object.fromEntries(names.map((name) => [name, (event: CallEvent) => told.push([name, event])])))
    await using db = await connect(memory(), { Item })
    await db.Item.create(key('1'))
    await db.Item.create(key('1')).catch(() => undefined)
    expect(told.map(([name]) => name)).toEqual([
      'start',
      'end',
      'asyncStart',
      'asyncEnd',
      'start',
      'end',
      'error',
      'asyncStart',
      'asyncEnd',
    ])
    expect(new Set(told.map(([, event]) => event)).size).toBe(2)
    const [first, second] = [told[0]?.[1], told[8]?.[1]]
    expect(first).toMatchObject({ operation: 'create', roundTrips: 1, rowsReturned: 1, error: undefined })
    expect(second).toMatchObject({ operation: 'create', error: { code: 'ALREADY_EXISTS' } })
    expect(first).not.toHaveProperty('result')
  })

  it('publish each round trip', async () => {
    const events: unknown[] = []
    const handler = (event: unknown): void => void events.push(event)
    subscribe('isomodel:request', handler)
    undo.push(() => unsubscribe('isomodel:request', handler))
    await using db = await connect(memory(), { Item })
    await db.Item.create(key('1'))
    expect(events).toEqual([expect.objectContaining({ entity: 'Item', operation: 'create', command: 'put' })])
  })

  it('carry what is bound to them through the call, to the requests of its own', async () => {
    const storage = new AsyncLocalStorage<string>()
    calls.start.bindStore(storage, ({ operation }) => `in ${operation}`)
    undo.push(() => calls.start.unbindStore(storage))
    const seen: unknown[] = []
    await using db = await connect(
      changed((driver) => ({
        write: (op, call) => {
          seen.push(storage.getStore())
          return driver.write(op, call)
        },
        get: (requests, call) => {
          seen.push(storage.getStore())
          return driver.get(requests, call)
        },
      })),
      { Item },
    )
    await storage.run('outside', async () => {
      await db.Item.put(key('1'))
      await db.Item.get(key('1'))
      seen.push(storage.getStore())
    })
    expect(seen).toEqual(['in put', 'in get', 'outside'])
  })

  it('run a call inside what subscribers put around it', async () => {
    const order: string[] = []
    const around = (name: string) => (event: CallEvent) => {
      const { within } = event
      event.within = (work) => {
        order.push(name)
        return within === undefined ? work() : within(work)
      }
    }
    listen({ start: around('inner') })
    const outer = around('outer')
    subscribe('tracing:isomodel:call:start', outer as (message: unknown) => void)
    undo.push(() => unsubscribe('tracing:isomodel:call:start', outer as (message: unknown) => void))
    await using db = await connect(memory(), { Item })
    expect(await db.Item.put(key('1'))).toEqual({ ...key('1'), n: 0 })
    expect(order).toEqual(['outer', 'inner'])
  })

  it('have nothing to say when nobody listens', () => {
    expect([calls.hasSubscribers, channel('isomodel:request').hasSubscribers]).toEqual([false, false])
  })
})
