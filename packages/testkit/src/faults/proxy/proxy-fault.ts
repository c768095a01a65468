import type { FaultPlan, FaultStep } from '../plan.js'

/** What can happen to a connection. A request is what comes from the client in one piece, a reply what comes back for it. */
export type ProxyFault =
  /** A new connection is reset at once. */
  | 'refused'
  /** The connection is cut when a request comes; the server never sees it. */
  | 'lostRequest'
  /** The server gets the first bytes of a request, then the connection is cut. */
  | 'tornRequest'
  /** The connection is cut when a request comes, and the server gets it all the same, later. */
  | 'lateRequest'
  /** A request goes through; when its reply comes, the connection is cut. */
  | 'lostReply'
  /** A request goes through; the client gets the first bytes of its reply, then the connection is cut. */
  | 'tornReply'
  /** A request waits before it goes on. */
  | 'slow'
  /** The server gets a request again when it has answered: on a connection of its own, on which nothing else is said. */
  | 'duplicate'

export const requestFaults: readonly ProxyFault[] = [
  'lostRequest',
  'tornRequest',
  'lateRequest',
  'lostReply',
  'tornReply',
  'slow',
  'duplicate',
]

export const proxyFaults: readonly ProxyFault[] = ['refused', ...requestFaults]

export interface ProxyStep extends FaultStep<ProxyFault, RegExp> {
  /** Requests that say this, byte for byte (Latin-1): `/UpdateItem/`, `/EVALSHA/`. Default: all. */
  readonly on?: RegExp
  /** How many bytes of a torn request or reply pass. Default: random, fewer than there are. */
  readonly bytes?: number
}

export interface ProxyFaultPlan extends FaultPlan<ProxyFault, RegExp> {
  readonly script?: readonly ProxyStep[]
  /** Requests that chance may meet. Default: all, a client's first words and its heartbeat included. */
  readonly on?: RegExp
  /** How long a `slow` or `lateRequest` one waits, ms. Default: 50. */
  readonly delay?: number
}
