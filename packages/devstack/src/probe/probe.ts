import type { EngineName } from '../engine.js'

/** What a server says of itself. */
export interface ServerIdentity {
  readonly engine?: EngineName
  readonly version?: string
}

/**
 * Sends one harmless command to the server at an address. Throws when nothing answers, when what answers is not such a
 * store, and when it is not ready for commands yet.
 */
export type Probe = (address: string, signal: AbortSignal) => Promise<ServerIdentity>
