import {
  type CapabilitiesOf,
  type Capability,
  connect,
  type Db,
  defineEntity,
  type Entity,
  type NativeOf,
  type Repository,
} from '@isomodel/core'
import type { Adapter } from '@isomodel/core/driver'
import { describe, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customerId: z.string(), orderId: z.string(), day: z.string(), total: z.number() }),
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: {
    byDay: { partition: ['day'] },
    byTotal: { partition: ['customerId'], sort: ['total'], scope: 'local' },
  },
  changes: true,
})
const Member = defineEntity({
  name: 'Member',
  schema: z.object({ id: z.string(), email: z.string() }),
  key: { partition: ['id'] },
  uniques: { byEmail: ['email'] },
})
type Shop = { Order: typeof Order }

declare const all: Db<Shop, unknown, Capability>
declare const some: Db<Shop, unknown, 'transact:store'>
declare const none: Db<Shop>
declare const whole: Adapter<Capability, { whole: string }>
declare const table: Adapter<'read:eventual' | 'transact:store' | 'changes:exact', { table: string }>
declare const cache: Adapter<'index:strong' | 'transact:store', { cache: string }>
declare const bare: Adapter<never, { bare: string }>
declare const any: Adapter

const key = { customerId: 'c', orderId: 'o' }
const typed = (...checks: readonly (() => unknown)[]): void => {
  for (const check of checks) expectTypeOf(check).toBeFunction()
}

describe('capabilities in types', () => {
  it('let through what the store can do, and refuse the rest', () => {
    typed(
      () => all.transact((t) => [t.Order.delete(key)]),
      () => some.transactGet((t) => [t.Order.get(key)]),
      () => all.changes(['Order']),
      () => all.Order.query('byDay', { day: 'd' }).consistency('strong'),
      () => all.collection(['Order'], 'byDay', { day: 'd' }).consistency('strong'),
      // @ts-expect-error no transactions
      () => none.transact((t) => [t.Order.delete(key)]),
      // @ts-expect-error no transactional reads
      () => none.transactGet((t) => [t.Order.get(key)]),
      // @ts-expect-error no change feed
      () => some.changes(['Order']),
      // @ts-expect-error the index is eventual
      () => some.Order.query('byDay', { day: 'd' }).consistency('strong'),
      // @ts-expect-error also behind other steps
      () => some.Order.query('byDay', { day: 'd' }).reverse().limit(1).select('total').consistency('strong'),
      // @ts-expect-error of several kinds, too
      () => some.collection(['Order'], 'byDay', { day: 'd' }).limit(1).consistency('strong'),
    )
  })

  it('ask nothing of what every store can do', () => {
    typed(
      () => none.Order.get(key, { consistency: 'strong' }),
      () => none.Order.query({ customerId: 'c' }).consistency('strong'),
      () => none.Order.query('byDay', { day: 'd' }).consistency('eventual'),
      () => none.Order.query('byTotal', { customerId: 'c' }).consistency('strong'),
      () => none.Order.scan({ allowScan: true }).consistency('strong'),
      () => none.collection(['Order'], { customerId: 'c' }).consistency('strong'),
      () => none.collection(['Order'], 'byTotal', { customerId: 'c' }).consistency('strong'),
    )
  })

  it('let a db with more stand for one with less, and never the other way', () => {
    expectTypeOf<typeof all>().toExtend<Db<Shop>>()
    expectTypeOf<typeof all>().toExtend<typeof some>()
    expectTypeOf<typeof some>().toExtend<Db<Shop>>()
    expectTypeOf<typeof none>().not.toExtend<typeof some>()
    expectTypeOf<typeof some>().not.toExtend<typeof all>()
    expectTypeOf<Db<Shop, unknown, 'index:strong'>>().not.toExtend<typeof some>()
  })

  it('do the same for repositories', () => {
    expectTypeOf<(typeof all)['Order']>().toExtend<Repository<typeof Order>>()
    expectTypeOf<(typeof all)['Order']>().toExtend<Repository<typeof Order, unknown, 'index:strong'>>()
    expectTypeOf<(typeof none)['Order']>().toExtend<Repository<typeof Order>>()
    expectTypeOf<(typeof none)['Order']>().not.toExtend<Repository<typeof Order, unknown, 'index:strong'>>()
  })

  it('do the same for adapters', () => {
    expectTypeOf<typeof whole>().toExtend<Adapter>()
    expectTypeOf<typeof whole>().toExtend<Adapter<'transact:store'>>()
    expectTypeOf<typeof any>().not.toExtend<Adapter<'transact:store'>>()
    expectTypeOf<typeof cache>().not.toExtend<Adapter<'changes:exact'>>()
  })

  it('come from the adapter; of one of several, those that all have', () => {
    expectTypeOf<CapabilitiesOf<typeof whole>>().toEqualTypeOf<Capability>()
    expectTypeOf<CapabilitiesOf<typeof bare>>().toEqualTypeOf<never>()
    expectTypeOf<CapabilitiesOf<typeof any>>().toEqualTypeOf<never>()
    expectTypeOf<CapabilitiesOf<typeof table | typeof cache>>().toEqualTypeOf<'transact:store'>()
    expectTypeOf<NativeOf<typeof table | typeof cache>>().toEqualTypeOf<{ table: string } | { cache: string }>()
    const open = () => connect(Math.random() < 0.5 ? table : cache, { Order })
    type Opened = Awaited<ReturnType<typeof open>>
    expectTypeOf<Opened>().toExtend<Db<Shop, unknown, 'transact:store'>>()
    expectTypeOf<Opened>().not.toExtend<Db<Shop, unknown, 'index:strong'>>()
    expectTypeOf<Opened['Order']['native']>().returns.toEqualTypeOf<{ table: string } | { cache: string }>()
  })

  it('are known inside of a branch that asked for them', () => {
    typed(async () => {
      if (none.supports('transact:store')) {
        await none.transact((t) => [t.Order.delete(key)])
        // @ts-expect-error of this nothing was asked
        await none.changes(['Order'])
      }
      if (some.supports('changes:exact')) {
        await some.changes(['Order'])
        await some.transact((t) => [t.Order.delete(key)])
      }
      if (none.supports('index:strong')) none.Order.query('byDay', { day: 'd' }).consistency('strong')
      // @ts-expect-error there is no such capability
      none.supports('transact:galaxy')
      expectTypeOf(all.capabilities['transact:store']).toEqualTypeOf<true>()
      expectTypeOf(none.capabilities['transact:store']).toEqualTypeOf<boolean>()
    })
  })

  it('are needed for unique constraints', () => {
    typed(
      () => connect(cache, { Order, Member }),
      () => connect(bare, { Order }),
      () => connect(bare, { Plain: Order as Entity }),
      // @ts-expect-error no transactions
      () => connect(bare, { Order, Member }),
      // @ts-expect-error not known to have any
      () => connect(any, { Member }),
    )
  })

  it('are names of db itself', () => {
    // @ts-expect-error a name of db
    const reserved = () => connect(whole, { supports: Order })
    typed(reserved)
  })
})
