import type { Call, CheckProblem } from '@isomodel/core/driver'
import type { Document } from 'mongodb'
import type { BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { type IndexDefinition, keyIdentity } from './indexes.js'
import { plainData } from './plain-data.js'
import type { Server } from './server.js'
import { validatorOf } from './validator.js'

/** What one collection is, beside what the model asks for. */
export interface Inspection {
  readonly exists: boolean
  /** Nothing in the way, but not there yet. */
  readonly missing: readonly IndexDefinition[]
  readonly validatorMissing: boolean
  /** The server does not keep what writes find, and should. */
  readonly imagesMissing: boolean
  /** There, and other than the model needs it. */
  readonly conflicts: readonly CheckProblem[]
}

export type ValidatorAction = 'error' | 'warn' | undefined

/** Looks at every collection of the model. */
export async function inspectAll(
  server: Server,
  collections: readonly EntityCollection[],
  validators: ValidatorAction,
  call: Call,
): Promise<readonly { readonly collection: EntityCollection; readonly inspection: Inspection }[]> {
  const there = await collectionsThere(server, call)
  const inspected: { collection: EntityCollection; inspection: Inspection }[] = []
  for (const collection of collections) {
    const found = there.get(collection.name)
    const inspection =
      found === undefined
        ? {
            exists: false,
            missing: collection.indexes,
            validatorMissing: validators !== undefined,
            imagesMissing: collection.keepsImages,
            conflicts: [],
          }
        : await inspect(server, collection, found, validators, call)
    inspected.push({ collection, inspection })
  }
  return inspected
}

async function inspect(
  server: Server,
  collection: EntityCollection,
  found: Document,
  validators: ValidatorAction,
  call: Call,
): Promise<Inspection> {
  const what = `collection ${collection.name}`
  const conflicts: CheckProblem[] = []
  if (found.type !== undefined && found.type !== 'collection') {
    conflicts.push({
      what,
      expected: 'a collection',
      found: `a ${found.type}`,
      remedy: `Drop it, or give the adapter a prefix so that ${collection.entity.name} gets a collection of its own.`,
    })
    return { exists: true, missing: [], validatorMissing: false, imagesMissing: false, conflicts }
  }
  const { collation, validator, capped, changeStreamPreAndPostImages: images } = found.options ?? {}
  if (collation !== undefined && collation.locale !== 'simple') {
    conflicts.push({
      what: `collation of ${what}`,
      expected: 'none, so that strings compare by code point',
      found: `one of the locale ${collation.locale}`,
      remedy: 'Copy the documents into a collection without a collation.',
    })
  }
  if (capped === true) {
    conflicts.push({
      what,
      expected: 'a collection that grows',
      found: 'a capped one, which drops documents',
      remedy: 'Copy the documents into a plain collection.',
    })
  }
  const wanted = validators === undefined ? undefined : validatorOf(collection.entity)
  const validatorMissing = wanted !== undefined && (validator === undefined || Object.keys(validator).length === 0)
  if (wanted !== undefined && !validatorMissing && !sameData(validator, wanted)) {
    conflicts.push({
      what: `validator of ${what}`,
      expected: "the $jsonSchema of the entity's schema",
      found: `another, ${JSON.stringify(plainData(validator))}`,
      remedy:
        `Set it with db.runCommand({ collMod: '${collection.name}', validator: ${JSON.stringify(plainData(wanted))} }), or ` +
        'take the option validators out.',
    })
  }
  const indexes = await indexesThere(server, collection, call)
  const missing: IndexDefinition[] = []
  for (const index of collection.indexes) {
    const problem = conflictOf(collection, index, indexes)
    if (problem === 'missing') missing.push(index)
    else if (problem !== undefined) conflicts.push(problem)
  }
  const imagesMissing = collection.keepsImages && images?.enabled !== true
  return { exists: true, missing, validatorMissing, imagesMissing, conflicts }
}

/** How an index that is there differs from one that the model needs; undefined when it serves. */
function conflictOf(
  { name }: EntityCollection,
  wanted: IndexDefinition,
  there: readonly Document[],
): CheckProblem | 'missing' | undefined {
  const what = `index ${wanted.name} of collection ${name}`
  const expected = describeIndex(wanted)
  const same = there.filter((index) => keyIdentity(index.key) === keyIdentity(wanted.key))
  if (same.length > 0) {
    if (same.some((index) => describeIndex(index) === expected)) return undefined
    const [other = {}] = same
    return { what, expected, found: describeIndex(other), remedy: remedyFor(wanted, other, name) }
  }
  const taken = there.find((index) => index.name === wanted.name)
  if (taken === undefined) return 'missing'
  return { what, expected, found: describeIndex(taken), remedy: remedyForTaken(wanted, name) }
}

/** The name of an index that is there with other fields. The record of the model has the fields too: to drop it is not enough. */
function remedyForTaken({ name, expireAfterSeconds }: IndexDefinition, collection: string): string {
  return expireAfterSeconds === undefined
    ? 'Declare it as it was, or give the new one another name; see docs/changing-a-model.md.'
    : `Declare the ttl as it was; or drop it with db.getCollection('${collection}').dropIndex('${name}'), then run await db.setup().`
}

function remedyFor(wanted: IndexDefinition, other: Document, collection: string): string {
  return wanted.expireAfterSeconds === undefined
    ? `Drop it with db.getCollection('${collection}').dropIndex('${other.name}'), then run await db.setup().`
    : `Run db.runCommand({ collMod: '${collection}', index: { name: '${other.name}', expireAfterSeconds: 0 } }).`
}

/** What of an index decides whether a query may rely on it, in words. */
export function describeIndex(index: IndexDefinition | Document): string {
  const { key, expireAfterSeconds, unique, sparse, hidden, partialFilterExpression, collation } = index as Document
  const kinds = Object.entries({ unique, sparse, hidden }).flatMap(([kind, is]) => (is === true ? [kind] : []))
  const fields = Object.entries(key).map(([path, direction]) => path + directionWords(direction))
  return [
    `${kinds.length === 0 ? 'an' : 'a'} ${[...kinds, 'index'].join(' ')} on ${fields.join(', ')}`,
    ...(expireAfterSeconds === undefined ? [] : [`with expireAfterSeconds ${Number(expireAfterSeconds)}`]),
    ...(partialFilterExpression === undefined
      ? []
      : [`with the partialFilterExpression ${JSON.stringify(plainData(partialFilterExpression))}`]),
    ...(collation === undefined || collation.locale === 'simple'
      ? []
      : [`with the collation ${JSON.stringify(plainData(collation))}`]),
  ].join(' ')
}

/** Other kinds of index ('text', '2dsphere') stay words. */
function directionWords(direction: unknown): string {
  if (typeof direction === 'string') return ` (${direction})`
  return Number(direction) === 1 ? '' : ` (${Number(direction)})`
}

async function collectionsThere(server: Server, call: Call): Promise<ReadonlyMap<string, Document>> {
  const found = await server.readAll({ listCollections: 1, cursor: {} }, call)
  return new Map(found.map((collection) => [String(collection.name), collection]))
}

function indexesThere(server: Server, { name }: EntityCollection, call: Call): Promise<readonly Document[]> {
  return server.readAll({ listIndexes: name, cursor: {} }, call)
}

function sameData(a: Document, b: BsonObject): boolean {
  return JSON.stringify(sorted(plainData(a as BsonObject))) === JSON.stringify(sorted(plainData(b)))
}

/** Servers give back what they were given, but not always in its order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, inner]) => [name, sorted(inner)] as const)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}
