import { createHash } from 'node:crypto'
import {
  type EntityModel,
  encodeComponent,
  getOwn,
  type IndexModel,
  indexText,
  type KeyField,
  type KeyText,
  keyText,
  StoreError,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import { fromBytes, toBytes, type Wire } from './wire.js'

/** Between the partition's text and the sort text of a member; below every character that a key text has. */
export const BETWEEN = '!'

/** What a script calls the outbox: it stands among the ids of index sets, in place of those that lie in other slots. */
export const OUTBOX = 'outbox'

/** Where an entity lies: its bucket and its member in the set of all keys. */
export interface Place {
  readonly bucket: number
  readonly member: Wire
}

/**
 * The keys of one namespace. All keys of a bucket share a hash tag, so that they lie in one slot of a cluster; how many
 * buckets there are is fixed when the namespace is set up.
 */
export class Keys {
  readonly namespace: string
  readonly buckets: number

  constructor(namespace: string, buckets: number) {
    this.namespace = namespace
    this.buckets = buckets
  }

  /** A string: the format and the number of buckets. */
  get layout(): string {
    return `${this.namespace}:layout`
  }

  /** The hash of the entity with this member. */
  entity(bucket: number, member: Wire): Wire {
    return `${this.namespace}:{${bucket}}:e:${member}`
  }

  /** The sorted set of all members of a bucket. */
  all(bucket: number): string {
    return `${this.namespace}:{${bucket}}:keys`
  }

  /** The sorted set of members by their moment of expiry, ms. */
  expiry(bucket: number): string {
    return `${this.namespace}:{${bucket}}:expiry`
  }

  /** The stream of the bucket's changes. */
  feed(bucket: number): string {
    return `${this.namespace}:{${bucket}}:feed`
  }

  /** The sorted set of an index, by its id. */
  index(bucket: number, id: string): string {
    return `${this.namespace}:{${bucket}}:${id}`
  }

  /** The numbers of all buckets. */
  get everyBucket(): readonly number[] {
    return Array.from({ length: this.buckets }, (_, bucket) => bucket)
  }

  /** Whether buckets lie in different slots, so that a global index is out of reach of a write's own script. */
  get isSpread(): boolean {
    return this.buckets > 1
  }

  /** Whether the set of an index lies in other buckets than its entities. */
  isElsewhere(id: string): boolean {
    return this.isSpread && id.startsWith('g')
  }

  /** The bucket of the index set that a member of an entity is in. */
  bucketOfIndex(id: string, member: Wire, owner: Wire): number {
    return this.bucketOfMember(this.isElsewhere(id) ? member : owner)
  }

  /** What is still to be changed in index sets of other buckets. */
  outbox(bucket: number): string {
    return this.index(bucket, OUTBOX)
  }

  /** The version of each member of the bucket's index sets, on a cluster. */
  versions(bucket: number): string {
    return `${this.namespace}:{${bucket}}:versions`
  }

  bucketOf(partition: string): number {
    return bucketOf(partition, this.buckets)
  }

  bucketOfMember(member: Wire): number {
    return this.bucketOf(fromBytes(member.slice(0, member.indexOf(BETWEEN))))
  }

  place(entity: EntityModel, key: Values): Place {
    const text = keyText(entity, key)
    return { bucket: this.bucketOf(text.partition), member: memberOf(text) }
  }
}

/** A partition's bucket: the first four bytes of the SHA-1 of its text, modulo the number of buckets. */
export function bucketOf(partition: string, buckets: number): number {
  if (buckets === 1) return 0
  return createHash('sha1').update(partition, 'utf8').digest().readUInt32BE(0) % buckets
}

export function memberOf({ partition, sort }: KeyText): Wire {
  return toBytes(`${partition}${BETWEEN}${sort}`)
}

/** The texts behind a member. */
export function memberText(member: Wire): KeyText {
  const between = member.indexOf(BETWEEN)
  return { partition: fromBytes(member.slice(0, between)), sort: fromBytes(member.slice(between + 1)) }
}

/** The id of an index's set: `g2` for the second index when it is global, `l2` when it is local. */
export function indexId(index: IndexModel): string {
  return `${index.scope === 'global' ? 'g' : 'l'}${index.number}`
}

/** Whether an index lies in other buckets than the entity, so that it is behind for a moment. */
export function isBehind(index: IndexModel | undefined, keys: Keys): boolean {
  return keys.isSpread && index?.scope === 'global'
}

/** The ids and members of all indexes that an entity with these values is in, in turn. */
export function indexMembers(entity: EntityModel, values: Values): Wire[] {
  return entity.indexes.flatMap((index) => {
    const text = indexText(entity, index, values)
    return text === undefined ? [] : [indexId(index), memberOf(text)]
  })
}

/**
 * How a script makes an index's member after a change: `=` and text as it is, `.` and the stored name of a field whose
 * component stands there. Key fields are known from the call.
 */
export function memberRecipe(
  entity: EntityModel,
  index: IndexModel,
  key: Values,
  nameOf: (field: string) => Wire,
): Wire[] {
  const parts: Wire[] = []
  let literal = ''
  const put = (fields: readonly KeyField[]): void => {
    for (const { name, slot } of fields) {
      literal += '#'
      const value: Value | undefined = getOwn(key, name)
      if (value !== undefined) literal += encodeComponent(slot.type, value)
      else {
        parts.push(`=${toBytes(literal)}`, `.${nameOf(name)}`)
        literal = ''
      }
    }
  }
  literal += escaped(index.partitionName)
  put(index.partition)
  literal += BETWEEN + escaped(entity.name)
  put(index.sort)
  put(index.ties)
  if (literal !== '') parts.push(`=${toBytes(literal)}`)
  return parts
}

/** Gives the member in the set of all keys for a member of an index: every key field's component stands in it. */
export function keyMemberOf(entity: EntityModel, index: IndexModel): (member: Wire) => Wire {
  const fields = [...index.partition, ...index.sort, ...index.ties].map((field) => field.name)
  const sources = (key: readonly KeyField[]): number[] =>
    // Each text begins with its name, so the sort fields come one further behind than the partition fields.
    key.map(({ name }) => {
      const at = fields.indexOf(name)
      return at + (at < index.partition.length ? 1 : 2)
    })
  const partitionFrom = sources(entity.key.partition)
  const sortFrom = sources(entity.key.sort)
  const partitionHead = toBytes(escaped(entity.key.partitionName))
  const sortHead = toBytes(escaped(entity.name))
  const count = fields.length + 2

  return (member) => {
    const between = member.indexOf(BETWEEN)
    const parts = [...member.slice(0, between).split('#'), ...member.slice(between + 1).split('#')]
    if (between < 0 || parts.length !== count) {
      throw new StoreError(
        `A member of index ${index.name} is ${JSON.stringify(member)}, which this model does not write; it was written by ` +
          'other code or for another model. Remove it, or use the model it was written with.',
        { code: 'CORRUPT' },
      )
    }
    const join = (head: Wire, from: readonly number[]): Wire => from.reduce((text, at) => `${text}#${parts[at]}`, head)
    return `${join(partitionHead, partitionFrom)}${BETWEEN}${join(sortHead, sortFrom)}`
  }
}

function escaped(name: string): string {
  return encodeComponent({ kind: 'string' }, name)
}
