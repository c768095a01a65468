import type { Capacity, CollectionPlan, Consistency, MemberRow, Plan, QuerySpec, ReadCall } from '../driver/contract.js'
import { isExpired } from '../driver/judge.js'
import { memberRanges } from '../driver/member-ranges.js'
import type { AnyEntity } from '../model/infer.js'
import { shown } from '../model/refusals.js'
import { reportOf } from '../repository/call.js'
import type {
  Collection,
  CollectionExplanation,
  CollectionItems,
  CollectionPage,
  CollectionRow,
  MeasuredCollection,
} from '../repository/collection-types.js'
import { maskedCondition, maskedRequest, maskedValues } from '../repository/masked-request.js'
import type { Session } from '../repository/session.js'
import type { AssumedRows, CallOptions, ConditionArgument, Entities, PageOptions } from '../repository/types.js'
import { setOwn } from '../schema/value.js'
import { invalid, narrowed, positive, requireLevel } from './arguments.js'
import { assumedRows } from './assumed-rows.js'
import { collectionFingerprint } from './cursor.js'
import { evaluate } from './evaluate.js'
import { invalidCursor } from './invalid-cursor.js'
import { limitedCursors } from './limited-cursors.js'
import { requirePosition } from './position.js'
import { rangeConditions } from './range-conditions.js'
import { join } from './simplify.js'
import { straysOf } from './stray.js'
import { CHUNK, type Chunk, type NextChunk, pageOf, rowsOf } from './walk.js'

/** One kind of entities of a collection, and what is asked of it. */
export interface Member {
  /** The name it is connected under. */
  readonly name: string
  readonly entity: AnyEntity
  readonly spec: QuerySpec
}

/** What a collection is, apart from where it runs. */
export interface CollectionNode {
  /** In the order of their entities' names, whatever the direction. */
  readonly members: readonly Member[]
  readonly limit: number | undefined
  readonly consistency: Consistency | undefined
}

/** The members whose conditions can hold, and how they are read together; no plan when there is none. */
interface Planned {
  readonly members: readonly Member[]
  readonly plan: CollectionPlan | undefined
  readonly freshness: Consistency
}

/** A collection over an immutable node; see `Collection` for what each method means. */
export class EntityCollection<Es extends Entities, K extends keyof Es & string> implements Collection<Es, K> {
  readonly #session: Session
  readonly #node: CollectionNode

  constructor(session: Session, node: CollectionNode) {
    this.#session = session
    this.#node = Object.freeze(node)
  }

  where<N extends K>(name: N, condition: ConditionArgument<Es[N]>): Collection<Es, K> {
    const { members } = this.#node
    const member = this.#blame('where', () => memberNamed(members, name))
    const { entity, spec } = member
    const where = this.#session.blame(entity.model, 'collection.where', () =>
      narrowed(entity, spec.where, condition as never),
    )
    const asked = { ...member, spec: Object.freeze({ ...spec, where }) }
    return this.#with({ members: members.map((each) => (each === member ? asked : each)) })
  }

  limit(n: number): Collection<Es, K> {
    return this.#with({ limit: this.#blame('limit', () => positive(n, 'limit')) })
  }

  reverse(): Collection<Es, K> {
    const turned = this.#node.members.map((member) => ({
      ...member,
      spec: Object.freeze({ ...member.spec, reverse: !member.spec.reverse }),
    }))
    return this.#with({ members: turned })
  }

  consistency(level: Consistency): Collection<Es, K> {
    this.#blame('consistency', () => requireLevel(level))
    return this.#with({ consistency: level })
  }

  page(options: PageOptions = {}): Promise<CollectionPage<Es, K>> {
    return this.#run('page', options, (call, planned) => this.#page(options, call, planned))
  }

  async measure(options: PageOptions = {}): Promise<MeasuredCollection> {
    const explained = this.explain()
    const actual = await this.#session.measured(
      undefined,
      'collection.measure',
      options,
      (call) => {
        const planned = this.#planned()
        return this.#page(options, { ...call, consistency: this.#consistency(planned) }, planned)
      },
      explained.index,
    )
    return { ...explained, actual }
  }

  async #page(options: PageOptions, call: ReadCall, planned: Planned): Promise<CollectionPage<Es, K>> {
    const { limit, members } = this.#node
    const print = collectionFingerprint(
      members.map(({ spec }) => spec),
      limit,
    )
    const { rows, cursor } = await pageOf(
      {
        chunk: this.#chunks(planned, call),
        limit,
        cursors: limitedCursors(this.#session.cursors, print, limit),
        admit: (position) => requireMemberPosition(planned, position),
      },
      options,
    )
    const items = this.#byKind<unknown[]>(() => [])
    for (const row of rows) this.#add(items, planned, row)
    return { items: items as CollectionItems<Es, K>, cursor }
  }

  all(options?: CallOptions): Promise<CollectionItems<Es, K>> {
    return this.#run('all', options, async (call, planned) => {
      const items = this.#byKind<unknown[]>(() => [])
      for await (const row of this.#rows(planned, call)) this.#add(items, planned, row)
      return items as CollectionItems<Es, K>
    })
  }

  count(options?: CallOptions): Promise<{ readonly [N in K]: number }> {
    return this.#run('count', options, async (call, planned) => {
      const counts = this.#byKind(() => 0)
      for await (const row of this.#rows(planned, call)) counts[memberOf(planned, row).name as K]++
      return counts
    })
  }

  async *iterate(options?: CallOptions): AsyncGenerator<CollectionRow<Es, K>, void, undefined> {
    const planned = this.#blame('iterate', () => this.#planned())
    const scope = {
      model: undefined,
      operation: 'collection.iterate',
      consistency: this.#consistency(planned),
      index: this.#first().spec.index?.name,
    }
    const walk = this.#blame('iterate', () => this.#session.walk(scope, options))
    const chunks: NextChunk<MemberRow> = (want, after) => walk((call) => this.#chunk(planned, call, want, after))
    for await (const row of rowsOf(chunks, this.#node.limit ?? Number.POSITIVE_INFINITY)) {
      const { name } = memberOf(planned, row)
      yield { entity: name, item: this.#present(planned, row) } as CollectionRow<Es, K>
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<CollectionRow<Es, K>> {
    return this.iterate()[Symbol.asyncIterator]()
  }

  explain(assumed?: AssumedRows): CollectionExplanation {
    const { planned, masked } = this.#blame('explain', () => ({
      planned: this.#planned(),
      masked: this.#masked().#planned(),
    }))
    const { plan, freshness } = planned
    const { index } = this.#first().spec
    const members = (plan?.members ?? []).map(({ query: { entity }, range, pushed, residual }) => {
      const rest = [pushed, residual].filter((each) => each !== undefined)
      return {
        entity: entity.name,
        range: rangeConditions(range).map((condition) => maskedCondition(entity, condition)),
        residual: rest.length === 0 ? undefined : maskedCondition(entity, join('and', rest)),
      }
    })
    return {
      store: this.#session.store,
      access: plan === undefined ? 'none' : index === undefined ? 'key' : 'index',
      index: index?.name,
      freshness,
      members,
      residual: members.find(({ residual }) => residual !== undefined)?.residual,
      roundTrips: plan?.roundTrips ?? 0,
      estimate: this.#blame('explain', () => this.#estimate(planned, assumed)),
      request: maskedRequest(requestOf(planned), requestOf(masked)),
    }
  }

  /** The same collection with no sensitive value in it. The partition is one: what is sensitive in one kind is so in all. */
  #masked(): EntityCollection<Es, K> {
    const models = this.#node.members.map(({ entity }) => entity.model)
    const members = this.#node.members.map((member) => {
      const { model } = member.entity
      const { where } = member.spec
      const partition = models.reduce((values, each) => maskedValues(each, values), member.spec.partition)
      const masked = { partition, where: where && maskedCondition(model, where) }
      return { ...member, spec: { ...member.spec, ...masked } }
    })
    return this.#with({ members }) as EntityCollection<Es, K>
  }

  #with(change: Partial<CollectionNode>): Collection<Es, K> {
    return new EntityCollection<Es, K>(this.#session, { ...this.#node, ...change })
  }

  #first(): Member {
    return this.#node.members[0] as Member
  }

  /** The members in the order in which they are read, without those of which nothing can fit. */
  #planned(): Planned {
    const { driver } = this.#session
    const read = this.#first().spec.reverse ? this.#node.members.toReversed() : this.#node.members
    const all = read.map((member) => ({ member, plan: driver.plan(member.spec) }))
    const possible = all.filter(({ plan }) => plan.access !== 'none')
    return {
      members: possible.map(({ member }) => member),
      plan: possible.length === 0 ? undefined : driver.collections.plan(possible.map(({ plan }) => plan)),
      freshness: (all[0] as { readonly plan: Plan }).plan.freshness,
    }
  }

  #estimate({ plan, freshness }: Planned, assumed: AssumedRows | undefined): Capacity | undefined {
    const rows = assumedRows(assumed, this.#node.limit)
    if (rows === undefined) return undefined
    if (plan === undefined) return { read: 0 }
    return this.#session.driver.estimate?.({ ...rows, consistency: this.#node.consistency ?? freshness })
  }

  #consistency({ freshness }: Planned): Consistency {
    return this.#node.consistency ?? freshness
  }

  #rows(planned: Planned, call: ReadCall): AsyncIterable<MemberRow> {
    return rowsOf(this.#chunks(planned, call), this.#node.limit ?? Number.POSITIVE_INFINITY)
  }

  #chunks(planned: Planned, call: ReadCall): NextChunk<MemberRow> {
    return (want, after) => this.#chunk(planned, call, want, after)
  }

  /** The fitting rows of one request. */
  async #chunk({ plan }: Planned, call: ReadCall, want: number, after: string | undefined): Promise<Chunk<MemberRow>> {
    if (plan === undefined) return { rows: [], next: undefined }
    const { driver } = this.#session
    const now = this.#session.now()
    // Behind a condition most rows may fall away: small chunks would mean many trips.
    const isFiltered = plan.members.some(({ query }) => query.where !== undefined)
    const limit = isFiltered ? Math.max(want, Math.min(want * 4, CHUNK)) : want
    const request = { limit, now, ...(after === undefined ? {} : { after }) }
    const { rows, next } = await this.#session.reading(call, () => driver.collections.fetch(plan, request, call))
    reportOf(call)?.read(rows.length)
    const judges = plan.members.map(({ query }) => {
      const isStray = driver.limits.fillsIndexes ? () => false : straysOf(query)
      const { entity, where } = query
      return (row: MemberRow): boolean =>
        !isExpired(entity, row.stored.values, now) &&
        (where === undefined || evaluate(where, row.stored.values)) &&
        !isStray(row)
    })
    return { rows: rows.filter((row) => judges[row.member]?.(row)), next }
  }

  #byKind<V>(start: () => V): { [N in K]: V } {
    const byKind = {}
    for (const { name } of this.#node.members) setOwn(byKind, name, start() as never)
    return byKind as { [N in K]: V }
  }

  #add(items: { [N in K]: unknown[] }, planned: Planned, row: MemberRow): void {
    items[memberOf(planned, row).name as K].push(this.#present(planned, row))
  }

  #present(planned: Planned, row: MemberRow): unknown {
    const { entity } = memberOf(planned, row)
    return this.#session.blame(entity.model, 'collection', () => this.#session.presenter(entity).present(row.stored))
  }

  #run<T>(
    operation: string,
    options: CallOptions | undefined,
    work: (call: ReadCall, planned: Planned) => Promise<T>,
  ): Promise<T> {
    return this.#session.run(
      undefined,
      `collection.${operation}`,
      options,
      undefined,
      (call) => {
        const planned = this.#planned()
        return work({ ...call, consistency: this.#consistency(planned) }, planned)
      },
      this.#first().spec.index?.name,
    )
  }

  #blame<T>(operation: string, work: () => T): T {
    return this.#session.blame(undefined, `collection.${operation}`, work)
  }
}

/** What would be sent, and of which members. */
function requestOf({ members, plan }: Planned): { readonly access: string; readonly request: unknown } {
  return { access: members.map(({ name }) => name).join(), request: plan?.request }
}

function memberNamed(members: readonly Member[], name: unknown): Member {
  const found = members.find((member) => member.name === name)
  if (found !== undefined) return found
  throw invalid(
    `where names one of the collection's entities, ${members.map((member) => member.name).join(', ')}, and not ${shown(name)}.`,
  )
}

function memberOf({ members }: Planned, { member }: MemberRow): Member {
  return members[member] as Member
}

/** Refuses a position that no row of any member can have. */
function requireMemberPosition({ plan }: Planned, position: string): void {
  if (plan === undefined) return
  const member = memberRanges(plan.members).at(position)
  if (member === undefined) throw invalidCursor("it points outside the collection's range")
  requirePosition(plan.members[member] as Plan, position)
}
