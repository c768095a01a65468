import { leftBy, refuseUnseen } from './judged.js'
import { type Fields, keyOf, type ReferenceKind } from './kind.js'
import { equal } from './order.js'
import { ReferenceRefusal } from './refusal.js'
import { type Access, inOrder, isAt, isIn, isLive, type Row } from './rows.js'
import { refuseTaken } from './uniques.js'
import type { Write, Written } from './write.js'

const DAY = 86_400_000

/** A transaction that was done under a token. */
interface Done {
  readonly token: string
  readonly writes: readonly Write[]
  readonly until: number
}

/** A store as naive as can be: a list of entities. Says what every store must say; built to be read, not to be fast. */
export class Reference {
  readonly #kinds: ReadonlyMap<string, ReferenceKind>
  readonly #now: () => number
  #rows: readonly Row[] = []
  #done: readonly Done[] = []
  #writes = 0

  constructor(kinds: readonly ReferenceKind[], now: () => number) {
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]))
    this.#now = now
  }

  kind(name: string): ReferenceKind {
    const kind = this.#kinds.get(name)
    if (kind === undefined) throw new TypeError(`The reference has no kind ${name}.`)
    return kind
  }

  /** The number of the last write: what has a higher revision was written later. */
  get moment(): number {
    return this.#writes
  }

  get(kind: string, key: Fields): Fields | undefined {
    const row = this.#live(kind, key)
    return row && shown(row)
  }

  revisionOf(kind: string, key: Fields): number | undefined {
    return this.#live(kind, key)?.revision
  }

  write(write: Write): Written {
    const kind = this.kind(write.kind)
    refuseUnseen(kind, write, this.#now())
    const [written] = this.#commit([write])
    return written as Written
  }

  /** All writes or none. Gives what each leaves, or undefined for deletes and checks. */
  transact(writes: readonly Write[], token: string | undefined): readonly (Fields | undefined)[] {
    for (const [at, write] of writes.entries()) {
      ofItem(at, () => refuseUnseen(this.kind(write.kind), write, this.#now()))
    }
    const repeated = writes.findIndex((write, at) => writes.slice(0, at).some((before) => this.#isSame(before, write)))
    if (repeated >= 0) throw new ReferenceRefusal('VALIDATION', { items: [repeated] })
    if (writes.length === 0) return []
    const done = this.#done.find((one) => one.token === token && one.until > this.#now())
    if (done !== undefined) {
      if (!equal(done.writes, writes)) throw new ReferenceRefusal('VALIDATION')
      return writes.map((write) => (leaves(write) ? this.get(write.kind, keyIn(write)) : undefined))
    }
    const written = this.#commit(writes)
    if (token !== undefined) this.#done = [...this.#done, { token, writes, until: this.#now() + DAY }]
    return writes.map((write, at) => (leaves(write) ? written[at]?.new : undefined))
  }

  /** The live entities of some kinds that are where a read looks: kind after kind by name, each in its order. */
  read(accesses: readonly Access[], reverse = false): readonly Row[] {
    const found = accesses
      .toSorted((left, right) => (left.kind.name < right.kind.name ? -1 : 1))
      .flatMap((access) =>
        this.#rows
          .filter((row) => isLive(row, this.#now()) && isIn(row, access))
          .toSorted((left, right) => inOrder(access, left.fields, right.fields)),
      )
    return reverse ? found.toReversed() : found
  }

  /** The live entities of a kind. */
  scan(kind: string): readonly Row[] {
    return this.#rows.filter((row) => row.kind === this.kind(kind) && isLive(row, this.#now()))
  }

  #live(kind: string, key: Fields): Row | undefined {
    return this.#rows.find((row) => isAt(row, this.kind(kind), key) && isLive(row, this.#now()))
  }

  #isSame(one: Write, other: Write): boolean {
    const kind = this.kind(one.kind)
    return one.kind === other.kind && equal(keyOf(kind, keyIn(one)), keyOf(kind, keyIn(other)))
  }

  /** Each write is judged on what was there before all of them, unique values on what would be there after. */
  #commit(writes: readonly Write[]): readonly Written[] {
    const now = this.#now()
    const lefts = writes.map((write, at) => {
      const kind = this.kind(write.kind)
      const live = this.#live(write.kind, keyIn(write))
      return { kind, live, key: keyIn(write), left: ofItem(at, () => leftBy(kind, write, live, now)) }
    })
    const writing = lefts.filter(({ left }) => left !== 'as it is')
    const others = this.#rows.filter((row) => !writing.some(({ kind, key }) => isAt(row, kind, key)))
    const made = lefts.map(({ kind, left }): Row | undefined =>
      typeof left === 'string' ? undefined : { kind, fields: structuredClone(left), revision: ++this.#writes },
    )
    refuseTaken(
      made,
      others.filter((row) => isLive(row, now)),
    )
    this.#rows = [...others, ...made.filter((row) => row !== undefined)]
    return lefts.map(({ live }, at) => ({ old: live && shown(live), new: made[at] && shown(made[at]) }))
  }
}

/** An entity as a caller sees it. The revision is a number here; each store has a text of its own for it. */
export function shown({ kind, fields, revision }: Row): Fields {
  return { ...structuredClone(fields), ...(kind.revision === undefined ? {} : { revision }) }
}

export const keyIn = (write: Write): Fields => ('key' in write ? write.key : write.entity)

const leaves = ({ do: what }: Write): boolean => what !== 'delete' && what !== 'check' && what !== 'checkAbsent'

function ofItem<T>(at: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof ReferenceRefusal)) throw error
    throw new ReferenceRefusal(error.code, { ...(error.paths && { paths: error.paths }), items: [at] })
  }
}
