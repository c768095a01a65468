import { startStore, uniqueNamespace } from '@isomodel/devstack'
import { memory } from '@isomodel/memory'
import { type Meter, startMeter } from '../measure/meter.js'
import type { Traffic } from '../measure/traffic.js'
import { type Clients, connectClients } from './clients.js'
import { Closing } from './closing.js'
import { type EngineFacts, factsOf } from './engine-facts.js'
import type { StoreName } from './names.js'

/** A store under comparison: its engine, and two pairs of clients over the same data. */
export interface OpenStore extends AsyncDisposable {
  readonly name: StoreName
  readonly engine: EngineFacts
  /** Go straight to the engine, and nothing counts them: what is timed. */
  readonly timed: Clients
  /** Go through a meter, and count their requests: what is not timed. */
  readonly counted: Clients
  /** What one side of `counted` has sent and got so far. */
  tally(side: 'library' | 'vendor'): Traffic
}

/** Starts an engine, connects to a namespace of this run and creates the tables, collections and indexes in it. */
export async function openStore(
  name: StoreName,
  options: { readonly log: (line: string) => void; readonly signal: AbortSignal },
): Promise<OpenStore> {
  const closing = new Closing()
  try {
    const engine = name === 'memory' ? undefined : await startStore(name, options)
    if (engine !== undefined) closing.add(() => engine.stop())
    const address = engine?.address ?? ''
    const namespace = uniqueNamespace('compare')
    const inProcess = memory()

    const timed = await connectClients(name, { address, namespace, inProcess })
    closing.add(() => timed[Symbol.asyncDispose]())
    options.signal.throwIfAborted()
    await timed.db.setup()
    await timed.vendor?.setup()
    if (engine?.source === 'address') closing.add(() => timed.remove())
    options.signal.throwIfAborted()

    const requests = { library: 0, vendor: 0 }
    const sent = {
      library: () => {
        requests.library += 1
      },
      vendor: () => {
        requests.vendor += 1
      },
    }
    // A server of the caller's may be a cluster, or speak TLS: its clients would go past a meter, or refuse it.
    const meter = engine === undefined || engine.source === 'address' ? undefined : await startMeter(address)
    if (meter !== undefined) closing.add(() => meter.close())
    const counted = await connectClients(name, { address: meter?.address ?? address, namespace, inProcess, sent })
    closing.add(() => counted[Symbol.asyncDispose]())
    return {
      name,
      engine: factsOf(engine),
      timed,
      counted,
      tally: (side) => ({ roundTrips: requests[side], ...bytesOf(meter) }),
      [Symbol.asyncDispose]: () => closing[Symbol.asyncDispose](),
    }
  } catch (error) {
    await closing[Symbol.asyncDispose]()
    throw error
  }
}

function bytesOf(meter: Meter | undefined): Pick<Traffic, 'bytesSent' | 'bytesReceived'> {
  const bytes = meter?.read()
  return { bytesSent: bytes?.sent, bytesReceived: bytes?.received }
}
