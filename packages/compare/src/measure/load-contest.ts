import type { Named } from '../shop/from-rows.js'
import { load } from '../shop/load.js'
import type { Clients } from '../stores/clients.js'
import type { Ratio } from './contest.js'
import { median } from './quantiles.js'

/** Both clients put the same shop in, slice by slice in turns. */
export interface LoadResult {
  readonly entities: number
  /** Entities a second, over the whole load. */
  readonly library: number
  readonly vendor: number | undefined
  /** The library's time against the vendor's client's, slice by slice. */
  readonly ratio: Ratio | undefined
}

const SLICES = 8

/** Loads what was generated through the library and through the vendor's client, and says how fast each was. */
export async function loadContest(
  { db, vendor }: Clients,
  entities: readonly Named[],
  options: { readonly signal: AbortSignal; readonly progress: (done: number, total: number) => void },
): Promise<LoadResult> {
  const length = Math.ceil(entities.length / SLICES)
  const times = { library: 0, vendor: 0 }
  const ratios: number[] = []
  for (let n = 0; n < SLICES; n++) {
    const slice = entities.slice(n * length, (n + 1) * length)
    const library = await timed(() => load(db, slice))
    times.library += library
    options.signal.throwIfAborted()
    if (vendor !== undefined) {
      const theirs = await timed(() => vendor.load(slice))
      times.vendor += theirs
      ratios.push(library / theirs)
    }
    options.signal.throwIfAborted()
    options.progress(Math.min((n + 1) * length, entities.length), entities.length)
  }
  const middle = median(ratios)
  return {
    entities: entities.length,
    library: (entities.length / times.library) * 1000,
    vendor: vendor === undefined ? undefined : (entities.length / times.vendor) * 1000,
    ratio:
      middle === undefined ? undefined : { median: middle, least: Math.min(...ratios), greatest: Math.max(...ratios) },
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
