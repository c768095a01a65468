import { setTimeout as sleep } from 'node:timers/promises'
import { type Adapter, connect } from '@isomodel/core'
import { type EngineName, type Store, startEngine, uniqueNamespace } from '@isomodel/devstack'
import { type FaultyProxy, faultyProxy, type ProxyFault } from '@isomodel/testkit/faults'
import { afterAll, describe, expect, test } from 'vitest'
import { selectedStores } from '../engines/engines.js'
import { entities, type Shop } from './entities.js'
import { judge, type Verdict } from './judge.js'
import { printReports, report } from './report.js'
import { begin, type Kind, work } from './work.js'

/** `FAULTS=long` for ten times as much. */
const SCALE = process.env.FAULTS === 'long' ? 10 : 1

/** A client's heartbeat may live: without it most of the time goes by until the client has found its server again. */
const WORK = /^(?!.*(?:hello|ismaster))/is

export interface Tried {
  readonly store: Store
  readonly engine: EngineName
  /** An adapter over a namespace of the server at an address. */
  adapter(address: string, namespace: string): Adapter<'transact:store'>
  /** Calls over a bad connection. Default: 600. */
  readonly calls?: number
  /** How bad the connection is: where one call takes many requests, each meets fewer faults. Default: 1. */
  readonly badness?: number
  /** How often the server is killed. Default: 3. */
  readonly kills?: number
  /** What is judged when the server is killed. Default: all kinds. */
  readonly durable?: readonly Kind[]
}

/** How often each happens to a request. */
const LOST: { readonly [Fault in ProxyFault]?: number } = {
  refused: 0.03,
  lostRequest: 0.02,
  tornRequest: 0.02,
  lateRequest: 0.02,
  lostReply: 0.06,
  tornReply: 0.03,
  slow: 0.05,
}

const ALL: readonly Kind[] = ['add', 'create', 'put', 'transfer', 'unique']

/** Registers what an application must be able to rely on when connections break and servers die, on one engine. */
export function faultsOn({ store, engine, adapter, calls = 600, badness = 1, kills = 3, durable = ALL }: Tried): void {
  if (!selectedStores().includes(store)) {
    test(`${engine} is left out`, () => expect(selectedStores()).not.toContain(store))
    return
  }
  const count = calls * SCALE
  const timeout = 120_000 * SCALE

  describe(engine, () => {
    afterAll(printReports)

    test('over a bad connection nothing is lost, done twice, or told wrongly', { timeout }, async () => {
      await using server = await startEngine(engine)
      await using proxy = await faultyProxy(server.address, {
        rates: ratesOf(badness),
        seed: 1,
        on: WORK,
        delay: 40,
      })
      const namespace = uniqueNamespace('faults')
      await using db = await proxy.quietly(() => connected(adapter(proxy.address, namespace)))
      const cutting = cutNowAndThen(proxy)
      const done = await work(db, ALL, { count, together: 8 })
      cutting.abort()
      // What comes late has come by then.
      await sleep(500)
      await proxy.close()
      await using direct = await connect(adapter(server.address, namespace), entities)
      const verdicts = await judge(direct, done)
      report(`${engine}, bad connection`, { ...proxy.injected }, verdicts)
      expectNothingLost(verdicts)
    })

    test('what is delivered twice is done once, unless nothing guards it', { timeout }, async () => {
      await using server = await startEngine(engine)
      await using proxy = await faultyProxy(server.address, { rates: { duplicate: 0.3 }, seed: 2, on: WORK })
      const namespace = uniqueNamespace('faults')
      await using db = await proxy.quietly(() => connected(adapter(proxy.address, namespace)))
      const done = await work(db, ['add', 'create', 'transfer', 'unique'], { count: count / 2, together: 4 })
      await sleep(200)
      await proxy.close()
      await using direct = await connect(adapter(server.address, namespace), entities)
      const verdicts = await judge(direct, done)
      report(`${engine}, delivered twice`, { ...proxy.injected }, verdicts)
      // An addition asks nothing of what is there, so a network that repeats it adds again. Nothing of ours repeats it.
      expect(verdicts.find(({ kind }) => kind === 'add')?.twice.length).toBeGreaterThan(0)
      expectNothingLost(verdicts.filter(({ kind }) => kind !== 'add'))
    })

    test('a server that is killed has what it acknowledged', { timeout }, async () => {
      await using server = await startEngine(engine, { durable: true })
      const namespace = uniqueNamespace('faults')
      await using db = await connected(adapter(server.address, namespace))
      let over = false
      const working = work(db, durable, { count: Number.POSITIVE_INFINITY, together: 8, until: () => over })
      for (let kill = 0; kill < kills * SCALE; kill += 1) {
        await sleep(600 + 150 * (kill % 3))
        await server.kill()
        await server.restart()
      }
      await sleep(300)
      over = true
      const done = await working
      await using direct = await connect(adapter(server.address, namespace), entities)
      const verdicts = await judge(direct, done)
      report(`${engine}, killed`, { SIGKILL: kills * SCALE }, verdicts)
      expectNothingLost(verdicts)
    })
  })
}

async function connected(adapter: Adapter<'transact:store'>): Promise<Shop> {
  const db = await connect(adapter, entities)
  await begin(db)
  return db
}

const ratesOf = (badness: number): typeof LOST =>
  Object.fromEntries(Object.entries(LOST).map(([fault, rate]) => [fault, rate * badness]))

function cutNowAndThen(proxy: FaultyProxy): AbortController {
  const over = new AbortController()
  const cutting = async (): Promise<void> => {
    for (;;) {
      await sleep(1_000, undefined, { signal: over.signal })
      proxy.cut()
    }
  }
  cutting().catch(() => undefined)
  return over
}

function expectNothingLost(verdicts: readonly Verdict[]): void {
  for (const { kind, acknowledged, lost, denied, twice, wrong } of verdicts) {
    expect({ kind, lost, denied, twice, wrong }).toEqual({ kind, lost: [], denied: [], twice: [], wrong: [] })
    expect(acknowledged, `${kind}: acknowledged`).toBeGreaterThan(0)
  }
}
