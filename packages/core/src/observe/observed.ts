import type { StoreError } from '../errors/store-error.js'
import { CallReport, type CallSubject } from './call-report.js'
import { callChannel, requestChannel, type TracingChannel } from './channels.js'
import type { CallEvent, Observers } from './events.js'

/** Whether anybody wants to know of calls or requests. */
export function isObserved({ onCall, onRequest }: Observers): boolean {
  return (
    onCall !== undefined ||
    onRequest !== undefined ||
    callChannel?.hasSubscribers === true ||
    requestChannel?.hasSubscribers === true
  )
}

/** Runs a call and tells those who want to know: what it rejects with is a StoreError. */
export function observed<T>(
  subject: CallSubject,
  observers: Observers,
  work: (report: CallReport) => Promise<T>,
): Promise<T> {
  const report = new CallReport(subject, observers)
  const run = (): Promise<T> =>
    work(report).then(
      (result) => {
        report.end(rowsIn(subject.operation, result), undefined)
        return result
      },
      (error: StoreError) => {
        report.end(undefined, error)
        throw error
      },
    )
  return callChannel?.hasSubscribers === true ? traced(callChannel, report.event, run) : run()
}

/**
 * As TracingChannel.tracePromise does, but for what it would put into the message: the result is an entity, and the error
 * shows its key.
 */
function traced<T>(channel: TracingChannel, event: CallEvent, run: () => Promise<T>): Promise<T> {
  const { start, end, asyncStart, asyncEnd, error } = channel
  return start.runStores(event, () => {
    const running = event.within === undefined ? run() : event.within(run)
    end.publish(event)
    return running.finally(() => {
      if (event.error !== undefined) error.publish(event)
      asyncStart.publish(event)
      asyncEnd.publish(event)
    })
  })
}

const OTHER: ReadonlySet<string> = new Set([
  'setup',
  'check',
  'fillIndexes',
  'changes',
  'query.count',
  'scan.count',
  'collection.count',
])

/** How many entities a call gives. */
function rowsIn(operation: string, result: unknown): number | undefined {
  if (OTHER.has(operation)) return undefined
  if (operation.endsWith('.iterate')) return (result as { readonly rows: readonly unknown[] }).rows.length
  if (operation === 'changes.read') return (result as { readonly changes: readonly unknown[] }).changes.length
  const given =
    operation.endsWith('.page') || operation.endsWith('.measure')
      ? (result as { readonly items: unknown }).items
      : result
  if (operation.startsWith('collection.')) return Object.values(given as object).flat().length
  if (Array.isArray(given)) return given.filter((row) => row !== undefined).length
  return given === undefined ? 0 : 1
}
