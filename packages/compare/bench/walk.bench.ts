/**
 * Walking a query of n items on each store: an item of a long list costs what one of a short list does, and what was walked
 * past is not kept. Times are the median of rounds that alternate between both lists; the heap is what is left after
 * a collection, beyond what it was before the walk.
 */
import { type Adapter, connect, defineEntity } from '@isomodel/core'
import { startStore, uniqueNamespace } from '@isomodel/devstack'
import { dynamodb } from '@isomodel/dynamodb'
import { memory } from '@isomodel/memory'
import { mongodb } from '@isomodel/mongodb'
import { redis } from '@isomodel/redis'
import { z } from 'zod'

const SHORT = 1_000
const ROUNDS = 7
/** An item among ten or a hundred times as many may take this much longer. */
const LINEAR = 1.3
/** kB, however long the list is: twice the page of 1,000 that is at hand. The long list itself takes more than 5,000. */
const FLAT = 2_000
/** How often the heap is looked at during a walk. */
const LOOKS = 10

const Entry = defineEntity({
  name: 'Entry',
  schema: z.object({ list: z.string(), at: z.int(), madeAt: z.date(), text: z.string() }),
  key: { partition: ['list'], sort: ['at'] },
})

const collect = globalThis.gc
if (collect === undefined) throw new Error('the heap cannot be measured: run this with node --expose-gc')

await bench('memory', 100_000, memory())
{
  await using engine = await startStore('dynamodb')
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = { endpoint: engine.address, region: 'us-east-1', credentials }
  await bench('dynamodb', 10_000, dynamodb({ client, table: uniqueNamespace('walk') }))
}
{
  await using engine = await startStore('mongodb')
  await bench('mongodb', 10_000, mongodb({ uri: engine.address, database: uniqueNamespace('walk') }))
}
{
  await using engine = await startStore('redis')
  await bench('redis', 10_000, redis({ url: engine.address, namespace: uniqueNamespace('walk') }))
}

async function bench(store: string, long: number, adapter: Adapter): Promise<void> {
  await using db = await connect(adapter, { Entry })
  await db.setup()
  for (const [list, count] of [
    ['short', SHORT],
    ['long', long],
  ] as const) {
    for (let from = 0; from < count; from += SHORT) {
      await db.Entry.putMany(Array.from({ length: SHORT }, (_, at) => entry(list, from + at)))
    }
  }

  /** Calls back each time that another part of the list was walked. */
  const walk = async (list: 'short' | 'long', onPart: () => void = () => undefined): Promise<void> => {
    const count = list === 'short' ? SHORT : long
    let seen = 0
    for await (const { at } of db.Entry.query({ list })) {
      if (at !== seen) throw new Error(`${store}: item ${seen} of the walk is ${at}`)
      seen += 1
      if (seen % (count / LOOKS) === 0) onPart()
    }
    if (seen !== count) throw new Error(`${store}: the walk had ${seen} items of ${count}`)
  }

  const times = { short: [] as number[], long: [] as number[] }
  for (let round = -1; round < ROUNDS; round++) {
    const short: number[] = []
    // Several of the short list for one of the long: its time is otherwise a matter of chance.
    for (let again = 0; again < 10; again++) short.push(await microseconds(() => walk('short'), SHORT))
    const each = await microseconds(() => walk('long'), long)
    // The first round warms up.
    if (round < 0) continue
    times.short.push(median(short))
    times.long.push(each)
  }
  const before = heap()
  let most = before
  await walk('long', () => {
    most = Math.max(most, heap())
  })

  const items = long.toLocaleString('en')
  const [short, each] = [median(times.short), median(times.long)]
  report({
    bench: `${store}: walk of ${items}, an item (vendor: of 1,000)`,
    value: each,
    vendor: short,
    unit: 'µs',
    budgetRatio: LINEAR,
  })
  report({
    bench: `${store}: walk of ${items}, heap`,
    value: (most - before) / 1_000,
    unit: 'kB',
    budget: FLAT,
  })
}

function entry(list: string, at: number): { list: string; at: number; madeAt: Date; text: string } {
  return { list, at, madeAt: new Date(1.79e12 + at), text: `${at} `.padEnd(500, 'walk ') }
}

async function microseconds(work: () => Promise<void>, items: number): Promise<number> {
  const started = performance.now()
  await work()
  return ((performance.now() - started) * 1_000) / items
}

function heap(): number {
  collect?.()
  return process.memoryUsage().heapUsed
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function report(measurement: object): void {
  console.log(JSON.stringify(measurement))
}
