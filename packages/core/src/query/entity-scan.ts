import type { Consistency, ReadCall, Row, Scanned, ScanPlan, ScanSpec } from '../driver/contract.js'
import { isExpired } from '../driver/judge.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity, EntityOf } from '../model/infer.js'
import { reportOf } from '../repository/call.js'
import { maskedCondition, maskedRequest } from '../repository/masked-request.js'
import type { Session } from '../repository/session.js'
import type { CallOptions, ConditionArgument, Page, PageOptions, QueryExplanation, Scan } from '../repository/types.js'
import { DEFAULT_PAGE, fetchedFields, narrowed, positive, requireLevel, selected } from './arguments.js'
import type { Condition } from './condition.js'
import { scanFingerprint } from './cursor.js'
import { evaluate } from './evaluate.js'
import { limitedCursors } from './limited-cursors.js'
import { begin, isOver, type Progress, progressIn, progressText } from './scan-progress.js'

/** What a scan is, apart from where it runs. */
export interface ScanNode {
  readonly spec: ScanSpec
  readonly select: readonly string[] | undefined
  readonly limit: number | undefined
  readonly consistency: Consistency
  /** Most rows that the store may look at, in one call or one walk. */
  readonly budget: number
}

/** Rows that each segment looks at in one request. */
const CHUNK = 1_000

/** One step of a scan: what fitted, how far it came, and what it read. */
interface Step {
  readonly rows: readonly { readonly row: Row; readonly segment: number }[]
  readonly progress: Progress
  readonly reads: number
}

/** A scan over an immutable node; see `Scan` for what each method means. */
export class EntityScan<E extends AnyEntity, R> implements Scan<E, R> {
  readonly #session: Session
  readonly #entity: E
  readonly #node: ScanNode

  constructor(session: Session, entity: E, node: ScanNode) {
    this.#session = session
    this.#entity = entity
    this.#node = Object.freeze(node)
  }

  where(condition: ConditionArgument<E>): Scan<E, R> {
    const { spec } = this.#node
    const where = this.#blame('where', () => narrowed(this.#entity, spec.where, condition))
    return this.#with({ spec: Object.freeze({ ...spec, where }) })
  }

  limit(n: number): Scan<E, R> {
    return this.#with({ limit: this.#blame('limit', () => positive(n, 'limit')) })
  }

  select<F extends keyof EntityOf<E> & string>(...fields: readonly [F, ...F[]]): Scan<E, Pick<EntityOf<E>, F>> {
    return new EntityScan<E, Pick<EntityOf<E>, F>>(this.#session, this.#entity, {
      ...this.#node,
      select: this.#blame('select', () => selected(this.#entity.model, fields)),
    })
  }

  consistency(level: Consistency): Scan<E, R> {
    this.#blame('consistency', () => requireLevel(level))
    return this.#with({ consistency: level })
  }

  page(options: PageOptions = {}): Promise<Page<R>> {
    return this.#run('page', options, async (call) => {
      const { limit, budget, spec } = this.#node
      const cursors = limitedCursors(this.#session.cursors, scanFingerprint(spec, limit), limit)
      const asked = options.size === undefined ? DEFAULT_PAGE : positive(options.size, 'size')
      const from = options.cursor === undefined ? undefined : await cursors.decode(options.cursor)
      let progress = from === undefined ? begin(spec.segments) : progressIn(from.position, spec.segments)
      const left = from === undefined ? (limit ?? Number.POSITIVE_INFINITY) : from.left
      const size = Math.min(asked, left)
      const plan = this.#plan()
      const items: R[] = []
      let reads = 0
      while (items.length < size && reads < budget && !isOver(progress)) {
        const step = await this.#step(plan, call, progress, budget - reads)
        reads += step.reads
        const taken = step.rows.slice(0, size - items.length)
        items.push(...taken.map(({ row }) => this.#present(row)))
        progress = taken.length === step.rows.length ? step.progress : reachedBy(taken, step, progress)
      }
      const more = !isOver(progress) && items.length < left
      return { items, cursor: more ? await cursors.encode(progressText(progress), left - items.length) : undefined }
    })
  }

  all(options?: CallOptions): Promise<R[]> {
    return this.#run('all', options, async (call) => {
      const items: R[] = []
      for await (const row of this.#rows(this.#plan(), call, this.#node.limit)) items.push(this.#present(row))
      return items
    })
  }

  first(options?: CallOptions): Promise<R | undefined> {
    return this.#run('first', options, async (call) => {
      for await (const row of this.#rows(this.#plan(), call, 1)) return this.#present(row)
      return undefined
    })
  }

  count(options?: CallOptions): Promise<number> {
    return this.#run('count', options, async (call) => {
      let count = 0
      for await (const _ of this.#rows(this.#plan([]), call, this.#node.limit)) count++
      return count
    })
  }

  async *iterate(options?: CallOptions): AsyncGenerator<R, void, undefined> {
    const plan = this.#blame('iterate', () => this.#plan())
    const scope = {
      model: this.#entity.model,
      operation: 'scan.iterate',
      consistency: this.#node.consistency,
    }
    const walk = this.#blame('iterate', () => this.#session.walk(scope, options))
    // Each step is a call of its own, so that a slow consumer holds nothing open between steps.
    const rows = this.#walk(
      (progress, reads) => walk((call) => this.#step(plan, call, progress, this.#rest(reads))),
      this.#node.limit,
    )
    for await (const row of rows) yield this.#blame('iterate', () => this.#present(row))
  }

  [Symbol.asyncIterator](): AsyncIterator<R> {
    return this.iterate()[Symbol.asyncIterator]()
  }

  explain(): QueryExplanation {
    const { model } = this.#entity
    const shown = (condition: Condition): Condition => maskedCondition(model, condition)
    const { plan, masked } = this.#blame('explain', () => ({ plan: this.#plan(), masked: this.#masked().#plan() }))
    return {
      store: this.#session.store,
      entity: this.#entity.name,
      access: plan.access,
      index: undefined,
      freshness: plan.freshness,
      range: [],
      pushed: plan.pushed && shown(plan.pushed),
      residual: plan.residual && shown(plan.residual),
      partitions: undefined,
      roundTrips: plan.roundTrips,
      estimate: undefined,
      request: maskedRequest(plan, masked),
    }
  }

  /** The same scan with no sensitive value in it. */
  #masked(): EntityScan<E, R> {
    const { where } = this.#node.spec
    const spec = { ...this.#node.spec, where: where && maskedCondition(this.#entity.model, where) }
    return new EntityScan<E, R>(this.#session, this.#entity, { ...this.#node, spec })
  }

  #with(change: Partial<ScanNode>): Scan<E, R> {
    return new EntityScan<E, R>(this.#session, this.#entity, { ...this.#node, ...change })
  }

  #plan(select: readonly string[] | undefined = this.#node.select): ScanPlan {
    const { spec } = this.#node
    return this.#session.driver.scans.plan({
      ...spec,
      select: select === undefined ? undefined : fetchedFields(spec.entity, select, spec.where),
    })
  }

  #rows(plan: ScanPlan, call: ReadCall, want?: number): AsyncGenerator<Row, void, undefined> {
    return this.#walk((progress, reads) => this.#step(plan, call, progress, this.#rest(reads)), want)
  }

  /** The rows of all steps, at most so many; a step is told how far the scan came and what it has read. */
  async *#walk(
    step: (progress: Progress, reads: number) => Promise<Step>,
    want = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<Row, void, undefined> {
    let left = want
    let progress = begin(this.#node.spec.segments)
    let reads = 0
    while (!isOver(progress)) {
      const done = await step(progress, reads)
      reads += done.reads
      progress = done.progress
      for (const { row } of done.rows) {
        yield row
        if (--left === 0) return
      }
    }
  }

  /** What a walk may still read; it ends here when that is nothing. */
  #rest(reads: number): number {
    const { budget } = this.#node
    if (reads < budget) return budget - reads
    throw new StoreError(
      `The scan has read ${reads} entities, which is its budget, and there may be more. Raise budget, go on in another call with page() and its cursor, or declare an index for what you ask.`,
      { code: 'BUDGET_SPENT' },
    )
  }

  /** A request for each segment that is not at its end, side by side; as many as may read anything. */
  async #step(plan: ScanPlan, call: ReadCall, progress: Progress, rest: number): Promise<Step> {
    if (plan.access === 'none') return { rows: [], progress: progress.map(() => 'end'), reads: 0 }
    const now = this.#session.now()
    const open = progress.flatMap((reached, segment) => (reached === 'end' ? [] : [segment])).slice(0, rest)
    const most = Math.min(CHUNK, Math.floor(rest / open.length))
    const scanned = await Promise.all(
      open.map((segment): Promise<Scanned> => {
        const reached = progress[segment]
        const request = { segment, reads: most, now, ...(typeof reached === 'object' ? reached : {}) }
        return this.#session.reading(call, () => this.#session.driver.scans.fetch(plan, request, call))
      }),
    )
    const reads = scanned.reduce((sum, each) => sum + each.reads, 0)
    reportOf(call)?.read(reads)
    const next = [...progress]
    const rows: Step['rows'][number][] = []
    for (const [at, { rows: found, next: after }] of scanned.entries()) {
      const segment = open[at] as number
      next[segment] = after === undefined ? 'end' : { after }
      for (const row of found) if (this.#fits(plan, row, now)) rows.push({ row, segment })
    }
    return { rows, progress: next, reads }
  }

  #fits({ residual }: ScanPlan, { stored }: Row, now: number): boolean {
    return (
      !isExpired(this.#entity.model, stored.values, now) &&
      (residual === undefined || evaluate(residual, stored.values))
    )
  }

  #present(row: Row): R {
    return this.#session.presenter(this.#entity).present(row.stored, this.#node.select) as R
  }

  #run<T>(operation: string, options: CallOptions | undefined, work: (call: ReadCall) => Promise<T>): Promise<T> {
    return this.#session.run(this.#entity.model, `scan.${operation}`, options, undefined, (call) =>
      work({ ...call, consistency: this.#node.consistency }),
    )
  }

  #blame<T>(operation: string, work: () => T): T {
    return this.#session.blame(this.#entity.model, `scan.${operation}`, work)
  }
}

/** How far a step came whose rows were not all taken. */
function reachedBy(taken: Step['rows'], { rows, progress }: Step, before: Progress): Progress {
  return progress.map((reached, segment) => {
    const own = rows.filter((one) => one.segment === segment)
    const kept = taken.filter((one) => one.segment === segment)
    if (kept.length === own.length) return reached
    const last = kept.at(-1)
    return last === undefined ? (before[segment] ?? 'start') : { after: last.row.position() }
  })
}
