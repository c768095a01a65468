/** What is used of `node:diagnostics_channel`; its own types would make every user of core need Node's. */
interface Channel {
  readonly hasSubscribers: boolean
  publish(message: object): void
  runStores<T>(message: object, work: () => T): T
}

export interface TracingChannel {
  readonly hasSubscribers: boolean
  readonly start: Channel
  readonly end: Channel
  readonly asyncStart: Channel
  readonly asyncEnd: Channel
  readonly error: Channel
}

interface DiagnosticsChannel {
  channel(name: string): Channel
  tracingChannel(name: string): TracingChannel
}

// Not imported: core loads where there is no such module, and then nobody can subscribe.
const diagnostics =
  typeof process === 'object'
    ? (process.getBuiltinModule?.('diagnostics_channel') as unknown as DiagnosticsChannel | undefined)
    : undefined

/** Calls: a tracing channel, `tracing:isomodel:call:start` and so on, whose message is a CallEvent. */
export const callChannel: TracingChannel | undefined = diagnostics?.tracingChannel('isomodel:call')

/** Round trips: each is published when it has ended, as a RequestEvent. */
export const requestChannel: Channel | undefined = diagnostics?.channel('isomodel:request')
