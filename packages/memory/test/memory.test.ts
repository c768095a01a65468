import { connect, defineEntity, type EntityOf, StoreError } from '@isomodel/core'
import { equalValues, type Values } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type MemoryOptions, memory, type Snapshot } from '../src/index.js'
import { id, Order, open } from './shop.js'

const key = { shop: 's', id: 'a' }

describe('memory()', () => {
  it('makes stores that share nothing', async () => {
    const [one, two] = [await open(), await open()]
    await one.db.Order.create({ ...key, total: 1 })
    expect(await two.db.Order.get(key)).toBeUndefined()
  })

  it('shares its data between connections, also after one is closed', async () => {
    const first = await open()
    const second = await open(first.store)
    await first.db.Order.create({ ...key, total: 1 })
    await first.db.close()
    expect(await second.db.Order.get(key)).toMatchObject({ total: 1 })
  })

  it('refuses options that do not exist', () => {
    const options = { tables: 1 } as MemoryOptions
    expect(() => memory(options)).toThrow(expect.objectContaining({ name: 'StoreError', code: 'VALIDATION' }))
    expect(() => memory(options)).toThrow(/no option "tables"; there is snapshot/)
    expect(() => memory('x' as MemoryOptions)).toThrow(/memory\(\{ snapshot \}\)/)
  })

  it('gives itself and the encoded key as native', async () => {
    const { store, db } = await open()
    expect(db.Order.native({ shop: 'a#b', id: '1' })).toStrictEqual({
      memory: store,
      key: { partition: 'Order#a$23b', sort: 'Order#1' },
    })
    expect(db.Order.native().key).toBeUndefined()
  })

  it('needs no setup, which only records the model', async () => {
    const { db } = await open()
    await db.Order.create({ ...key, total: 1, status: 'paid' })
    expect(await db.setup()).toStrictEqual({ created: ['model of Order'], unfilled: [] })
    expect(await db.setup()).toStrictEqual({ created: [], unfilled: [] })
    expect(await db.check()).toStrictEqual({ ok: true, problems: [] })
  })

  it('explains a write as one round trip, and sends none for it', async () => {
    const { store, db } = await open()
    expect(db.Order.explain.update(key, { total: 2 })).toMatchObject({
      roundTrips: 1,
      request: { command: 'update', partition: 'Order#s', sort: 'Order#a', guard: { exists: 'present' } },
    })
    expect(store.snapshot().entities).toStrictEqual([])
  })
})

describe('what is in the store is shared with nobody', () => {
  it('neither what was written nor what is read', async () => {
    const { db } = await open()
    const bag = { __proto__x: { at: new Date(1) } }
    const given = {
      ...key,
      total: 1,
      at: new Date(5),
      raw: new Uint8Array([1]),
      tags: new Set(['t']),
      lines: [{ sku: 'x' }],
      bag,
    }
    const expected = structuredClone(given)
    const spoil = (entity: EntityOf<typeof Order> | typeof given | undefined): void => {
      entity?.at?.setTime(0)
      entity?.raw?.fill(9)
      entity?.tags?.add('spoiled')
      for (const line of entity?.lines ?? []) line.sku = 'spoiled'
      Object.assign(entity?.bag ?? {}, { more: true })
    }
    spoil(await db.Order.create(given))
    spoil(given)
    for (let read = 0; read < 2; read++) {
      const found = await db.Order.get(key)
      expect(found).toMatchObject(expected)
      spoil(found)
      const [queried] = await db.Order.query({ shop: 's' }).all()
      expect(queried).toMatchObject(expected)
      spoil(queried)
    }
    spoil(await db.Order.update(key, { total: 2 }, { return: 'old' }))
    const { revision: _, ...last } = (await db.Order.get(key)) ?? { revision: '' }
    expect(last).toStrictEqual({ ...expected, total: 2 })
  })
})

describe('a request', () => {
  it('takes effect later than the call, and at once', async () => {
    const { store, db } = await open()
    const writing = db.Order.create({ ...key, total: 1 })
    expect(store.snapshot().entities).toStrictEqual([])
    await writing
    expect(store.snapshot().entities).toHaveLength(1)
  })

  it('loses none of 200 concurrent increments', async () => {
    const { db } = await open()
    await db.Order.create({ ...key, total: 0 })
    await Promise.all(Array.from({ length: 200 }, () => db.Order.update(key, (o, { add }) => [add(o.count, 1)])))
    expect(await db.Order.get(key)).toMatchObject({ count: 200 })
  })

  it('does nothing under a signal that fires before it takes effect', async () => {
    const { store, db } = await open()
    const controller = new AbortController()
    const writing = db.Order.create({ ...key, total: 1 }, { signal: controller.signal })
    controller.abort()
    await expect(writing).rejects.toMatchObject({ code: 'ABORTED' })
    await new Promise(setImmediate)
    expect(store.snapshot().entities).toStrictEqual([])
  })

  it('lets timers run in a long loop', async () => {
    const { db } = await open()
    let fired = false
    setTimeout(() => {
      fired = true
    }, 1)
    for (let write = 0; write < 50_000 && !fired; write++) await db.Order.put({ ...key, total: write })
    expect(fired).toBe(true)
  })

  it('is one round trip each', async () => {
    const commands: string[] = []
    const db = await connect(memory(), { Order }, { onRequest: ({ command }) => commands.push(command) })
    await db.Order.create({ ...key, total: 1 })
    await db.Order.update(key, { total: 2 })
    await db.Order.getMany([key, { ...key, id: 'b' }])
    await db.Order.putMany([
      { ...key, total: 3 },
      { ...key, id: 'b', total: 4 },
    ])
    await db.Order.query({ shop: 's' }).all()
    await db.Order.query({ shop: 's' })
      .where((o, { and, gt, lt }) => and(gt(o.id, 'b'), lt(o.id, 'a')))
      .all()
    await db.Order.delete(key)
    expect(commands).toStrictEqual(['put', 'update', 'get', 'writeBatch', 'query', 'delete'])
  })
})

describe('a large partition', () => {
  const COUNT = 10_000

  it('is paged through while entities come and go, forward and in reverse', async () => {
    const { db } = await open()
    const order = Array.from({ length: COUNT }, (_, n) => (n * 7_919) % COUNT)
    await db.Order.putMany(order.map((n) => ({ shop: 's', id: id(n), total: n, status: 'paid' as const })))
    const staying = Array.from({ length: COUNT }, (_, n) => id(n)).filter((_, n) => n % 500 !== 499)
    for (const reverse of [false, true]) {
      const query = reverse ? db.Order.query({ shop: 's' }).reverse() : db.Order.query({ shop: 's' })
      const seen: string[] = []
      let cursor: string | undefined
      let pages = 0
      do {
        const page = await query.page({ size: 700, cursor })
        seen.push(...page.items.map((item) => item.id))
        cursor = page.cursor
        pages++
        const last = seen.at(-1) as string
        await db.Order.delete({ shop: 's', id: last })
        await db.Order.put({ shop: 's', id: `${last}-new`, total: 0 })
        await db.Order.put({ shop: 's', id: last, total: 0, status: 'paid' })
        await db.Order.delete({ shop: 's', id: `${last}-new` })
        await db.Order.delete({ shop: 's', id: id(pages * 500 - 1) })
      } while (cursor !== undefined)
      const kept = seen.filter((each) => staying.includes(each) || reverse)
      expect(new Set(seen).size).toBe(seen.length)
      expect(kept.filter((each) => staying.includes(each))).toStrictEqual(reverse ? staying.toReversed() : staying)
    }
  })

  it('finds few rows behind many that do not fit, and stops at the end', async () => {
    const { db } = await open()
    await db.Order.putMany(
      Array.from({ length: 5_000 }, (_, n) => ({ shop: 's', id: id(n), total: n, status: 'paid' as const })),
    )
    const rare = db.Order.query('byStatus', { status: 'paid' }).where((o, { contains }) => contains(o.id, '99'))
    const expected = Array.from({ length: 5_000 }, (_, n) => id(n)).filter((each) => each.includes('99'))
    expect((await rare.all()).map((each) => each.id)).toStrictEqual(expected)
    expect((await rare.limit(3).all()).map((each) => each.id)).toStrictEqual(expected.slice(0, 3))
    expect(await rare.reverse().count()).toBe(expected.length)
  })
})

describe('an index', () => {
  const found = async (db: Awaited<ReturnType<typeof open>>['db'], status: 'placed' | 'paid'): Promise<string[]> =>
    (await db.Order.query('byStatus', { status }).all()).map((each) => each.id)

  it('follows every write at once', async () => {
    const { db } = await open()
    await db.Order.create({ ...key, total: 1, status: 'placed' })
    expect(await found(db, 'placed')).toStrictEqual(['a'])
    await db.Order.update(key, { status: 'paid' })
    expect([await found(db, 'placed'), await found(db, 'paid')]).toStrictEqual([[], ['a']])
    await db.Order.update(key, (o, { remove }) => [remove(o.status)])
    expect([await found(db, 'placed'), await found(db, 'paid')]).toStrictEqual([[], []])
    await db.Order.put({ ...key, total: 1, status: 'paid' })
    await db.Order.delete(key)
    expect(await found(db, 'paid')).toStrictEqual([])
    expect(await db.check()).toStrictEqual({ ok: true, problems: [] })
  })

  const withTotal = defineEntity({
    name: 'Order',
    schema: z.object({ shop: z.string(), id: z.string(), total: z.number() }),
    key: { partition: ['shop'], sort: ['id'] },
    indexes: { byTotal: { partition: ['shop'], sort: ['total'] } },
  })

  it('that a later connection brings holds what was there, and is kept by all', async () => {
    const { store, db } = await open()
    await db.Order.create({ ...key, total: 2 })
    const later = await connect(store, { withTotal })
    await db.Order.create({ shop: 's', id: 'b', total: 1 })
    const ids = (await later.withTotal.query('byTotal', { shop: 's' }).all()).map((each) => each.id)
    expect(ids).toStrictEqual(['b', 'a'])
  })

  it('keeps what a connection does not know of, and does not show it', async () => {
    const { store, db } = await open()
    await db.Order.create({ ...key, total: 2, status: 'paid', count: 7 })
    const later = await connect(store, { withTotal })
    expect(await later.withTotal.get(key)).toStrictEqual({ ...key, total: 2 })
    expect(await later.withTotal.update(key, { total: 3 })).toStrictEqual({ ...key, total: 3 })
    expect(await db.Order.get(key)).toMatchObject({ total: 3, status: 'paid', count: 7 })
    expect(await found(db, 'paid')).toStrictEqual(['a'])
  })

  it('or key of the same name on other fields is refused with both', async () => {
    const { store } = await open()
    const otherIndex = defineEntity({
      name: 'Order',
      schema: z.object({ shop: z.string(), id: z.string(), status: z.string() }),
      key: { partition: ['shop'], sort: ['id'] },
      indexes: { byStatus: { partition: ['status'] } },
    })
    await expect(connect(store, { otherIndex })).rejects.toThrow(
      /index byStatus: Order by \[status: string\] then \[total: number\], not Order by \[status: string\] then \[\]/,
    )
    const otherKey = defineEntity({
      name: 'Order',
      schema: z.object({ shop: z.string(), id: z.int() }),
      key: { partition: ['shop'], sort: ['id'] },
    })
    await expect(connect(store, { otherKey })).rejects.toMatchObject({ code: 'MODEL_MISMATCH', name: 'StoreError' })
  })
})

describe('expired entities', () => {
  it('are gone at their moment, and swept by a few later writes, by the clock of the connection', async () => {
    const { store, db, clock } = await open()
    const until = new Date(clock.now + 10)
    await db.Order.putMany(Array.from({ length: 5 }, (_, n) => ({ shop: 's', id: id(n), total: n, until })))
    clock.now += 9
    await db.Order.put({ ...key, total: 1 })
    expect(await db.Order.query({ shop: 's' }).count()).toBe(6)
    clock.now += 1
    expect(await db.Order.query({ shop: 's' }).count()).toBe(1)
    expect(await db.Order.get({ shop: 's', id: id(0) })).toBeUndefined()
    expect(store.snapshot().entities).toHaveLength(6)
    for (let write = 0; write < 3; write++) await db.Order.put({ ...key, total: write })
    expect(store.snapshot().entities).toHaveLength(1)
  })

  it('are removed by sweep, never those that have not expired', async () => {
    const { store, db } = await open()
    await db.Order.create({ ...key, total: 1, until: new Date(Date.now() + 3_600_000) })
    await db.Order.create({ ...key, id: 'b', total: 1, until: null })
    await db.Order.create({ ...key, id: 'c', total: 1, until: new Date(2_000_000), status: 'paid' })
    await db.Order.update({ ...key, id: 'c' }, { until: new Date(3_000_000) })
    expect(store.sweep(2_999_999)).toBe(0)
    expect(store.sweep()).toBe(1)
    expect(store.sweep()).toBe(0)
    expect(store.snapshot().entities.map(({ sort }) => sort)).toStrictEqual(['Order#a', 'Order#b'])
    expect(await db.check()).toMatchObject({ ok: true })
  })
})

describe('a snapshot', () => {
  it('brings everything back: values, revisions, indexes, expiry', async () => {
    const { store, db, clock } = await open()
    const bag = JSON.parse('{"__proto__":{"$date":1},"constructor":[null]}') as Record<string, unknown>
    const created = await db.Order.create({
      ...key,
      total: 1,
      status: 'paid',
      raw: new Uint8Array([0, 255]),
      tags: new Set(['']),
      bag,
      until: new Date(clock.now + 5),
    })
    const before = store.snapshot()
    await db.Order.update(key, { status: 'placed' })
    await db.Order.create({ ...key, id: 'b', total: 2 })
    store.restore(before)
    expect(equalValues((await db.Order.get(key)) as Values, created as Values)).toBe(true)
    expect(Object.keys((await db.Order.get(key))?.bag ?? {})).toStrictEqual(['__proto__', 'constructor'])
    expect((await db.Order.query('byStatus', { status: 'paid' }).all()).map((each) => each.id)).toStrictEqual(['a'])
    expect(await db.Order.query({ shop: 's' }).count()).toBe(1)
    clock.now += 5
    expect(store.sweep(clock.now)).toBe(1)
  })

  it('belongs to nobody else', async () => {
    const { store, db } = await open()
    await db.Order.create({ ...key, total: 1, tags: new Set(['t']) })
    const snapshot = store.snapshot()
    const [fields] = snapshot.entities.map((each) => each.fields as { total: number; tags: Set<string> })
    fields?.tags.add('spoiled')
    expect((await db.Order.get(key))?.tags).toStrictEqual(new Set(['t']))
    store.restore(snapshot)
    fields?.tags.add('again')
    expect((await db.Order.get(key))?.tags).toStrictEqual(new Set(['t', 'spoiled']))
  })

  it('begins another store, before or after the model is connected', async () => {
    const { store, db } = await open()
    await db.Order.create({ ...key, total: 1, status: 'paid', until: new Date(1_000_001) })
    const copy = memory({ snapshot: structuredClone(store.snapshot()) })
    const other = await open(copy)
    expect(await other.db.Order.query('byStatus', { status: 'paid' }).count()).toBe(1)
    other.clock.now += 1
    expect(copy.sweep(other.clock.now)).toBe(1)
    expect(await db.Order.get(key)).toBeDefined()
  })

  it('that does not fit the model that is connected later is refused then', async () => {
    const entities = [
      { entity: 'Order', partition: 'Order#s', sort: 'Order#a', token: 't', fields: { status: [1], total: 1 } },
    ]
    const copy = memory({ snapshot: { format: 1, entities } })
    await expect(open(copy)).rejects.toMatchObject({
      code: 'CORRUPT',
      message: expect.stringMatching(/an Order that does not fit/),
    })
    copy.restore({ format: 1, entities: [] })
    const { db } = await open(copy)
    expect(await db.Order.query({ shop: 's' }).count()).toBe(0)
  })

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /no entities/],
    ['another format', { format: 2, entities: [] }, /format is 2, and this version reads 1/],
    ['half an entity', { format: 1, entities: [{ entity: 'Order' }] }, /incomplete/],
    [
      'an entity without fields',
      { format: 1, entities: [{ entity: 'Order', partition: '', sort: '', token: '', fields: null }] },
      /incomplete/,
    ],
    [
      'an entity of another model',
      {
        format: 1,
        entities: [
          { entity: 'Order', partition: 'Order#s', sort: 'Order#a', token: 't', fields: { status: [1], total: 1 } },
        ],
      },
      /does not fit the model/,
    ],
  ])('that is %s is refused, and everything stays', async (_, snapshot, message) => {
    const { store, db } = await open()
    await db.Order.create({ ...key, total: 1, status: 'paid' })
    expect(() => store.restore(snapshot as Snapshot)).toThrow(StoreError)
    expect(() => store.restore(snapshot as Snapshot)).toThrow(message)
    expect(await db.Order.query('byStatus', { status: 'paid' }).count()).toBe(1)
    expect(await db.check()).toMatchObject({ ok: true })
  })
})
