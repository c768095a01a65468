import type { CallEvent } from '@isomodel/core'
import type { Attributes, Context, Counter, Histogram, Meter } from '@opentelemetry/api'
import { howEnded, whatCalls } from './attributes.js'

/** The metrics of all calls. The conventions' own come with the buckets that the conventions ask for. */
export class CallMetrics {
  readonly #duration: Histogram<Attributes>
  readonly #returnedRows: Histogram<Attributes>
  readonly #roundTrips: Counter<Attributes>
  readonly #retries: Counter<Attributes>
  readonly #capacity: Counter<Attributes>

  constructor(meter: Meter) {
    this.#duration = meter.createHistogram('db.client.operation.duration', {
      description: 'Duration of database client operations.',
      unit: 's',
      advice: { explicitBucketBoundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] },
    })
    this.#returnedRows = meter.createHistogram('db.client.response.returned_rows', {
      description: 'The actual number of records returned by the database operation.',
      unit: '{row}',
      advice: { explicitBucketBoundaries: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
    })
    this.#roundTrips = meter.createCounter('isomodel.round_trips', {
      description: 'Requests that calls sent.',
      unit: '{request}',
    })
    this.#retries = meter.createCounter('isomodel.retries', {
      description: 'What calls did again: throttled, failed in passing, or others were faster.',
      unit: '{retry}',
    })
    this.#capacity = meter.createCounter('isomodel.consumed_capacity', {
      description: 'Read and write units that the store said calls consumed.',
      unit: '{unit}',
    })
  }

  record(event: CallEvent, context: Context): void {
    const attributes = { ...whatCalls(event), ...howEnded(event) }
    const { milliseconds, rowsReturned, roundTrips, retries, capacity } = event
    this.#duration.record(milliseconds / 1_000, attributes, context)
    if (rowsReturned !== undefined) this.#returnedRows.record(rowsReturned, attributes, context)
    if (roundTrips > 0) this.#roundTrips.add(roundTrips, attributes, context)
    if (retries > 0) this.#retries.add(retries, attributes, context)
    for (const kind of ['read', 'write'] as const) {
      const units = capacity?.[kind]
      if (units !== undefined) this.#capacity.add(units, { ...attributes, 'isomodel.capacity.kind': kind }, context)
    }
  }
}
