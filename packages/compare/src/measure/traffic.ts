/** Of one call, on average. */
export interface Traffic {
  /** Requests that waited for an answer. */
  readonly roundTrips: number
  /** On the wire, both ways counted apart, whatever the protocol adds included; undefined in process. */
  readonly bytesSent: number | undefined
  readonly bytesReceived: number | undefined
}
