import type { Capacity, Reply, SentRequest, Target } from '../driver/contract.js'
import type { StoreError } from '../errors/store-error.js'
import { tell } from '../repository/warn.js'
import { requestChannel } from './channels.js'
import type { CallEvent, CallFailure, Observers } from './events.js'

/** What is known of a call when it begins. */
export interface CallSubject {
  readonly store: string
  readonly target: Target | undefined
  readonly entity: string | undefined
  readonly operation: string
  readonly index: string | undefined
}

type Filled<T> = { -readonly [K in keyof T]: T[K] }

/** Adds up what a call takes, and tells of each of its requests. */
export class CallReport {
  readonly event: Filled<CallEvent>
  readonly #observers: Observers
  readonly #started = performance.now()
  #vendorCode: string | undefined
  #ended = false

  constructor(subject: CallSubject, observers: Observers) {
    this.#observers = observers
    this.event = {
      ...subject,
      items: undefined,
      milliseconds: 0,
      roundTrips: 0,
      retries: 0,
      bytesSent: 0,
      bytesReceived: 0,
      rowsRead: 0,
      rowsReturned: undefined,
      capacity: undefined,
      error: undefined,
    }
  }

  /** A request leaves; the result is called with what comes back, the first time it counts. */
  sent(request: SentRequest): (reply?: Reply) => void {
    const started = performance.now()
    this.#add({ roundTrips: 1, bytesSent: request.bytes ?? 0 })
    let open = true
    return (reply = {}) => {
      if (!open) return
      open = false
      this.#replied(request, reply, performance.now() - started)
    }
  }

  retried(): void {
    this.#add({ retries: 1 })
  }

  read(rows: number): void {
    this.#add({ rowsRead: rows })
  }

  items(count: number): void {
    this.event.items = count
  }

  /** The call is over. What a client that was given up still does is no longer counted. */
  end(rowsReturned: number | undefined, error: StoreError | undefined): void {
    this.#ended = true
    this.event.milliseconds = performance.now() - this.#started
    this.event.rowsReturned = rowsReturned
    if (error !== undefined) this.event.error = failureOf(error, this.#vendorCode)
    tell('onCall', this.#observers.onCall, this.event)
  }

  #replied(request: SentRequest, { bytes, capacity, error, code }: Reply, milliseconds: number): void {
    this.#add({ bytesReceived: bytes ?? 0 })
    if (!this.#ended) {
      if (capacity !== undefined) this.event.capacity = sum(this.event.capacity, capacity)
      if (error !== undefined) this.#vendorCode = code
    }
    const { onRequest } = this.#observers
    if (onRequest === undefined && requestChannel?.hasSubscribers !== true) return
    const { store, entity, operation } = this.event
    const event = {
      store,
      entity,
      operation,
      command: request.command,
      milliseconds,
      bytesSent: request.bytes,
      bytesReceived: bytes,
      capacity,
      error: nameOf(error),
      errorCode: code,
    }
    tell('onRequest', onRequest, event)
    requestChannel?.publish(event)
  }

  #add(more: Partial<Record<'roundTrips' | 'retries' | 'bytesSent' | 'bytesReceived' | 'rowsRead', number>>): void {
    if (this.#ended) return
    for (const name of Object.keys(more) as (keyof typeof more)[]) this.event[name] += more[name] ?? 0
  }
}

function failureOf({ name, code, outcome, retryable }: StoreError, vendorCode: string | undefined): CallFailure {
  return { name, code, outcome, retryable, vendorCode }
}

function sum(one: Capacity | undefined, other: Capacity): Capacity {
  const read = (one?.read ?? 0) + (other.read ?? 0)
  const write = (one?.write ?? 0) + (other.write ?? 0)
  return {
    ...(one?.read === undefined && other.read === undefined ? {} : { read }),
    ...(one?.write === undefined && other.write === undefined ? {} : { write }),
  }
}

/** The vendor's name of an error. The error itself may hold an entity, as a refused condition's does. */
function nameOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  return error instanceof Error ? error.name : 'error'
}
