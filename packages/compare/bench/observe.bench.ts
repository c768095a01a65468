/**
 * What telling of calls costs: a get in process, where nothing else takes time, when nobody listens, with `onCall`, and with a
 * subscriber of the tracing channel. Rounds of the three alternate; figures are medians.
 */
import { tracingChannel } from 'node:diagnostics_channel'
import { connect, defineEntity } from '@isomodel/core'
import { memory } from '@isomodel/memory'
import { z } from 'zod'

const ROUNDS = 40
const CALLS = 5_000

const Item = defineEntity({
  name: 'Item',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int() }),
  key: { partition: ['group'], sort: ['id'] },
})
const key = { group: 'g', id: '1' }

const store = memory()
const quiet = await connect(store, { Item })
const told = await connect(store, { Item }, { onCall: () => undefined })
await quiet.Item.put({ ...key, n: 1 })

const channel = tracingChannel<string, object>('isomodel:call')
const nothing = (): void => undefined
const listener = { start: nothing, end: nothing, asyncStart: nothing, asyncEnd: nothing, error: nothing }

const rounds: readonly { readonly name: string; readonly run: () => Promise<void>; readonly times: number[] }[] = [
  { name: 'nobody listens', run: () => gets(quiet), times: [] },
  { name: 'onCall', run: () => gets(told), times: [] },
  {
    name: 'a subscriber of isomodel:call',
    run: async () => {
      channel.subscribe(listener)
      await gets(quiet)
      channel.unsubscribe(listener)
    },
    times: [],
  },
]

for (let round = -5; round < ROUNDS; round++) {
  for (const { run, times } of rounds) {
    const started = performance.now()
    await run()
    // The first rounds only warm up.
    if (round >= 0) times.push(((performance.now() - started) * 1_000) / CALLS)
  }
}
for (const { name, times } of rounds) {
  console.log(JSON.stringify({ bench: `observe: get in process, ${name}`, value: median(times), unit: 'µs' }))
}
await quiet.close()
await told.close()

async function gets(db: typeof quiet): Promise<void> {
  for (let call = 0; call < CALLS; call++) await db.Item.get(key)
}

function median(times: number[]): number {
  const sorted = times.sort((a, b) => a - b)
  return Number((sorted[Math.floor(sorted.length / 2)] as number).toFixed(2))
}
