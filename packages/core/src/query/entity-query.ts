import type { Capacity, Consistency, FetchRequest, Plan, QuerySpec, ReadCall, Row } from '../driver/contract.js'
import { isExpired } from '../driver/judge.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity, EntityOf } from '../model/infer.js'
import { reportOf } from '../repository/call.js'
import { checkOptions } from '../repository/known-options.js'
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
import { DEFAULT_PAGE, fetchedFields, narrowed, positive, requireLevel, selected } from './arguments.js'
import type { Condition } from './condition.js'
import { queryFingerprint } from './cursor.js'
import { evaluate } from './evaluate.js'
import { limitedCursors } from './limited-cursors.js'
import { requirePosition } from './position.js'
import { rangeConditions } from './range-conditions.js'
import { straysOf } from './stray.js'
import { CHUNK, type Chunk, type NextChunk, pageOf, rowsOf } from './walk.js'

/** What a query is, apart from where it runs. */
export interface QueryNode {
  readonly spec: QuerySpec
  readonly select: readonly string[] | undefined
  readonly limit: number | undefined
  readonly consistency: Consistency | undefined
}

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
      for await (const row of this.#limited(this.#plan(), call)) items.push(this.#present(row))
      return items
    })
  }

  first(options?: CallOptions): Promise<R | undefined> {
    return this.#run('first', options, async (call) => {
      for await (const row of this.#rows(this.#plan(), call, 1)) return this.#present(row)
      return undefined
    })
  }

  one(options?: CallOptions): Promise<R> {
    return this.#run('one', options, async (call) => {
      const rows: Row[] = []
      for await (const row of this.#rows(this.#plan(), call, 2)) {
        rows.push(row)
        if (rows.length === 2) break
      }
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
      for await (const _ of this.#limited(this.#plan(true), call)) count++
      return count
    })
  }

  async *iterate(options?: CallOptions): AsyncGenerator<R, void, undefined> {
    const plan = this.#blame('iterate', () => this.#plan())
    const walk = this.#blame('iterate', () => this.#session.walk(this.#scope('iterate'), options))
    // Each chunk is a call of its own, so that a slow consumer holds nothing open between chunks.
    const chunks: NextChunk<Row> = (want, after) => walk((call) => this.#chunk(plan, call, want, after))
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
    const { plan, masked } = this.#blame('explain', () => ({ plan: this.#plan(), masked: this.#masked().#plan() }))
    return {
      store: this.#session.store,
      entity: this.#entity.name,
      access: plan.access,
      index: plan.query.index?.name,
      freshness: plan.freshness,
      range: plan.access === 'none' ? [] : rangeConditions(plan.range).map(shown),
      pushed: plan.pushed && shown(plan.pushed),
      residual: plan.residual && shown(plan.residual),
      roundTrips: plan.roundTrips,
      estimate: this.#blame('explain', () => this.#estimate(plan, assumed)),
      request: maskedRequest(plan, masked),
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
    const plan = this.#plan()
    const { limit } = this.#node
    const { rows, cursor } = await pageOf(
      {
        chunk: this.#chunks(plan, call),
        limit,
        cursors: limitedCursors(this.#session.cursors, queryFingerprint(plan.query, limit), limit),
        admit: (position) => requirePosition(plan, position),
      },
      options,
    )
    return { items: rows.map((row) => this.#present(row)), cursor }
  }

  #estimate(plan: Plan, assumed: AssumedRows | undefined): Capacity | undefined {
    if (assumed === undefined) return undefined
    checkOptions('query.explain', assumed)
    const { rows = Math.min(this.#node.limit ?? DEFAULT_PAGE, DEFAULT_PAGE), itemBytes } = assumed
    const page = { rows: positive(rows, 'rows'), bytes: positive(itemBytes, 'itemBytes') }
    if (plan.access === 'none') return { read: 0 }
    return this.#session.driver.estimate?.({ ...page, consistency: this.#consistency() })
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
    return new EntityQuery<E, R>(this.#session, this.#entity, { ...this.#node, spec })
  }

  #with(change: Partial<Omit<QueryNode, 'spec'>> & { readonly spec?: Partial<QuerySpec> }): Query<E, R> {
    const spec = Object.freeze({ ...this.#node.spec, ...change.spec })
    return new EntityQuery<E, R>(this.#session, this.#entity, { ...this.#node, ...change, spec })
  }

  #plan(count = false): Plan {
    const { spec, select } = this.#node
    const wanted = count ? [] : select
    return this.#session.driver.plan({
      ...spec,
      count,
      select: wanted === undefined ? undefined : fetchedFields(spec.entity, this.#judged(wanted), spec.where),
    })
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

  #limited(plan: Plan, call: ReadCall): AsyncIterable<Row> {
    return this.#rows(plan, call, this.#node.limit ?? Number.POSITIVE_INFINITY)
  }

  #rows(plan: Plan, call: ReadCall, want: number): AsyncIterable<Row> {
    return rowsOf(this.#chunks(plan, call), want)
  }

  #chunks(plan: Plan, call: ReadCall): NextChunk<Row> {
    return (want, after) => this.#chunk(plan, call, want, after)
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
    return this.#node.consistency ?? this.#plan().freshness
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
