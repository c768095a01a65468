import type { Change, Condition, ErrorCode, Path } from '@isomodel/core'
import { changed, type NumberRange } from './changes.js'
import { isTrue } from './condition.js'
import { equal, order } from './order.js'

/** What the reference needs to know of an entity, said by hand beside its schema. */
export interface ReferenceShape {
  readonly key: readonly string[]
  readonly defaults: { readonly [field: string]: unknown }
  readonly indexes: {
    readonly [name: string]: { readonly partition: readonly string[]; readonly sort: readonly string[] }
  }
  readonly ttl?: string
  rangeOf(path: Path): NumberRange
}

export interface Fields {
  readonly [field: string]: unknown
}

export interface ReferenceGuard {
  readonly if?: Condition
  /** The revision the entity must have. */
  readonly ifRevision?: string
}

/** What a write does: the live entity before it and the entity after it. */
export interface Written {
  readonly old: Fields | undefined
  readonly new: Fields | undefined
}

/** The reference refuses; the store must refuse with the same code. */
export class ReferenceRefusal extends Error {
  readonly code: ErrorCode

  constructor(code: ErrorCode) {
    super(code)
    this.code = code
  }
}

interface Row {
  fields: Fields
  revision: string
}

/** A store as naive as can be: a list of entities. Says what every store must say; built to be read, not to be fast. */
export class Reference {
  readonly #shape: ReferenceShape
  readonly #now: () => number
  #rows: Row[] = []

  constructor(shape: ReferenceShape, now: () => number) {
    this.#shape = shape
    this.#now = now
  }

  get(key: Fields): Fields | undefined {
    return structuredClone(this.#find(key)?.fields)
  }

  /** The store made up this revision in its last write of the entity; from here on it is the one to match. */
  learn(key: Fields, revision: string): void {
    const row = this.#find(key)
    if (row !== undefined) row.revision = revision
  }

  revisionOf(key: Fields): string | undefined {
    return this.#find(key)?.revision
  }

  create(entity: Fields): Written {
    if (this.#find(entity) !== undefined) throw new ReferenceRefusal('ALREADY_EXISTS')
    return this.#write(entity, this.#withDefaults(entity))
  }

  put(entity: Fields, guard: ReferenceGuard): Written {
    if (guard.if !== undefined || guard.ifRevision !== undefined) this.#judge(entity, guard)
    return this.#write(entity, this.#withDefaults(entity))
  }

  upsert(entity: Fields, guard: ReferenceGuard): Written {
    const old = this.#find(entity)
    if (old !== undefined || guard.ifRevision !== undefined) this.#judge(entity, guard)
    return this.#write(entity, old === undefined ? this.#withDefaults(entity) : { ...old.fields, ...entity })
  }

  update(key: Fields, changes: readonly Change[], guard: ReferenceGuard, orCreate: boolean): Written {
    if (overlap(changes)) throw new ReferenceRefusal('VALIDATION')
    const fresh = changed(this.#withDefaults(this.#keyOf(key)), changes, this.#shape.rangeOf)
    // A new entity that the changes do not fit can be seen without the old one.
    if (orCreate && 'fault' in fresh) throw new ReferenceRefusal('VALIDATION')
    const old = this.#find(key)
    if (old === undefined && orCreate && guard.ifRevision === undefined && 'entity' in fresh)
      return this.#write(key, fresh.entity as Fields)
    this.#judge(key, guard)
    const next = changed(old?.fields ?? {}, changes, this.#shape.rangeOf)
    if ('fault' in next) throw new ReferenceRefusal(next.fault)
    return this.#write(key, next.entity as Fields)
  }

  delete(key: Fields, guard: ReferenceGuard): Written {
    if (guard.if !== undefined || guard.ifRevision !== undefined) this.#judge(key, guard)
    return this.#write(key, undefined)
  }

  /** The live entities of a partition that fit, in order. */
  query(index: string | undefined, partition: Fields, where: Condition | undefined, reverse: boolean): Fields[] {
    const sort = index === undefined ? [] : (this.#shape.indexes[index]?.sort ?? [])
    const named = index === undefined ? [] : [...(this.#shape.indexes[index]?.partition ?? []), ...sort]
    const by = [...sort, ...this.#shape.key]
    const found = this.#rows
      .filter((row) => this.#isLive(row))
      .map(({ fields }) => fields)
      .filter((fields) =>
        Object.entries(partition).every(([name, value]) => fields[name] !== undefined && equal(fields[name], value)),
      )
      .filter((fields) => named.every((name) => fields[name] !== undefined && fields[name] !== null))
      .filter((fields) => where === undefined || isTrue(where, fields))
      .sort(
        (left, right) =>
          by.map((name) => order(left[name], right[name]) ?? 0).find((difference) => difference !== 0) ?? 0,
      )
    return structuredClone(reverse ? found.toReversed() : found)
  }

  #keyOf(fields: Fields): Fields {
    return Object.fromEntries(this.#shape.key.map((name) => [name, fields[name]]))
  }

  #withDefaults(entity: Fields): Fields {
    return { ...structuredClone(this.#shape.defaults), ...entity }
  }

  #find(key: Fields): Row | undefined {
    return this.#rows.find(
      (row) => this.#isLive(row) && this.#shape.key.every((name) => equal(row.fields[name], key[name])),
    )
  }

  #isLive({ fields }: Row): boolean {
    const ttl = this.#shape.ttl === undefined ? undefined : fields[this.#shape.ttl]
    return !(ttl instanceof Date) || ttl.getTime() > this.#now()
  }

  /** In this order: absent, revision, condition. */
  #judge(key: Fields, guard: ReferenceGuard): void {
    const row = this.#find(key)
    if (row === undefined) throw new ReferenceRefusal('NOT_FOUND')
    if (guard.ifRevision !== undefined && guard.ifRevision !== row.revision)
      throw new ReferenceRefusal('REVISION_MISMATCH')
    if (guard.if !== undefined && !isTrue(guard.if, row.fields)) throw new ReferenceRefusal('CONDITION_FAILED')
  }

  #write(key: Fields, next: Fields | undefined): Written {
    const old = this.get(key)
    this.#rows = this.#rows.filter((row) => !this.#shape.key.every((name) => equal(row.fields[name], key[name])))
    if (next !== undefined) this.#rows.push({ fields: structuredClone(next), revision: '' })
    return { old, new: structuredClone(next) }
  }
}

/** Whether one path of an update leads to, or through, another. */
function overlap(changes: readonly Change[]): boolean {
  return changes.some((one, at) =>
    changes.some((other, place) => place !== at && one.path.every((step, depth) => step === other.path[depth])),
  )
}
