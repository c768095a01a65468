import type { CallEvent } from '@isomodel/core'
import { type Context, context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import { summaryOf, takenBy, whatCalls } from './attributes.js'

interface Running {
  readonly span: Span
  /** The caller's context, with the span. */
  readonly inside: Context
}

/** The spans of calls that are under way. */
export class CallSpans {
  readonly #tracer: Tracer
  readonly #running = new WeakMap<CallEvent, Running>()

  constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  /** Begins a call's span, and has the call run in its context. */
  start(event: CallEvent): void {
    const span = this.#tracer.startSpan(summaryOf(event), { kind: SpanKind.CLIENT, attributes: whatCalls(event) })
    const inside = trace.setSpan(context.active(), span)
    this.#running.set(event, { span, inside })
    const { within } = event
    event.within = (work) => context.with(inside, () => (within === undefined ? work() : within(work)))
  }

  /** Ends a call's span; the context that it was in. */
  end(event: CallEvent): Context {
    const running = this.#running.get(event)
    // It began before anybody listened.
    if (running === undefined) return context.active()
    const { span, inside } = running
    span.setAttributes(takenBy(event))
    if (event.error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: event.error.code })
    span.end()
    return inside
  }
}
