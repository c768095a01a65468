import type { Machine } from './facts/machine.js'
import type { Contest } from './measure/contest.js'
import type { Counted } from './measure/count.js'
import type { LoadResult } from './measure/load-contest.js'
import type { Verdict } from './shop/answers.js'
import type { Finding } from './shop/expected.js'
import type { SizeName } from './shop/generate.js'
import type { EngineFacts } from './stores/engine-facts.js'
import type { StoreName } from './stores/names.js'
import type { OperationName } from './workload/operations.js'

/** All that a comparison found: what `--json` prints and the report draws. Plain data. */
export interface Comparison {
  /** Of this format. */
  readonly format: 1
  /** The version of @isomodel/compare. */
  readonly version: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly seconds: number
  readonly settings: Settings
  readonly machine: Machine
  /** Versions of the vendors' clients, by package. */
  readonly clients: { readonly [name: string]: string }
  /** Where the sample file contradicts itself. */
  readonly findings: readonly Finding[]
  readonly stores: readonly StoreResult[]
  /** Every answer equal, every count agreed, every store there to the end. */
  readonly ok: boolean
}

export interface Settings {
  readonly stores: readonly StoreName[]
  readonly size: SizeName
  readonly seed: number
  /** Entities of the generated shop. */
  readonly entities: number
  /** Calls in flight while measuring. */
  readonly concurrency: number
  readonly rounds: number
}

export interface StoreResult {
  readonly name: StoreName
  /** Undefined when it could not be started. */
  readonly engine: EngineFacts | undefined
  /** The vendor's own client, and how it lays out the same data. */
  readonly vendor: { readonly client: string; readonly layout: string } | undefined
  /** One for each documented question. */
  readonly verdicts: readonly Verdict[]
  readonly load: LoadResult | undefined
  readonly operations: readonly OperationResult[]
  /** Why the store is not measured to the end. */
  readonly failure: string | undefined
}

/** One operation on one store: how fast, and off the timed path, what it sent and whether both clients agree. */
export interface OperationResult extends Contest, Counted {
  readonly operation: OperationName
}
