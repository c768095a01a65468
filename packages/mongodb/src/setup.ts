import { type Call, type CheckProblem, type CheckReport, type SetupReport, StoreError } from '@isomodel/core/driver'
import type { BsonObject } from './bson.js'
import type { EntityCollection } from './collection.js'
import { describeIndex, type Inspection, inspectAll, type ValidatorAction } from './inspect.js'
import type { Server } from './server.js'
import { validatorOf } from './validator.js'

/** Creates the collections and indexes that are missing; refuses, before it creates any, where another stands in the way. */
export async function runSetup(
  server: Server,
  collections: readonly EntityCollection[],
  validators: ValidatorAction,
  call: Call,
): Promise<SetupReport> {
  const inspected = await inspectAll(server, collections, validators, call)
  const conflicts = inspected.flatMap(({ inspection }) => inspection.conflicts)
  if (conflicts.length > 0) {
    const differences = conflicts.map(
      ({ what, expected, found, remedy }) => `The ${what} should be ${expected}, and is ${found}. ${remedy}`,
    )
    throw new StoreError(
      `What is in the database ${server.database} does not fit the model. ${differences.join(' ')}`,
      {
        code: 'MODEL_MISMATCH',
      },
    )
  }
  const created: string[] = []
  for (const { collection, inspection } of inspected) {
    created.push(...(await extend(server, collection, inspection, validators, call)))
  }
  return { created }
}

/** Compares the collections and indexes that are there with the model. */
export async function runCheck(
  server: Server,
  collections: readonly EntityCollection[],
  validators: ValidatorAction,
  call: Call,
): Promise<CheckReport> {
  const inspected = await inspectAll(server, collections, validators, call)
  const problems = inspected.flatMap(({ collection, inspection }) => [
    ...inspection.conflicts,
    ...missingProblems(collection, inspection),
  ])
  return { ok: problems.length === 0, problems }
}

function missingProblems(
  collection: EntityCollection,
  { exists, missing, validatorMissing, imagesMissing }: Inspection,
): readonly CheckProblem[] {
  const remedy = 'Run await db.setup().'
  if (!exists) return [{ what: `collection ${collection.name}`, expected: 'a collection', found: 'none', remedy }]
  const problems = missing.map((index) => ({
    what: `index ${index.name} of collection ${collection.name}`,
    expected: describeIndex(index),
    found: 'none',
    remedy,
  }))
  if (validatorMissing) {
    problems.push({
      what: `validator of collection ${collection.name}`,
      expected: 'a $jsonSchema',
      found: 'none',
      remedy,
    })
  }
  if (imagesMissing) {
    const what = `change stream images of collection ${collection.name}`
    problems.push({ what, expected: 'enabled, for the change feed', found: 'not enabled', remedy })
  }
  return problems
}

async function extend(
  server: Server,
  collection: EntityCollection,
  { exists, missing, validatorMissing, imagesMissing }: Inspection,
  validators: ValidatorAction,
  call: Call,
): Promise<readonly string[]> {
  const { name, entity } = collection
  const created: string[] = []
  const validation: BsonObject =
    validators === undefined || !validatorMissing
      ? {}
      : { validator: validatorOf(entity), validationLevel: 'strict', validationAction: validators }
  const images: BsonObject = imagesMissing ? { changeStreamPreAndPostImages: { enabled: true } } : {}
  if (!exists) {
    if (await createCollection(server, { create: name, ...validation, ...images }, call)) {
      created.push(`collection ${name}${validatorMissing ? ' with a validator' : ''}`)
    }
  } else if (validatorMissing || imagesMissing) {
    await server.define({ collMod: name, ...validation, ...images }, call)
    if (validatorMissing) created.push(`validator of collection ${name}`)
    if (imagesMissing) created.push(`change stream images of collection ${name}`)
  }
  if (missing.length > 0) {
    const command = { createIndexes: name, indexes: missing.map((index) => ({ ...index })) }
    const { numIndexesBefore: before, numIndexesAfter: after } = await server.define(command, call)
    if (before !== after) created.push(...missing.map((index) => `index ${index.name} of collection ${name}`))
  }
  return created
}

const NAMESPACE_EXISTS = 48

/** Whether it was created here: another process may set up at the same time, and what it makes is as good. */
async function createCollection(server: Server, command: BsonObject, call: Call): Promise<boolean> {
  try {
    await server.define(command, call)
    return true
  } catch (error) {
    const code = error instanceof StoreError && (error.cause as { readonly code?: unknown } | undefined)?.code
    if (code !== NAMESPACE_EXISTS) throw error
    return false
  }
}
