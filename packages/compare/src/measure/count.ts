import type { OpenStore } from '../stores/open-store.js'
import type { OperationArguments, OperationName } from '../workload/operations.js'
import type { Traffic } from './traffic.js'

/** What one call costs on the wire, and whether both clients found the same number of entities. */
export interface Counted {
  readonly traffic: Traffic
  readonly vendorTraffic: Traffic | undefined
  readonly checked: number
  readonly disagreements: readonly string[]
}

/** Questions that are asked one after the other; a few before them open the connections. */
const ASKED = 16
const BEFORE = 4

/** Asks both clients the same questions, off the timed path, and holds their counts against each other. */
export async function countTraffic(
  store: OpenStore,
  operation: OperationName,
  questions: readonly OperationArguments[],
): Promise<Counted> {
  const asked = questions.slice(0, ASKED)
  const ask = async (side: 'library' | 'vendor'): Promise<readonly [number[], Traffic] | undefined> => {
    const operations = side === 'library' ? store.counted.library : store.counted.vendor?.operations
    if (operations === undefined) return undefined
    for (const question of questions.slice(-BEFORE)) await operations[operation](question)
    const before = store.tally(side)
    const counts: number[] = []
    for (const question of asked) counts.push(await operations[operation](question))
    return [counts, perCall(before, store.tally(side), asked.length)]
  }
  const library = await ask('library')
  const vendor = await ask('vendor')
  if (library === undefined) throw new Error('The library has every operation.')
  const disagreements = asked.flatMap((question, at) => {
    const [ours, theirs] = [library[0][at], vendor?.[0][at]]
    return vendor === undefined || ours === theirs
      ? []
      : [`${JSON.stringify(question)}: isomodel found ${ours}, the vendor's client ${theirs}`]
  })
  return { traffic: library[1], vendorTraffic: vendor?.[1], checked: asked.length, disagreements }
}

function perCall(before: Traffic, after: Traffic, calls: number): Traffic {
  const mean = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : (b - a) / calls
  return {
    roundTrips: (after.roundTrips - before.roundTrips) / calls,
    bytesSent: mean(before.bytesSent, after.bytesSent),
    bytesReceived: mean(before.bytesReceived, after.bytesReceived),
  }
}
