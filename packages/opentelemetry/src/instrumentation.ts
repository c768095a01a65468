import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { CallEvent } from '@isomodel/core'
import { type MeterProvider, metrics, type Tracer, type TracerProvider, trace } from '@opentelemetry/api'
import { CallMetrics } from './call-metrics.js'
import { CallSpans } from './call-spans.js'
import { SCHEMA_URL, VERSION } from './version.js'

export interface IsomodelInstrumentationConfig {
  /** Whether it begins at once. Default: true. */
  readonly enabled?: boolean
}

const NAME = '@isomodel/opentelemetry'
const START = 'tracing:isomodel:call:start'
const END = 'tracing:isomodel:call:asyncEnd'

/**
 * Makes a CLIENT span of each call of a repository, and metrics of all, by OpenTelemetry's semantic conventions for databases.
 * Works for every connection of the process, by the providers that are registered globally, or those it is given; it needs a
 * runtime with `node:diagnostics_channel`. What a client's own instrumentation makes within a call becomes a child of its
 * span, where a context manager is registered.
 *
 * It has the shape that `registerInstrumentations` and the `NodeSDK` take, and works without them.
 *
 * ```ts
 * new NodeSDK({ instrumentations: [new IsomodelInstrumentation()] }).start()
 * ```
 */
export class IsomodelInstrumentation {
  readonly instrumentationName: string = NAME
  readonly instrumentationVersion: string = VERSION
  #config: IsomodelInstrumentationConfig
  #spans: CallSpans
  #metrics: CallMetrics
  #enabled = false

  constructor(config: IsomodelInstrumentationConfig = {}) {
    this.#config = { enabled: true, ...config }
    this.#spans = new CallSpans(tracerOf(trace))
    this.#metrics = metricsOf(metrics)
    if (this.#config.enabled === true) this.enable()
  }

  /** Begins; nothing where it has begun. */
  enable(): void {
    if (this.#enabled) return
    this.#enabled = true
    subscribe(START, this.#onStart)
    subscribe(END, this.#onEnd)
  }

  /** Ends; calls that are under way have no span then. */
  disable(): void {
    if (!this.#enabled) return
    this.#enabled = false
    unsubscribe(START, this.#onStart)
    unsubscribe(END, this.#onEnd)
  }

  /** Default: the global one. */
  setTracerProvider(provider: TracerProvider): void {
    this.#spans = new CallSpans(tracerOf(provider))
  }

  /** Default: the global one, as it is when the instrumentation is made: register it before. */
  setMeterProvider(provider: MeterProvider): void {
    this.#metrics = metricsOf(provider)
  }

  getConfig(): IsomodelInstrumentationConfig {
    return this.#config
  }

  setConfig(config: IsomodelInstrumentationConfig): void {
    this.#config = { enabled: true, ...config }
  }

  readonly #onStart = (event: unknown): void => this.#spans.start(event as CallEvent)

  readonly #onEnd = (event: unknown): void => {
    const context = this.#spans.end(event as CallEvent)
    this.#metrics.record(event as CallEvent, context)
  }
}

function tracerOf(provider: Pick<TracerProvider, 'getTracer'>): Tracer {
  return provider.getTracer(NAME, VERSION, { schemaUrl: SCHEMA_URL })
}

function metricsOf(provider: Pick<MeterProvider, 'getMeter'>): CallMetrics {
  return new CallMetrics(provider.getMeter(NAME, VERSION, { schemaUrl: SCHEMA_URL }))
}
