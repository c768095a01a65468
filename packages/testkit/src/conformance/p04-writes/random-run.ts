import { type AnyEntity, type Change, type Condition, type Repository, StoreError } from '@isomodel/core'
import {
  type Fields,
  Reference,
  type ReferenceGuard,
  ReferenceRefusal,
  type Written,
} from '../../reference/reference.js'
import { holds, same } from '../check.js'
import type { Clock } from '../clock.js'
import type { CaseContext } from '../context.js'
import type { Step, StepGuard, WriteStep } from './random-steps.js'
import { shape } from './random-subject.js'

const HOUR = 3_600_000

/** Histories are data, so that they are played on a repository without its entity's types. */
export type Subjects = Repository<AnyEntity>

/** Plays one history on a store and on the reference, and demands the same answers, step by step. */
export class RandomRun {
  readonly #t: CaseContext
  readonly #subjects: Subjects
  readonly #group: string
  readonly #start: number
  readonly #clock: Clock
  readonly #reference: Reference
  /** Every revision that was ever seen: none may come back. */
  readonly #revisions = new Set<string>()

  constructor(t: CaseContext, subjects: Subjects, group: string) {
    this.#t = t
    this.#subjects = subjects
    this.#group = group
    this.#clock = t.clock
    this.#start = t.clock.now()
    this.#reference = new Reference(shape, t.clock.now)
  }

  async play(history: readonly Step[]): Promise<void> {
    for (const [at, step] of history.entries()) await this.#step(step, `step ${at} (${step.do})`)
    same(
      await this.#all(),
      this.#reference.query(undefined, { group: this.#group }, undefined, false),
      'what is stored in the end',
    )
  }

  async #step(step: Step, name: string): Promise<void> {
    if (step.do === 'wait') return this.#clock.advance(step.hours * HOUR)
    if (step.do === 'query') return this.#query(step, name)
    if (step.do === 'putMany')
      return this.#putMany(
        step.subjects.map((subject) => this.#entity(subject)),
        name,
      )
    if (step.do === 'deleteMany')
      return this.#deleteMany(
        step.ids.map((id) => this.#key(id)),
        name,
      )
    return this.#write(step, name)
  }

  async #write(step: WriteStep, name: string): Promise<void> {
    const key = 'id' in step ? this.#key(step.id) : this.#key(step.subject.id as string)
    const before = this.#reference.revisionOf(key)
    const guard = 'guard' in step ? this.#guard(step.guard, before) : {}
    const options = { ...guard, return: step.returning as 'old' }
    const expected = attempt(() => this.#onReference(step, key, guard))
    const actual = await attemptOn(() => this.#onStore(step, key, options))
    if (typeof expected === 'string' || typeof actual === 'string') {
      same(typeof actual === 'string' ? actual : 'done', typeof expected === 'string' ? expected : 'done', name)
    } else {
      same(
        bare(actual.value as Fields | undefined),
        step.returning === 'none' ? undefined : expected[step.returning],
        `what ${name} gave`,
      )
    }
    await this.#compare(key, typeof expected === 'string' ? before : undefined, name)
  }

  #onReference(step: WriteStep, key: Fields, guard: ReferenceGuard): Written {
    if (step.do === 'create') return this.#reference.create(this.#entity(step.subject))
    if (step.do === 'put') return this.#reference.put(this.#entity(step.subject), guard)
    if (step.do === 'upsert') return this.#reference.upsert(this.#entity(step.subject), guard)
    if (step.do === 'delete') return this.#reference.delete(key, guard)
    return this.#reference.update(key, step.changes, guard, step.orCreate)
  }

  #onStore(
    step: WriteStep,
    key: Fields,
    options: { readonly return: 'old'; readonly if?: Condition; readonly ifRevision?: string },
  ): Promise<unknown> {
    const subjects = this.#subjects
    // Histories are data; what they say fits the schema by how they are generated.
    if (step.do === 'create') return subjects.create(this.#entity(step.subject) as never, { return: options.return })
    if (step.do === 'put') return subjects.put(this.#entity(step.subject) as never, options)
    if (step.do === 'upsert') return subjects.upsert(this.#entity(step.subject) as never, options)
    if (step.do === 'delete') return subjects.delete(key as never, options)
    return subjects.update(key as never, (): readonly Change[] => step.changes, { ...options, orCreate: step.orCreate })
  }

  /** Reads the entity back: as the reference has it, with the revision kept or new. */
  async #compare(key: Fields, kept: string | undefined, name: string): Promise<void> {
    const found = (await this.#subjects.get(key as never)) as { readonly revision: string } | undefined
    same(bare(found), this.#reference.get(key), `what is stored after ${name}`)
    if (found === undefined) return
    if (kept !== undefined) return same(found.revision, kept, `the revision after ${name}`)
    holds(!this.#revisions.has(found.revision), `the revision after ${name} was there before: ${found.revision}`)
    this.#revisions.add(found.revision)
    this.#reference.learn(key, found.revision)
  }

  async #putMany(entities: readonly Fields[], name: string): Promise<void> {
    const expected = entities.map((entity) => this.#reference.put(entity, {}).new)
    same((await this.#subjects.putMany(entities as never)).map(bare), expected, `what ${name} gave`)
    for (const id of new Set(entities.map((entity) => entity.id as string)))
      await this.#compare(this.#key(id), undefined, name)
  }

  async #deleteMany(keys: readonly Fields[], name: string): Promise<void> {
    for (const key of keys) this.#reference.delete(key, {})
    await this.#subjects.deleteMany(keys as never)
    same(
      await this.#subjects.getMany(keys as never),
      keys.map(() => undefined),
      `what ${name} left`,
    )
  }

  async #query(
    { index, kind, flag, where, reverse, limit, size }: Extract<Step, { readonly do: 'query' }>,
    name: string,
  ): Promise<void> {
    const group = this.#group
    const partition = index === 'byKind' ? { group, kind } : index === 'byBig' ? { group, flag } : { group }
    const whole = this.#reference.query(index, partition, where, reverse)
    const base =
      index === undefined ? this.#subjects.query({ group }) : this.#subjects.query(index as never, partition as never)
    const filtered = where === undefined ? base : base.where(where)
    const query = reverse ? filtered.reverse() : filtered
    await this.#t.settled(async () => (await query.all()).map(bare), whole, `what ${name} found`)
    if (limit === undefined) {
      same(await query.count(), whole.length, `the count of ${name}`)
      const paged: unknown[] = []
      let cursor: string | undefined
      do {
        const page: { items: Fields[]; cursor: string | undefined } = await query.page({ size, cursor })
        paged.push(...page.items.map(bare))
        cursor = page.cursor
      } while (cursor !== undefined)
      same(paged, whole, `${name}, in pages of ${size}`)
    } else {
      same((await query.limit(limit).all()).map(bare), whole.slice(0, limit), `${name}, limited to ${limit}`)
      same(await query.limit(limit).count(), Math.min(limit, whole.length), `the count of ${name}, limited to ${limit}`)
    }
  }

  async #all(): Promise<unknown[]> {
    return (await this.#subjects.query({ group: this.#group }).all()).map(bare)
  }

  #key(id: string): { readonly group: string; readonly id: string } {
    return { group: this.#group, id }
  }

  #entity(subject: Fields): Fields {
    const { until } = subject
    return {
      ...subject,
      group: this.#group,
      ...(typeof until === 'number' ? { until: new Date(this.#start + until * HOUR) } : {}),
    }
  }

  #guard({ revision, ...rest }: StepGuard, last: string | undefined): ReferenceGuard {
    if (revision === undefined) return rest
    const stale = [...this.#revisions].find((one) => one !== last)
    const said = revision === 'last' ? last : revision === 'stale' ? stale : undefined
    return { ...rest, ifRevision: said ?? 'never-made' }
  }
}

function bare(entity: Fields | undefined): Fields | undefined {
  if (entity === undefined) return undefined
  const { revision: _, ...rest } = entity
  return rest
}

/** The answer, or the code of the refusal. */
function attempt(work: () => Written): Written | string {
  try {
    return work()
  } catch (error) {
    if (error instanceof ReferenceRefusal) return error.code
    throw error
  }
}

async function attemptOn(work: () => Promise<unknown>): Promise<{ readonly value: unknown } | string> {
  try {
    return { value: await work() }
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
}
