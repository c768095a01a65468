import type { Capacity, Consistency, FetchRequest, Plan, QuerySpec, ReadCall, Row } from '../driver/contract.js'
import { isExpired } from '../driver/judge.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity, EntityOf } from '../model/infer.js'
import { reportOf } from '../repository/call.js'
import { maskedCondition, maskedRequest, maskedValues } from '../repository/masked-request.js'
import type { Session } from '../repository/session.js'
import type {
  AssumedRows,
  CallOptions,
  ConditionArgument,
  MeasuredQuery,
  Page,
  PageOptions,
  Query,
  QueryExplanation,
} from '../repository/types.js'
import type { Values } from '../schema/value.js'
import { fetchedFields, narrowed, positive, requireLevel, selected } from './arguments.js'
import { assumedRows } from './assumed-rows.js'
import type { Condition } from './condition.js'
import { queriesFingerprint } from './cursor.js'
import { evaluate } from './evaluate.js'
import { limitedCursors } from './limited-cursors.js'
import { merging, positionsIn } from './merge.js'
import { requirePosition } from './position.js'
import { rangeConditions } from './range-conditions.js'
import { straysOf } from './stray.js'
import { CHUNK, type Chunk, type NextChunk, pageOf, rowsOf } from './walk.js'

/** What a query is, apart from where it runs. */
export interface QueryNode {
  readonly spec: QuerySpec
  /** The partitions beside that of `spec`, whose rows are merged with its own. */
  readonly others: readonly Values[]
  readonly select: readonly string[] | undefined
  readonly limit: number | undefined
  readonly consistency: Consistency | undefined
}

/** One for each partition. */
type Plans = readonly [Plan, ...Plan[]]

/** A query over an immutable node; see `Query` for what each method means. */
export class EntityQuery<E extends AnyEntity, R> implements Query<E, R> {
  readonly #session: Session
  readonly #entity: E
  readonly #node: QueryNode

  constructor(session: Session, entity: E, node: QueryNode) {
    this.#session = session
    this.#entity = entity
    this.#node = Object.freeze(node)
  }

  where(condition: ConditionArgument<E>): Query<E, R> {
    const where = this.#blame('where', () => narrowed(this.#entity, this.#node.spec.where, condition))
    return this.#with({ spec: { where } })
  }

  limit(n: number): Query<E, R> {
    return this.#with({ limit: this.#blame('limit', () => positive(n, 'limit')) })
  }

  reverse(): Query<E, R> {
    return this.#with({ spec: { reverse: !this.#node.spec.reverse } })
  }

  select<F extends keyof EntityOf<E> & string>(...fields: readonly [F, ...F[]]): Query<E, Pick<EntityOf<E>, F>> {
    return new EntityQuery<E, Pick<EntityOf<E>, F>>(this.#session, this.#entity, {
      ...this.#node,
      select: this.#blame('select', () => selected(this.#entity.model, fields)),
    })
  }

  consistency(level: Consistency): Query<E, R> {
    this.#blame('consistency', () => requireLevel(level))
    return this.#with({ consistency: level })
  }

  page(options: PageOptions = {}): Promise<Page<R>> {
    return this.#run('page', options, (call) => this.#page(options, call))
  }

  all(options?: CallOptions): Promise<R[]> {
    return this.#run('all', options, async (call) => {
      const items: R[] = []
      for await (const row of this.#limited(this.#plans(), call)) items.push(this.#present(row))
      return items
    })
  }

  first(options?: CallOptions): Promise<R | undefined> {
    return this.#run('first', options, async (call) => {
      for await (const row of this.#rows(this.#plans(), call, 1)) return this.#present(row)
      return undefined
    })
  }

  one(options?: CallOptions): Promise<R> {
    return this.#run('one', options, async (call) => {
      const rows: Row[] = []
      for await (const row of this.#rows(this.#plans(), call, Math.min(2, this.#node.limit ?? 2))) rows.push(row)
      const [row, second] = rows
      if (row === undefined)
        throw new StoreError(
          'No entity fits the query, and exactly one was asked for. Use first() where none is fine.',
          { code: 'NOT_FOUND' },
        )
      if (second !== undefined) {
        throw new StoreError(
          'More than one entity fits the query, and exactly one was asked for. Narrow the condition, or use first() or all().',
          { code: 'NOT_UNIQUE' },
        )
      }
      return this.#present(row)
    })
  }

  count(options?: CallOptions): Promise<number> {
    return this.#run('count', options, async (call) => {
      let count = 0
      for await (const _ of this.#limited(this.#plans(true), call)) count++
      return count
    })
  }

  async *iterate(options?: CallOptions): AsyncGenerator<R, void, undefined> {
    const plans = this.#blame('iterate', () => this.#plans())
    const walk = this.#blame('iterate', () => this.#session.walk(this.#scope('iterate'), options))
    // Each chunk is a call of its own, so that a slow consumer holds nothing open between chunks.
    const chunks = this.#merged(plans, (plan, want, after) => walk((call) => this.#chunk(plan, call, want, after)))
    for await (const row of rowsOf(chunks, this.#node.limit ?? Number.POSITIVE_INFINITY)) {
      yield this.#blame('iterate', () => this.#present(row))
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<R> {
    return this.iterate()[Symbol.asyncIterator]()
  }

  explain(assumed?: AssumedRows): QueryExplanation {
    const { model } = this.#entity
    const shown = (condition: Condition): Condition => maskedCondition(model, condition)
    const { plans, masked } = this.#blame('explain', () => ({ plans: this.#plans(), masked: this.#masked().#plans() }))
    const plan = plans.find(({ access }) => access !== 'none') ?? plans[0]
    return {
      store: this.#session.store,
      entity: this.#entity.name,
      access: plan.access,
      index: plan.query.index?.name,
      freshness: plan.freshness,
      range: plan.access === 'none' ? [] : rangeConditions(plan.range).map(shown),
      pushed: plan.pushed && shown(plan.pushed),
      residual: plan.residual && shown(plan.residual),
      partitions: plans.length,
      roundTrips: plans.reduce((sum, each) => sum + each.roundTrips, 0),
      estimate: this.#blame('explain', () => this.#estimate(plans, assumed)),
      request:
        plans.length === 1 ? shownRequest(plan, masked[0]) : plans.map((each, at) => shownRequest(each, masked[at])),
    }
  }

  async measure(options: PageOptions = {}): Promise<MeasuredQuery> {
    const explained = this.explain()
    const actual = await this.#session.measured(
      this.#entity.model,
      'query.measure',
      options,
      (call) => this.#page(options, { ...call, consistency: this.#consistency() }),
      explained.index,
    )
    return { ...explained, actual }
  }

  async #page(options: PageOptions, call: ReadCall): Promise<Page<R>> {
    const plans = this.#plans()
    const { limit } = this.#node
    const queries = plans.map(({ query }) => query)
    const { rows, cursor } = await pageOf(
      {
        chunk: this.#chunks(plans, call),
        limit,
        cursors: limitedCursors(this.#session.cursors, queriesFingerprint(queries, limit), limit),
        admit: (position) => requirePositions(plans, position),
      },
      options,
    )
    return { items: rows.map((row) => this.#present(row)), cursor }
  }

  /** Each partition is read as far as a page may need it. */
  #estimate(plans: readonly Plan[], assumed: AssumedRows | undefined): Capacity | undefined {
    const page = assumedRows(assumed, this.#node.limit)
    if (page === undefined) return undefined
    const each = this.#session.driver.estimate?.({ ...page, consistency: this.#consistency() })
    return each && { read: plans.filter(({ access }) => access !== 'none').length * (each.read ?? 0) }
  }

  /** The same query with no sensitive value in it. */
  #masked(): EntityQuery<E, R> {
    const { partition, where } = this.#node.spec
    const { model } = this.#entity
    const spec = {
      ...this.#node.spec,
      partition: maskedValues(model, partition),
      where: where && maskedCondition(model, where),
    }
    const others = this.#node.others.map((each) => maskedValues(model, each))
    return new EntityQuery<E, R>(this.#session, this.#entity, { ...this.#node, spec, others })
  }

  #with(change: Partial<Omit<QueryNode, 'spec'>> & { readonly spec?: Partial<QuerySpec> }): Query<E, R> {
    const spec = Object.freeze({ ...this.#node.spec, ...change.spec })
    return new EntityQuery<E, R>(this.#session, this.#entity, { ...this.#node, ...change, spec })
  }

  /** A plan for each partition. */
  #plans(count = false): Plans {
    const { spec, others, select } = this.#node
    const wanted = count ? [] : select
    const whole: QuerySpec = {
      ...spec,
      count,
      select: wanted === undefined ? undefined : fetchedFields(spec.entity, this.#judged(wanted), spec.where),
    }
    const { driver } = this.#session
    return [driver.plan(whole), ...others.map((partition) => driver.plan({ ...whole, partition }))]
  }

  /** Whether the store itself keeps indexes, whatever model an entity is written by. */
  #keepsIndexes(): boolean {
    return this.#session.driver.limits.fillsIndexes
  }

  /** The wanted fields, and those by which strays are told. */
  #judged(wanted: readonly string[]): readonly string[] {
    const { index } = this.#node.spec
    if (index === undefined || wanted.length === 0 || this.#keepsIndexes()) return wanted
    return [...wanted, ...[...index.partition, ...index.sort].map(({ name }) => name)]
  }

  #present(row: Row): R {
    return this.#session.presenter(this.#entity).present(row.stored, this.#node.select) as R
  }

  #limited(plans: Plans, call: ReadCall): AsyncIterable<Row> {
    return this.#rows(plans, call, this.#node.limit ?? Number.POSITIVE_INFINITY)
  }

  #rows(plans: Plans, call: ReadCall, want: number): AsyncIterable<Row> {
    return rowsOf(this.#chunks(plans, call), want)
  }

  #chunks(plans: Plans, call: ReadCall): NextChunk<Row> {
    return this.#merged(plans, (plan, want, after) => this.#chunk(plan, call, want, after))
  }

  #merged(
    plans: Plans,
    chunk: (plan: Plan, want: number, after: string | undefined) => Promise<Chunk<Row>>,
  ): NextChunk<Row> {
    const each = plans.map(
      (plan): NextChunk<Row> =>
        (want, after) =>
          chunk(plan, want, after),
    )
    const [only] = each as [NextChunk<Row>]
    return each.length === 1 ? only : merging(each, this.#node.spec.reverse)
  }

  /** The fitting rows of one request. */
  async #chunk(plan: Plan, call: ReadCall, want: number, after: string | undefined): Promise<Chunk<Row>> {
    if (plan.access === 'none') return { rows: [], next: undefined }
    const now = this.#session.now()
    // Behind a residual filter most rows may fall away: small chunks would mean many trips.
    const limit = plan.residual === undefined ? want : Math.max(want, Math.min(want * 4, CHUNK))
    const request: FetchRequest = { limit, now, ...(after === undefined ? {} : { after }) }
    const fetched = await this.#session.reading(call, () => this.#session.driver.fetch(plan, request, call))
    reportOf(call)?.read(fetched.reads ?? fetched.rows.length)
    // A count takes the entries of the index for what they are: it need not read what they lead to.
    const isStray = plan.query.count || this.#keepsIndexes() ? () => false : straysOf(plan.query)
    const rows = fetched.rows.filter(
      (row) =>
        !isExpired(this.#entity.model, row.stored.values, now) &&
        (plan.residual === undefined || evaluate(plan.residual, row.stored.values)) &&
        !isStray(row),
    )
    return { rows, next: fetched.next }
  }

  #scope(operation: string): {
    readonly model: E['model']
    readonly operation: string
    readonly consistency: Consistency
    readonly index: string | undefined
  } {
    const index = this.#node.spec.index?.name
    return { model: this.#entity.model, operation: `query.${operation}`, consistency: this.#consistency(), index }
  }

  #consistency(): Consistency {
    return this.#node.consistency ?? this.#plans()[0].freshness
  }

  #run<T>(operation: string, options: CallOptions | undefined, work: (call: ReadCall) => Promise<T>): Promise<T> {
    return this.#session.run(
      this.#entity.model,
      `query.${operation}`,
      options,
      undefined,
      (call) => work({ ...call, consistency: this.#consistency() }),
      this.#node.spec.index?.name,
    )
  }

  #blame<T>(operation: string, work: () => T): T {
    return this.#session.blame(this.#entity.model, `query.${operation}`, work)
  }
}

function requirePositions(plans: Plans, position: string): void {
  const positions = plans.length === 1 ? [position] : positionsIn(position, plans.length)
  for (const [at, each] of positions.entries()) {
    if (each !== undefined) requirePosition(plans[at] as Plan, each)
  }
}

function shownRequest(plan: Plan, masked: Plan | undefined): unknown {
  return masked === undefined ? undefined : maskedRequest(plan, masked)
}
