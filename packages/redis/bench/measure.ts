/** A measured pair: ours and the vendor's, in turn, so that a slow moment of the machine meets both. */
export interface Pair {
  readonly name: string
  readonly ours: (at: number) => Promise<unknown>
  readonly vendor: (at: number) => Promise<unknown>
  /** Operations of one call, for what is done many at once. Default: 1. */
  readonly operations?: number
  readonly budgetRatio?: number
  /** Calls of each side. */
  readonly calls: number
}

const ROUNDS = 20

/** Prints a line of JSON with the median time of a call, µs an operation. */
export async function measure({ name, ours, vendor, operations = 1, budgetRatio, calls }: Pair): Promise<void> {
  const each = Math.ceil(calls / ROUNDS)
  const times = { ours: [] as number[], vendor: [] as number[] }
  let at = 0
  for (let round = -3; round < ROUNDS; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'vendor'] as const) : (['vendor', 'ours'] as const)) {
      const work = side === 'ours' ? ours : vendor
      for (let call = 0; call < each; call++) {
        const started = performance.now()
        await work(at + call)
        // The first rounds only warm up.
        if (round >= 0) times[side].push(((performance.now() - started) * 1_000) / operations)
      }
    }
    at += each
  }
  const line = { bench: `redis: ${name}`, value: median(times.ours), vendor: median(times.vendor), unit: 'µs' }
  console.log(JSON.stringify(budgetRatio === undefined ? line : { ...line, budgetRatio }))
}

function median(times: number[]): number {
  const sorted = times.sort((a, b) => a - b)
  return Number((sorted[Math.floor(sorted.length / 2)] as number).toFixed(2))
}
