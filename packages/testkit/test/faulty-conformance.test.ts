import { memory } from '@isomodel/memory'
import * as vitest from 'vitest'
import { conformance, type Harness } from '../src/conformance/index.js'
import { type DriverFaultPlan, type FaultyAdapter, faulty } from '../src/faults/index.js'

// Faults that core's retries hide, or that no caller may notice: whoever asks gets the same answers as on a good day.

/** Cases that count round trips, of which there are more here: a request that is refused is one, too. */
const counting: ReadonlySet<string> = new Set([
  'P6 unique constraints: explain says what a write takes at most, and one that touches no value takes one',
  'P10 scans: says what it would read',
  'P11 batches: getMany keeps order and repetitions, and says undefined where there is none',
  'P11 batches: putMany of a repeated key writes it once, the last',
  'P11 coalescing: gets of one tick travel as one batch',
  'P11 coalescing: gets of different ticks do not wait for each other',
  'P11 coalescing: can be switched off',
  'P14 collections: explain says how it runs, and a page takes the round trips that it says',
  'P16 errors: round trips are observed, one event each',
  'P20 round trips: get, put, create, delete, a guarded update and a counter take one',
  'P20 round trips: explain says what a get then takes',
  'P20 round trips: explain says what every write then takes',
  'P20 round trips: explain says what a page takes',
  'P20 capabilities: a batch is cut as its limits say',
])

function faultyHarness(name: string, plan: DriverFaultPlan): Harness {
  const stores = new Map<string, FaultyAdapter>()
  return {
    name,
    adapter(namespace) {
      const store = stores.get(namespace) ?? faulty(memory(), plan)
      stores.set(namespace, store)
      return store
    },
    async close() {
      const injected = Object.keys({ ...plan.rates }).map((fault) => {
        const counts = [...stores.values()].map((store) => store.injected[fault as keyof typeof store.injected])
        return `${fault} ${counts.reduce((sum, count) => sum + count, 0)}`
      })
      process.stdout.write(`${name}: injected ${injected.join(', ')}\n`)
    },
  }
}

const but = { only: ({ id }: { readonly id: string }) => !counting.has(id) }

// Two minutes of waiting before the second try.
if (process.env.FAULTS === 'long') {
  conformance(faultyHarness('memory, refusing every call once', { rates: { throttle: 1 }, inARow: 1 }), vitest, but)
}

conformance(
  faultyHarness('memory, busy', {
    seed: 20,
    rates: { throttle: 0.1, unavailable: 0.05, partial: 0.15, stale: 0.2, emptyPage: 0.2, shortPage: 0.2 },
  }),
  vitest,
  but,
)

// Always behind by the same, so that what has been seen stays seen, as it does on a real index.
conformance(faultyHarness('memory, its indexes behind', { rates: { indexLag: 1 }, lag: 30 }), vitest)
