import {
  type Capability,
  type Condition,
  connect,
  type Db,
  defineEntity,
  type EntityOf,
  type KeyOf,
  type Repository,
} from '@isomodel/core'
import type { Adapter } from '@isomodel/core/driver'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({
    customerId: z.string(),
    orderId: z.string(),
    status: z.enum(['placed', 'paid', 'shipped']),
    placedAt: z.date(),
    total: z.number(),
    note: z.string().nullable().optional(),
    tags: z.set(z.string()).default(new Set<string>()),
    serial: z.bigint().optional(),
    address: z.object({ city: z.string(), 'a.b': z.boolean() }),
    counts: z.record(z.string(), z.int()),
    lines: z.array(z.object({ productId: z.string(), quantity: z.int() })),
    event: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), x: z.number() }),
        z.object({ kind: z.literal('b'), y: z.string() }),
      ])
      .optional(),
  }),
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: {
    byStatus: { partition: ['status'], sort: ['placedAt', 'orderId'] },
    byCreation: { partition: ['status', 'customerId'], sort: ['createdAt'] },
  },
  revision: true,
  timestamps: true,
})

const Plain = defineEntity({
  name: 'Plain',
  schema: z.object({ id: z.string(), n: z.number() }),
  key: { partition: ['id'] },
})

declare const orders: Repository<typeof Order, { client: string }>
declare const plain: Repository<typeof Plain>
declare const shop: Db<{ Order: typeof Order; Plain: typeof Plain }, unknown, Capability>
declare const adapter: Adapter<never, { client: string }>

type OrderEntity = EntityOf<typeof Order>

describe('types', () => {
  it('infers entities, keys and results', () => {
    expectTypeOf<OrderEntity['status']>().toEqualTypeOf<'placed' | 'paid' | 'shipped'>()
    expectTypeOf<OrderEntity['revision']>().toEqualTypeOf<string>()
    expectTypeOf<OrderEntity['createdAt']>().toEqualTypeOf<Date>()
    expectTypeOf<OrderEntity['tags']>().toEqualTypeOf<Set<string>>()
    expectTypeOf<keyof EntityOf<typeof Plain>>().toEqualTypeOf<'id' | 'n'>()
    expectTypeOf<KeyOf<typeof Order>>().toEqualTypeOf<{ readonly customerId: string; readonly orderId: string }>()
    const got = (): Promise<OrderEntity | undefined> => orders.get({ customerId: 'c', orderId: 'o' })
    expectTypeOf(got).returns.resolves.toEqualTypeOf<OrderEntity | undefined>()
    const replaced = () => orders.put({} as OrderEntity, { return: 'old' })
    expectTypeOf(replaced).returns.resolves.toEqualTypeOf<OrderEntity | undefined>()
    const removed = () => orders.delete({ customerId: 'c', orderId: 'o' })
    expectTypeOf(removed).returns.resolves.toEqualTypeOf<void>()
    const native = () => orders.native()
    expectTypeOf(native).returns.toEqualTypeOf<{ client: string }>()
    const connected = () => connect(adapter, { Order, Plain })
    expectTypeOf<Awaited<ReturnType<typeof connected>>['Order']>().toEqualTypeOf<
      Repository<typeof Order, { client: string }>
    >()
  })

  it('lets an argument omit defaulted fields and keep what the library added', () => {
    const whole = (o: OrderEntity) => orders.put(o)
    const partial = (o: Omit<OrderEntity, 'tags' | 'revision' | 'createdAt' | 'updatedAt'>) => orders.create(o)
    expectTypeOf(whole).toBeFunction()
    expectTypeOf(partial).toBeFunction()
    // @ts-expect-error a required field is missing
    const missing = () => plain.create({ id: 'x' })
    expectTypeOf(missing).toBeFunction()
  })

  it('types queries, projections and conditions', () => {
    const walk = () =>
      orders
        .query('byStatus', { status: 'placed' })
        .where((o, { gte }) => gte(o.placedAt, new Date()))
        .limit(5)
    expectTypeOf<ReturnType<typeof walk>['all']>().returns.resolves.toEqualTypeOf<OrderEntity[]>()
    const few = () => orders.query({ customerId: 'c' }).select('orderId', 'revision').one()
    expectTypeOf(few).returns.resolves.toEqualTypeOf<Pick<OrderEntity, 'orderId' | 'revision'>>()
    const all = () =>
      orders
        .query({ customerId: 'c' })
        .where((o, { eq, and, or, not, at, contains, exists, beginsWith, between, in: isIn, gt }) => {
          const all: Condition = and(
            eq(o.status, 'paid'),
            eq(o.note, null),
            or(gt(o.total, 5), not(exists(o.note))),
            contains(o.tags, 'x'),
            eq(o.address.city, 'Rome'),
            eq(o.address['a.b'], true),
            gt(at(o.counts, 'x'), 1),
            gt(at(o.lines, 0).quantity, 1),
            beginsWith(o.note, 'a'),
            between(o.placedAt, new Date(), new Date()),
            isIn(o.status, ['paid', 'placed']),
            gt(o.serial, 1n),
            gt(o.createdAt, new Date()),
            eq(o.event.kind, 'a'),
            eq(o.event.x, 5),
          )
          return all
        })
    // @ts-expect-error no such index
    const wrongIndex = () => orders.query('byNothing', { status: 'placed' })
    // @ts-expect-error a partition field is missing
    const noPartition = () => orders.query('byCreation', { status: 'placed' })
    // @ts-expect-error no such field
    const noField = () => orders.query({ customerId: 'c' }).where((o, { eq }) => eq(o.nope, 1))
    // @ts-expect-error a number is not a string
    const wrongType = () => orders.query({ customerId: 'c' }).where((o, { eq }) => eq(o.total, '1'))
    // @ts-expect-error not in the enum
    const wrongEnum = () => orders.query({ customerId: 'c' }).where((o, { eq }) => eq(o.status, 'lost'))
    // @ts-expect-error lists have no order
    const noOrder = () => orders.query({ customerId: 'c' }).where((o, { gt }) => gt(o.lines, []))
    for (const each of [all, wrongIndex, noPartition, noField, wrongType, wrongEnum, noOrder])
      expectTypeOf(each).toBeFunction()
  })

  it('types updates', () => {
    const key = { customerId: 'c', orderId: 'o' }
    const fine = () =>
      orders.update(
        key,
        (o, { set, add, at, append, addToSet, remove }) => [
          set(o.status, 'paid'),
          add(o.total, 5),
          add(o.serial, 1n),
          add(at(o.lines, 0).quantity, 1),
          append(o.lines, [{ productId: 'p', quantity: 1 }]),
          addToSet(o.tags, new Set(['x'])),
          remove(o.note),
          set(o.note, null),
        ],
        { if: (o, { eq }) => eq(o.status, 'placed'), ifRevision: 'x', return: 'none' },
      )
    expectTypeOf(fine).returns.resolves.toEqualTypeOf<void>()
    const object = () => orders.update(key, { status: 'paid', total: undefined })
    expectTypeOf(object).returns.resolves.toEqualTypeOf<OrderEntity>()
    // @ts-expect-error a key field
    const ofKey = () => orders.update(key, (o, { set }) => [set(o.customerId, 'x')])
    // @ts-expect-error a key field
    const ofKeyByObject = () => orders.update(key, { orderId: 'x' })
    // @ts-expect-error a string
    const addToString = () => orders.update(key, (o, { add }) => [add(o.status, 1)])
    // @ts-expect-error a bigint takes a bigint
    const addNumber = () => orders.update(key, (o, { add }) => [add(o.serial, 1)])
    // @ts-expect-error the revision is not declared
    const noRevision = () => plain.update({ id: 'x' }, { n: 1 }, { ifRevision: 'x' })
    // @ts-expect-error an unknown option
    const noOption = () => plain.update({ id: 'x' }, { n: 1 }, { iff: 1 })
    // @ts-expect-error an unknown field
    const noField = () => plain.update({ id: 'x' }, { m: 1 })
    for (const each of [ofKey, ofKeyByObject, addToString, addNumber, noRevision, noOption, noField])
      expectTypeOf(each).toBeFunction()
  })

  it('types transactions, item by item', () => {
    const key = { customerId: 'c', orderId: 'o' }
    const written = () =>
      shop.transact((t) => [
        t.Order.update(key, (o, { add }) => add(o.total, 1), { if: (o, { eq }) => eq(o.status, 'paid') }),
        t.Plain.create({ id: 'p', n: 1 }),
        t.Plain.delete({ id: 'q' }),
        t.Order.check(key, { ifRevision: 'r' }),
      ])
    expectTypeOf(written).returns.resolves.toEqualTypeOf<[OrderEntity, EntityOf<typeof Plain>, undefined, undefined]>()
    const read = () => shop.transactGet((t) => [t.Order.get(key), t.Plain.get({ id: 'p' })])
    expectTypeOf(read).returns.resolves.toEqualTypeOf<[OrderEntity | undefined, EntityOf<typeof Plain> | undefined]>()
    const refused = () => {
      // @ts-expect-error it has no such entity
      shop.transact((t) => [t.Nobody.delete({ id: 'p' })])
      // @ts-expect-error a key lacks a field
      shop.transact((t) => [t.Order.delete({ customerId: 'c' })])
      // @ts-expect-error it has no revision
      shop.transact((t) => [t.Plain.check({ id: 'p' }, { ifRevision: 'r' })])
      // @ts-expect-error a read cannot write
      shop.transactGet((t) => [t.Order.delete(key)])
      // @ts-expect-error it is a name of db itself
      connect(adapter, { transact: Order })
    }
    expectTypeOf(refused).toBeFunction()
  })

  it('types queries of several partitions', () => {
    const open = () => connect(adapter, { Order })
    const shop = {} as Awaited<ReturnType<typeof open>>
    const all = () =>
      shop.Order.queryMany([{ customerId: 'a' }, { customerId: 'b' }])
        .select('orderId')
        .all()
    expectTypeOf(all).returns.resolves.toEqualTypeOf<Pick<OrderEntity, 'orderId'>[]>()
    const refused = () => {
      // @ts-expect-error a partition lacks its field
      shop.Order.queryMany([{ customerId: 'a' }, {}])
      // @ts-expect-error it has no such index
      shop.Order.queryMany('nope', [{ customerId: 'a' }])
    }
    expectTypeOf(refused).toBeFunction()
  })

  it('types collections by kind', () => {
    const inAccount = { partition: ['customer'], partitionName: 'Account' } as const
    const customer = z.string()
    const byDay = { partition: ['day'], sort: ['n'], partitionName: 'Day' } as const
    const Bill = defineEntity({
      name: 'Bill',
      schema: z.object({ customer, n: z.int(), day: z.string().optional() }),
      key: { ...inAccount, sort: ['n'] },
      indexes: { byDay },
    })
    const Visit = defineEntity({
      name: 'Visit',
      schema: z.object({ customer, at: z.date(), day: z.string(), n: z.int() }),
      key: { ...inAccount, sort: ['at'] },
      indexes: { byDay, byAt: { partition: ['at'] } },
    })
    const open = () => connect(adapter, { Bill, Visit, Plain })
    const shop = {} as Awaited<ReturnType<typeof open>>
    type Items = { readonly Bill: EntityOf<typeof Bill>[]; readonly Visit: EntityOf<typeof Visit>[] }
    const all = () => shop.collection(['Visit', 'Bill'], { customer: 'c' }).all()
    expectTypeOf(all).returns.resolves.toEqualTypeOf<Items>()
    const byIndex = () => shop.collection(['Visit', 'Bill'], 'byDay', { day: 'd' }).all()
    expectTypeOf(byIndex).returns.resolves.toEqualTypeOf<Items>()
    const counts = () => shop.collection(['Bill'], { customer: 'c' }).count()
    expectTypeOf(counts).returns.resolves.toEqualTypeOf<{ readonly Bill: number }>()
    const walk = async () => {
      for await (const row of shop.collection(['Visit', 'Bill'], { customer: 'c' })) {
        if (row.entity === 'Visit') expectTypeOf(row.item).toEqualTypeOf<EntityOf<typeof Visit>>()
      }
    }
    const refused = () => {
      const bills = shop.collection(['Bill'], { customer: 'c' })
      // @ts-expect-error not among its kinds
      bills.where('Visit', (v) => v)
      // @ts-expect-error Bill has no such index
      shop.collection(['Visit', 'Bill'], 'byAt', { at: new Date() })
      // @ts-expect-error it lies elsewhere
      shop.collection(['Bill', 'Plain'], { customer: 'c' })
      // @ts-expect-error the partition lacks a field
      shop.collection(['Bill'], {})
    }
    for (const each of [walk, refused]) expectTypeOf(each).toBeFunction()
  })

  it('refuses bad definitions', () => {
    const schema = z.object({
      id: z.string(),
      list: z.array(z.string()),
      maybe: z.string().optional(),
      at: z.date(),
      revision: z.string().optional(),
    })
    // @ts-expect-error no such field
    const unknown = () => defineEntity({ name: 'E', schema, key: { partition: ['nope'] } })
    // @ts-expect-error lists have no order
    const list = () => defineEntity({ name: 'E', schema, key: { partition: ['list'] } })
    // @ts-expect-error a key field is always there
    const optional = () => defineEntity({ name: 'E', schema, key: { partition: ['maybe'] } })
    // @ts-expect-error ttl is a date
    const ttl = () => defineEntity({ name: 'E', schema, key: { partition: ['id'] }, ttl: 'maybe' })
    // @ts-expect-error the schema has a revision already
    const clash = () => defineEntity({ name: 'E', schema, key: { partition: ['id'] }, revision: true })
    const key = { partition: ['id'] } as const
    // @ts-expect-error no such field in an index
    const index = () => defineEntity({ name: 'E', schema, key, indexes: { by: { partition: ['nope'] } } })
    const renamed = () =>
      defineEntity({
        name: 'E',
        schema,
        key: { partition: ['id'] },
        revision: 'version',
        ttl: 'at',
        indexes: { by: { partition: ['maybe'] } },
      })
    // @ts-expect-error db has its own setup
    const reserved = () => connect(adapter, { setup: Plain })
    for (const each of [unknown, list, optional, ttl, clash, index, renamed, reserved])
      expectTypeOf(each).toBeFunction()
  })
})
