import {
  type EntityModel,
  encodeComponent,
  getOwn,
  type IndexModel,
  indexText,
  type KeyModel,
  type KeyText,
  keyRanges,
  type Values,
} from '@isomodel/core/driver'
import { ChangeLog, type Logged } from './changes.js'
import { codecOf, type Kept } from './codec.js'
import { foreignSnapshot, modelMismatch, unfit } from './errors.js'
import { makeSnapshot, readSnapshot, type Snapshot } from './snapshot.js'
import { SortedMap } from './sorted-map.js'
import { Space } from './space.js'

/** An entity as it is kept. Never changed: a write puts another one in its place. */
export interface Entry extends KeyText {
  readonly entity: string
  readonly token: string
  readonly fields: Kept
  /** The places in the indexes that were written for it, by index. */
  readonly members: ReadonlyMap<string, KeyText>
  /** When it expires, as a sortable text. */
  readonly expiry: string | undefined
}

/** What the store knows of the models it was opened with: every index of any of them is kept by every write. */
interface Known {
  /** The one that came last. */
  readonly model: EntityModel
  readonly ttl: string | undefined
  /** Whether any of its models is in the change feed. */
  readonly changes: boolean
  readonly indexes: ReadonlyMap<string, IndexModel>
}

/**
 * The data of one `memory()`: entities by key, the entries of their indexes, and who expires when. Everything here is
 * synchronous, so each call is atomic by itself.
 */
export class Store {
  readonly log: ChangeLog = new ChangeLog()
  readonly #known = new Map<string, Known>()
  #entries = new Space<Entry>()
  #indexes = new Map<string, Space<Entry>>()
  #expiring = new SortedMap<Entry>()

  /**
   * Makes a model known, with its indexes of what is already there. Throws `MODEL_MISMATCH` where it contradicts another,
   * `CORRUPT` where what was restored does not fit it, and changes nothing then.
   */
  register(model: EntityModel): void {
    const before = this.#known.get(model.name)
    if (before !== undefined) refuseOther(model.name, 'key', before.model.key, model.key)
    const indexes = new Map(before?.indexes)
    for (const index of model.indexes) {
      const other = indexes.get(index.name)
      if (other !== undefined) refuseOther(model.name, `index ${index.name}`, other, index)
      else indexes.set(index.name, index)
    }
    const changes = model.changes || before?.changes === true
    const known: Known = { model, ttl: model.ttl ?? before?.ttl, changes, indexes }
    const isNew = indexes.size !== before?.indexes.size || known.ttl !== before.ttl
    const renewed = isNew ? this.#renewed(known) : []
    this.#known.set(model.name, known)
    for (const entry of renewed) this.#place(entry)
  }

  get(place: KeyText): Entry | undefined {
    return this.#entries.get(place)
  }

  /** The entries of an entity behind a place, in the order of their keys. */
  scan(entity: EntityModel, after: KeyText | undefined): IterableIterator<readonly [place: KeyText, entry: Entry]> {
    const { partitions, sorts } = keyRanges(entity)
    // What follows a text at once is the text and U+0000.
    const start = after === undefined ? undefined : { ...after, sort: `${after.sort}\u0000` }
    return this.#entries.ranges(partitions, sorts, start)
  }

  /** Writes an entity, at a moment (ms). */
  set(place: KeyText, entity: string, token: string, fields: Kept, at: number): void {
    const old = this.#entries.get(place)
    const entry = makeEntry(this.#known.get(entity), place, entity, token, fields)
    this.#place(entry)
    this.#note(entity, { old, new: entry, at, expired: false })
  }

  /** Removes an entity where there is one, at a moment (ms). */
  delete(place: KeyText, at: number): void {
    const old = this.#remove(place)
    if (old !== undefined) this.#note(old.entity, { old, new: undefined, at, expired: false })
  }

  #remove(place: KeyText): Entry | undefined {
    const old = this.#entries.get(place)
    if (old === undefined) return undefined
    this.#entries.delete(place)
    for (const [index, member] of old.members) this.#index(index).delete(member)
    if (old.expiry !== undefined) this.#expiring.delete(old.expiry)
    return old
  }

  #note(entity: string, change: Omit<Logged, 'entity'>): void {
    if (this.#known.get(entity)?.changes === true) this.log.add({ entity, ...change })
  }

  /** One partition of the key (no index) or of an index, `from <= sort < to`. */
  range(
    index: string | undefined,
    partition: string,
    from: string,
    to: string,
    reverse: boolean,
  ): Iterable<readonly [string, Entry]> {
    const space = index === undefined ? this.#entries : this.#index(index)
    return space.range(partition, from, to, reverse)
  }

  /** Removes entities whose ttl is at or before a moment (ms), the longest expired first; how many it removed. */
  sweep(now: number, most: number): number {
    if (this.#expiring.size === 0) return 0
    const expired: Entry[] = []
    for (const [, entry] of this.#expiring.range('', momentText(now, '$'), false)) {
      if (expired.length === most) break
      expired.push(entry)
    }
    for (const entry of expired) {
      this.#remove(entry)
      this.#note(entry.entity, { old: entry, new: undefined, at: now, expired: true })
    }
    return expired.length
  }

  snapshot(): Snapshot {
    return makeSnapshot(this.#entries.values())
  }

  /** Either all of a snapshot is in the store afterwards and nothing else, or everything is as it was. */
  restore(snapshot: Snapshot): void {
    const entities = readSnapshot(snapshot)
    const before = { entries: this.#entries, indexes: this.#indexes, expiring: this.#expiring }
    this.#entries = new Space()
    this.#indexes = new Map()
    this.#expiring = new SortedMap()
    try {
      for (const each of entities) {
        this.#place(makeEntry(this.#known.get(each.entity), each, each.entity, each.token, each.fields))
      }
      this.log.clear()
    } catch (cause) {
      this.#entries = before.entries
      this.#indexes = before.indexes
      this.#expiring = before.expiring
      throw foreignSnapshot('one of its entities does not fit the model that is connected', cause)
    }
  }

  /** What is wrong with the indexes of an entity, entry by entry; nothing unless there is a fault in this package. */
  *faults(entity: string): IterableIterator<string> {
    for (const entry of this.#entries.values()) {
      if (entry.entity !== entity) continue
      const { members } = makeEntry(this.#known.get(entity), entry, entity, entry.token, entry.fields)
      for (const [index, member] of members) {
        if (this.#index(index).get(member) !== entry) yield `${index} lacks ${entry.partition} ${entry.sort}`
      }
    }
  }

  #renewed(known: Known): readonly Entry[] {
    const { name } = known.model
    const entries = [...this.#entries.values()].filter(({ entity }) => entity === name)
    try {
      return entries.map((entry) => makeEntry(known, entry, name, entry.token, entry.fields))
    } catch (cause) {
      throw unfit(name, cause)
    }
  }

  #place(entry: Entry): void {
    this.#remove(entry)
    this.#entries.set(entry, entry)
    for (const [index, member] of entry.members) this.#index(index).set(member, entry)
    if (entry.expiry !== undefined) this.#expiring.set(entry.expiry, entry)
  }

  #index(name: string): Space<Entry> {
    let space = this.#indexes.get(name)
    if (space === undefined) {
      space = new Space()
      this.#indexes.set(name, space)
    }
    return space
  }
}

/** An entity with its places in the indexes that are known; none while no model is. */
function makeEntry(
  known: Known | undefined,
  { partition, sort }: KeyText,
  entity: string,
  token: string,
  fields: Kept,
): Entry {
  const members = new Map<string, KeyText>()
  if (known === undefined) return { entity, partition, sort, token, fields, members, expiry: undefined }
  const values = codecOf(known.model).decode(fields, 'keep')
  for (const [name, index] of known.indexes) {
    const member = indexText(known.model, index, values)
    if (member !== undefined) members.set(name, member)
  }
  return { entity, partition, sort, token, fields, members, expiry: expiryText(known.ttl, values, partition, sort) }
}

function expiryText(ttl: string | undefined, values: Values, partition: string, sort: string): string | undefined {
  const moment = ttl === undefined ? undefined : getOwn(values, ttl)
  return moment instanceof Date ? momentText(moment.getTime(), `#${partition}\n${sort}`) : undefined
}

function momentText(ms: number, behind: string): string {
  return encodeComponent({ kind: 'date' }, new Date(ms)) + behind
}

function refuseOther(entity: string, what: string, here: KeyModel, wanted: KeyModel): void {
  const [a, b] = [describe(here), describe(wanted)]
  if (a !== b) throw modelMismatch(entity, what, a, b)
}

function describe({ partitionName, partition, sort }: KeyModel): string {
  const fields = (list: KeyModel['partition']): string =>
    list.map(({ name, slot: { type } }) => `${name}: ${type.kind === 'enum' ? type.of : type.kind}`).join(', ')
  return `${partitionName} by [${fields(partition)}] then [${fields(sort)}]`
}
