import { defineEntity, StoreError } from '@isomodel/core'
import * as vitest from 'vitest'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type EachStoreOptions, type EachStoreRunner, eachStore, type StoreEntry } from '../src/index.js'
import { memoryStore } from './memory-store.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customerId: z.string(), orderId: z.string(), total: z.number() }),
  key: { partition: ['customerId'], sort: ['orderId'] },
})

const order = { customerId: 'c-1', orderId: 'o-1', total: 5 }

eachStore(
  [memoryStore('one'), memoryStore('another')],
  { Order },
  (db, store) => {
    it('has a db that is set up', async () => {
      expect(await db.Order.create(order)).toEqual(order)
      expect(await db.check()).toEqual({ ok: true, problems: [] })
    })

    it('has nothing of the test before', async () => {
      expect(await db.Order.get(order)).toBeUndefined()
    })

    it('says which store it is on', () => {
      expect(['one', 'another']).toContain(store.name)
    })
  },
  vitest,
)

const seen: (number | undefined)[] = []
eachStore(
  [memoryStore('shared')],
  { Order },
  (db) => {
    it('begins with nothing', async () => {
      seen.push(await db.Order.query({ customerId: 'c-1' }).count())
      await db.Order.create(order)
    })
    it('goes on with what the test before left', async () => {
      seen.push(await db.Order.query({ customerId: 'c-1' }).count())
      expect(seen).toEqual([0, 1])
    })
  },
  vitest,
  { clean: 'store' },
)

/** A runner that only keeps what it is given, to run it by hand. */
function byHand() {
  const kept = { before: [] as (() => Promise<void>)[], after: [] as (() => Promise<void>)[], titles: [] as string[] }
  const runner: EachStoreRunner = {
    describe: (title, define) => {
      kept.titles.push(title)
      define()
    },
    beforeEach: (run) => kept.before.push(run),
    afterEach: (run) => kept.after.push(run),
  }
  return { kept, runner }
}

describe('eachStore', () => {
  it('opens each store before a test, and closes it after', async () => {
    const { kept, runner } = byHand()
    const log: string[] = []
    const store = memoryStore('logged')
    const logged: StoreEntry = {
      name: 'logged',
      open: async () => {
        log.push('open')
        const opened = await store.open()
        return { adapter: opened.adapter, close: async () => void log.push('close') }
      },
    }
    eachStore([logged], { Order }, () => log.push('define'), runner)
    for (let test = 0; test < 2; test += 1) {
      await kept.before[0]?.()
      await kept.after[0]?.()
    }
    expect(log).toEqual(['define', 'open', 'close', 'open', 'close'])
    expect(kept.titles).toEqual(['logged'])
  })

  it('refuses a db outside of tests, saying where it belongs', async () => {
    const { kept, runner } = byHand()
    let outside: (() => unknown) | undefined
    eachStore(
      [memoryStore('m')],
      { Order },
      (db) => {
        expect(() => db.Order).toThrow(/inside of tests.*it\(/)
        outside = () => db.Order.get(order)
      },
      runner,
    )
    await kept.before[0]?.()
    const held = outside?.()
    await held
    await kept.after[0]?.()
    expect(() => outside?.()).toThrow(/inside of tests/)
  })

  it('fails the tests of a store that cannot be opened, by its name, and closes what was opened', async () => {
    const { kept, runner } = byHand()
    const closed: string[] = []
    const away: StoreEntry = {
      name: 'far away',
      open: async () => ({
        adapter: {
          store: 'far',
          capabilities: {
            'read:eventual': false,
            'index:strong': false,
            'transact:store': false,
            'changes:exact': false,
          },
          open: () => Promise.reject(new StoreError('nobody answers', { code: 'UNAVAILABLE' })),
        },
        close: async () => void closed.push('far away'),
      }),
    }
    eachStore([away], { Order }, () => undefined, runner)
    await expect(kept.before[0]?.()).rejects.toThrow(/far away could not be made ready.*nobody answers/)
    expect(closed).toEqual(['far away'])
  })

  it.each<[unknown, string]>([
    [{ clean: 'nope' }, `eachStore: clean is "nope"; it can be 'test' or 'store'.`],
    [{ clean: true }, `eachStore: clean is true; it can be 'test' or 'store'.`],
    [{ claen: 'store' }, 'eachStore has no option "claen"; there are clean, connect, timeout.'],
    [{ constructor: 1 }, 'eachStore has no option "constructor"; there are clean, connect, timeout.'],
    [{ timeout: '5s' }, 'eachStore: timeout is "5s"; it can be a number of milliseconds above 0.'],
    [{ timeout: 0 }, 'eachStore: timeout is 0; it can be a number of milliseconds above 0.'],
    [{ timeout: Number.NaN }, 'eachStore: timeout is NaN; it can be a number of milliseconds above 0.'],
    [{ connect: 5 }, 'eachStore: connect is 5; it can be an object, the options of connect.'],
    ['store', "eachStore takes its options as an object, as in { clean: 'store' }; it got string."],
    [null, "eachStore takes its options as an object, as in { clean: 'store' }; it got null."],
  ])('refuses the options %j before it defines a test', (options, message) => {
    const { kept, runner } = byHand()
    const define = () => expect.unreachable()
    expect(() => eachStore([memoryStore('m')], { Order }, define, runner, options as EachStoreOptions)).toThrow(
      new TypeError(message),
    )
    expect(kept.titles).toEqual([])
  })

  it('takes options that are left undefined', () => {
    const { kept, runner } = byHand()
    const options = { clean: undefined, timeout: undefined } as unknown as EachStoreOptions
    eachStore([memoryStore('m')], { Order }, () => undefined, runner, options)
    expect(kept.titles).toEqual(['m'])
  })

  it('refuses to run on no store, and to guess a runner', () => {
    expect(() => eachStore([], { Order }, () => undefined, byHand().runner)).toThrow(/no stores/)
    expect(() => eachStore([memoryStore('m')], { Order }, () => undefined)).toThrow(/import \* as vitest/)
    expect(() =>
      eachStore([memoryStore('m')], { Order }, () => undefined, byHand().runner, { clean: 'store' }),
    ).toThrow(/afterAll/)
  })
})
