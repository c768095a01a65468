import { readFileSync } from 'node:fs'
import { type Engine, startStore } from '@isomodel/devstack'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runExample } from './run-example.js'

const exampleStores = ['memory', 'dynamodb', 'mongodb', 'redis'] as const
type ExampleStore = (typeof exampleStores)[number]

const variables = { dynamodb: 'DYNAMODB_ENDPOINT', mongodb: 'MONGODB_URI', redis: 'REDIS_URL' } as const
const engines = new Map<ExampleStore, Engine>()

beforeAll(async () => {
  for (const store of ['dynamodb', 'mongodb', 'redis'] as const) engines.set(store, await startStore(store))
})
afterAll(async () => {
  for (const engine of engines.values()) await engine.stop()
})

/** What the environment must say for an example to find a store. */
function environment(store: ExampleStore): NodeJS.ProcessEnv {
  if (store === 'memory') return {}
  return { [variables[store]]: engines.get(store)?.address }
}

const lines = (...text: readonly string[]): string => `${text.join('\n')}\n`

describe('quick start', () => {
  const file = (store: string): string => `quick-start/${store === 'memory' ? 'main' : `on-${store}`}.ts`

  it.each(exampleStores)('says the same on %s, twice', async (store) => {
    const said = lines('placed since Monday: 2', 'paid: 45 for 3 tea', 'all orders of ann: 1 placed, 2 paid')
    expect(await runExample(file(store), { env: environment(store) })).toBe(said)
    expect(await runExample(file(store), { env: environment(store) })).toBe(said)
  })

  it.each(['dynamodb', 'mongodb', 'redis'])('differs on %s by one line', (store) => {
    const read = (name: string): string[] => readFileSync(new URL(name, import.meta.url), 'utf8').split('\n')
    const memory = read(file('memory'))
    const other = read(file(store))
    expect(other.length).toBe(memory.length)
    expect(other.filter((line, at) => line !== memory[at])).toEqual([`import { store } from '../stores/${store}.js'`])
  })
})

describe.each(exampleStores)('on %s', (store) => {
  // The examples have entities of one name and other keys, which no store takes beside each other.
  const run = (name: string): Promise<string> =>
    runExample(`${name}/main.ts`, { args: [store], env: { ...environment(store), NAMESPACE: `examples-${name}` } })

  it('the accounts share no address', async () => {
    const said = lines('of two at once: 1', 'a-3 signed up', 'ann is ann@example.com', 'accounts: 2')
    expect(await run('accounts')).toBe(said)
    expect(await run('accounts')).toBe(said)
  })

  it('the balance follows the orders', async () => {
    const said = lines('Ann owes 12.5', 'o-1 90 paid', 'o-3 12.5 open')
    expect(await run('projection')).toBe(said)
    expect(await run('projection')).toBe(said)
  })

  it('the cart never sells a piece twice', async () => {
    expect(await run('cart')).toBe(
      lines(
        'two buyers want two of three kettles: in the cart, sold out',
        'left in stock: 1',
        'a product that is not there: no such product',
        'order what was seen: ok',
        'order it again: the cart has changed',
        'put more in: the cart is ordered already',
        'left in stock: 1',
      ),
    )
  })

  it('the session ends half an hour after its last use', async () => {
    expect(await run('session')).toBe(
      lines(
        'after 20 minutes the phone is used: signed in',
        'after 40 minutes, the phone: signed in',
        'after 40 minutes, the laptop: signed out',
        'sessions of the user: 1',
        'after signing out: 0',
      ),
    )
  })

  it('the shop answers its access patterns', async () => {
    expect(await run('shop')).toBe(
      lines(
        'entities: 21',
        'customer: Samaneh',
        'order of 2020-06-21T19:10:00: 2 x p#12345, 5 x p#99887',
        'invoice over 400: 300 by MasterCard, 100 by GiftCard',
        'bought p#99887 on 2020-06-21T19:20:00',
        'bought p#12345 on 2020-06-21T19:18:00',
        'in warehouse w#12345: 50 x p#12345, 4 x p#99887',
      ),
    )
  })

  it('the leaderboard loses no round', async () => {
    expect(await run('leaderboard')).toBe(
      lines(
        '1. ann: 65 points in 3 rounds',
        '2. dora: 50 points in 1 round',
        '3. ben: 45 points in 1 round',
        'players with 50 points or more: 2',
      ),
    )
  })
})

it('names the stores when it is asked for another', async () => {
  await expect(runExample('cart/main.ts', { args: ['casandra'] })).rejects.toThrow(
    'no store casandra: name one of memory, dynamodb, mongodb, redis',
  )
})
