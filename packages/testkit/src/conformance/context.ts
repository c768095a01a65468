import type { Capability, ConnectOptions, Db, Entities, RequestEvent } from '@isomodel/core'
import type { Clock } from './clock.js'
import type { HoldLimits } from './harness.js'

/** The db of a case. Whatever a case calls compiles: the suite itself judges what is refused. */
export type TestedDb<Es extends Entities> = Db<Es, unknown, Capability>

/** What a case works with. Handles made by it are closed when the case ends. */
export interface CaseContext {
  /** Text that no other case of any run has: the cases of a suite share a namespace, so every partition holds it. */
  readonly id: string
  /** The clock of all this case's handles. */
  readonly clock: Clock
  readonly limits: HoldLimits
  /** Milliseconds that the case may take. */
  readonly timeout: number

  /** A handle on the suite's namespace, in which the topic's entities are set up. */
  connect<Es extends Entities>(entities: Es, options?: ConnectOptions): Promise<TestedDb<Es>>

  /** A namespace of its own in which nothing is set up yet; each call of `connect` is another handle on it. */
  fresh(): Namespace

  /** A handle over an address at which nothing listens. */
  connectNowhere<Es extends Entities>(entities: Es, options?: ConnectOptions): Promise<TestedDb<Es>>

  /** Whether the adapter claims a capability. */
  claims(capability: Capability): boolean

  /** The round trips that this case's handles make while `work` runs. */
  trips<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly requests: readonly RequestEvent[] }>

  /**
   * Demands the answer of a read by an index. Where an index answers with every acknowledged write the first answer must
   * be right; elsewhere it has ten seconds to become so.
   */
  settled(read: () => Promise<unknown>, expected: unknown, what?: string): Promise<void>
}

export interface Namespace {
  connect<Es extends Entities>(entities: Es, options?: ConnectOptions): Promise<TestedDb<Es>>
}
