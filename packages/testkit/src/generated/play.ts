import { ConformanceError } from '../conformance/check.js'
import type { Clock } from '../conformance/clock.js'
import { type Fields, keyOf } from '../reference/kind.js'
import { Reference } from '../reference/reference.js'
import { show } from '../same/show.js'
import { expectedOf } from './answer.js'
import { inKeyOrder } from './key-order.js'
import { kinds } from './kinds.js'
import { dated } from './moments.js'
import { type AnsweredStep, onReference } from './on-reference.js'
import { asked, at, onStore, pageOf, type RevisionText } from './on-store.js'
import { partitionsOf } from './partitions.js'
import type { Side } from './side.js'
import type { Step, StepAccess, StepRead, StepWrite } from './step.js'
import { expectedOn, judgedPage, type Walk } from './walk.js'

interface Written {
  readonly kind: string
  readonly key: Fields
}

/** Plays one history on stores and on the reference side by side, and demands the same answers, step by step. */
export class Play {
  readonly #sides: readonly Side[]
  readonly #clock: Clock
  readonly #reference: Reference
  readonly #start: number
  readonly #name: string
  readonly #written = new Map<string, Written>()
  /** Every partition that an entity was ever in. */
  readonly #partitions = new Map<string, StepAccess>()
  readonly #walks: Map<Side, Walk>[] = []

  /** `name` tells this history's transaction tokens from another's, which a store remembers for a day. */
  constructor(sides: readonly Side[], clock: Clock, name: string) {
    this.#sides = sides
    this.#clock = clock
    this.#start = clock.now()
    this.#name = name
    this.#reference = new Reference(kinds, clock.now)
  }

  /** Throws a ConformanceError at the first step at which a store and the reference differ. */
  async run(history: readonly Step[]): Promise<void> {
    for (const [place, step] of history.entries()) {
      await located(`step ${place + 1}`, () => this.#step(dated(step, this.#start)))
    }
    await located('the end', () => this.#compareAll())
  }

  /** Deletes what the history wrote, so that the next one begins with nothing. */
  async clear(): Promise<void> {
    for (const [kind, places] of Map.groupBy(this.#written.values(), (place) => place.kind)) {
      const keys = places.map(({ key }) => key)
      await Promise.all(this.#sides.map(({ db }) => at(db, kind).deleteMany(keys as never)))
    }
  }

  #step(step: Step): Promise<void> {
    switch (step.do) {
      case 'wait':
        this.#clock.advance(step.milliseconds)
        return Promise.resolve()
      case 'open':
        return this.#open(step.read, step.size)
      case 'next':
        return this.#next(step.walk, step.size)
      case 'transact':
        return this.#answer(step.token === undefined ? step : { ...step, token: `${this.#name}-${step.token}` })
      default:
        return this.#answer(step)
    }
  }

  async #answer(step: AnsweredStep): Promise<void> {
    const writes = writesOf(step)
    const touched = writes.map((write) => this.#touch(write))
    const revisions = await this.#eachSide((side) => this.#revisionTexts(side, writes))
    const sorted = step.do === 'scan' ? inKeyOrder(this.#reference.kind(step.scan.kind)) : (given: unknown) => given
    const expected = expectedOf(() => sorted(onReference(this.#reference, step)))
    const byIndex = step.do === 'read' && step.read.accesses[0].index !== undefined
    await this.#eachSide((side) => {
      const revision: RevisionText = (write) => revisions.get(side)?.get(write)
      return side.settles(byIndex, async () => sorted(await onStore(side.db, step, revision)), expected)
    })
    if (touched.length > 0) await this.#compare(touched)
  }

  #touch(write: StepWrite): Written {
    const given = 'key' in write ? write.key : write.entity
    const written = { kind: write.kind, key: keyOf(this.#reference.kind(write.kind), given) }
    this.#written.set(show(written), written)
    return written
  }

  /** What each guard's revision is on one store. */
  async #revisionTexts(side: Side, writes: readonly StepWrite[]): Promise<ReadonlyMap<StepWrite, string>> {
    const texts = new Map<StepWrite, string>()
    for (const write of writes) {
      const { kind, key } = this.#touch(write)
      const meant = 'guard' in write ? write.guard.revision : undefined
      if (meant === undefined || meant === 'unknown') continue
      const last = this.#reference.revisionOf(kind, key)
      const text = meant === 'last' ? await side.learn(kind, key, last) : side.revisions.otherThan(last)
      if (text !== undefined) texts.set(write, text)
    }
    return texts
  }

  /** Reads back what was written, or was not. */
  async #compare(touched: readonly Written[]): Promise<void> {
    for (const [kind, places] of Map.groupBy(touched, (place) => place.kind)) {
      const keys = places.map(({ key }) => key)
      const entities = keys.map((key) => this.#reference.get(kind, key))
      for (const entity of entities) {
        for (const access of entity === undefined ? [] : partitionsOf(this.#reference.kind(kind), entity))
          this.#partitions.set(show(access), access)
      }
      await this.#eachSide((side) =>
        located('what is stored then', () =>
          side.answers(() => at(side.db, kind).getMany(keys as never), { value: entities }),
        ),
      )
    }
  }

  /** The whole content: every kind by a scan, every partition by its key or index. */
  async #compareAll(): Promise<void> {
    for (const kind of new Set([...this.#written.values()].map((place) => place.kind))) {
      await this.#answer({ do: 'scan', scan: { kind, segments: 1 }, take: 'all' })
    }
    await Promise.all(
      [...this.#partitions.values()].map((access) =>
        located(show(access), () =>
          this.#answer({ do: 'read', read: { accesses: [access], reverse: false }, take: 'all' }),
        ),
      ),
    )
  }

  async #open(read: StepRead, size: number): Promise<void> {
    const walk: Walk = {
      read,
      since: this.#reference.moment,
      cursor: undefined,
      last: undefined,
      left: read.limit ?? Number.POSITIVE_INFINITY,
    }
    const walks = new Map(this.#sides.map((side) => [side, walk]))
    await this.#page(walks, size)
    this.#walks.push(walks)
  }

  async #next(place: number, size: number): Promise<void> {
    const open = this.#walks.filter((walks) => [...walks.values()].some(({ cursor }) => cursor !== undefined))
    const walks = open[place % open.length]
    if (walks !== undefined) await this.#page(walks, size)
  }

  /** The next page of a walk on each store, where it has not ended. */
  async #page(walks: Map<Side, Walk>, size: number): Promise<void> {
    await this.#eachSide(async (side) => {
      const walk = walks.get(side) as Walk
      const { read, cursor, last } = walk
      if (cursor === undefined && last !== undefined) return
      const whole: AnsweredStep = { do: 'read', read: withoutLimit(read), take: 'all' }
      if (read.accesses[0].index !== undefined)
        await side.settles(true, () => onStore(side.db, whole, () => undefined), {
          value: onReference(this.#reference, whole),
        })
      const page = await pageOf(asked(side.db, read), read, { size, cursor })
      const next = judgedPage(this.#reference, walk, size, page)
      await side.answers(() => Promise.resolve(page.rows), { value: expectedOn(this.#reference, page.rows) })
      walks.set(side, next)
    })
  }

  /** Does something on every store at once; the first difference is told once all have ended. */
  async #eachSide<T>(work: (side: Side) => Promise<T>): Promise<Map<Side, T>> {
    const done = await Promise.allSettled(this.#sides.map(work))
    return new Map(
      done.map((one, place) => {
        if (one.status === 'rejected') throw one.reason
        return [this.#sides[place] as Side, one.value]
      }),
    )
  }
}

const withoutLimit = ({ limit: _, ...read }: StepRead): StepRead => read

/** The writes that a step is made of. */
function writesOf(step: AnsweredStep): readonly StepWrite[] {
  switch (step.do) {
    case 'write':
      return [step.write]
    case 'transact':
      return step.writes
    case 'putMany':
      return step.entities.map((entity) => ({ do: 'put', kind: step.kind, entity, guard: {} }))
    case 'deleteMany':
      return step.keys.map((key) => ({ do: 'delete', kind: step.kind, key, guard: {} }))
    default:
      return []
  }
}

async function located<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof ConformanceError)) throw cause
    const { actual, expected } = cause
    throw new ConformanceError(`${where}: ${cause.message}`, { actual, expected, cause })
  }
}
