import type { Call, CheckProblem, CheckReport, Stored, WriteOp } from '../driver/contract.js'
import { newToken } from '../driver/token.js'
import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { modelDifferences } from './model-differences.js'
import { extendedRecord, modelRecord, type RecordedModel, readRecord, recordValues } from './model-record.js'
import type { Session } from './session.js'
import { isUnsettled, settle } from './settle.js'
import type { SetupResult } from './types.js'
import { untilFresh } from './until-fresh.js'

/** Sets the store up, and records beside the entities what they are stored under; refuses a model that contradicts it. */
export async function setUp(session: Session, models: readonly EntityModel[], call: Call): Promise<SetupResult> {
  const { created } = await session.driver.setup(call)
  const recorded = await recordModels(session, models, NONE, call)
  const found = await records(session, models, call)
  const names = models.flatMap((model, at) =>
    found[at] === undefined ? [] : unfilled(model, readRecord(found[at])).map((name) => `${model.name}.${name}`),
  )
  return { created: [...created, ...recorded], unfilled: names }
}

const NONE: ReadonlySet<string> = new Set()

/** Brings the records up to date; the names of those that it wrote. `filled`: indexes that are whole by now. */
export async function recordModels(
  session: Session,
  models: readonly EntityModel[],
  filled: ReadonlySet<string>,
  call: Call,
): Promise<readonly string[]> {
  // Kept over all tries: what an earlier one has written, a later one finds there.
  const written: string[] = []
  await untilFresh('the records of the model', call, async () => {
    const found = await records(session, models, call)
    refuseOther(models, found)
    for (const [at, model] of models.entries()) {
      const outcome = await record(session, model, found[at], filled, call)
      if (outcome === 'stale') return outcome
      if (outcome === 'written') written.push(`model of ${model.name}`)
    }
    return 'done'
  })
  return written
}

/** What the driver finds, and how the model differs from what is recorded. */
export async function checkUp(session: Session, models: readonly EntityModel[], call: Call): Promise<CheckReport> {
  const report = await session.driver.check(call)
  const problems = [...report.problems, ...(await recordProblems(session, models, report, call))]
  return { ok: problems.length === 0, problems }
}

async function recordProblems(
  session: Session,
  models: readonly EntityModel[],
  { ok }: CheckReport,
  call: Call,
): Promise<readonly CheckProblem[]> {
  try {
    const found = await records(session, models, call)
    return models.flatMap((model, at) => problemsOf(model, found[at], session.driver.limits.fillsIndexes))
  } catch (error) {
    // Where the records would lie is missing, and the driver has said so.
    if (!ok && error instanceof StoreError && error.code === 'MODEL_MISMATCH') return []
    throw error
  }
}

function problemsOf(model: EntityModel, stored: Stored | undefined, fills: boolean): readonly CheckProblem[] {
  if (stored === undefined) {
    // Where the store keeps indexes by itself, its own check finds what setup would make.
    if (fills) return []
    const expected = 'a record of its key and indexes'
    return [{ what: `the model of ${model.name}`, expected, found: 'none', remedy: 'Run await db.setup().' }]
  }
  const recorded = readRecord(stored)
  return [
    ...modelDifferences(model, recorded),
    ...unrecorded(model, recorded, fills),
    ...unfilled(model, recorded).map((name) => ({
      what: `${kindOf(model, name)} ${name} of ${model.name}`,
      expected: 'every stored entity in it',
      found: 'it came after the first entities: those are not in it until they are written again',
      remedy: 'Run await db.fillIndexes(), when no process of the older model writes any more.',
    })),
  ]
}

const kindOf = ({ uniques }: EntityModel, name: string): string =>
  uniques.some((unique) => unique.name === name) ? 'unique constraint' : 'index'

/** Indexes and constraints that no setup has seen: what was stored before is not in them, and nothing else says so. */
function unrecorded(model: EntityModel, { indexes, uniques }: RecordedModel, fills: boolean): readonly CheckProblem[] {
  const known = new Set([...indexes, ...uniques].map(({ name }) => name))
  const declared = [...(fills ? [] : model.indexes), ...model.uniques].map(({ name }) => name)
  return declared
    .filter((name) => !known.has(name))
    .map((name) => ({
      what: `${kindOf(model, name)} ${name} of ${model.name}`,
      expected: 'a record of it',
      found: 'none: it was never set up',
      remedy: 'Run await db.setup(), then await db.fillIndexes().',
    }))
}

/** The indexes and constraints that the model declares and that need not hold what was stored before them. */
export function unfilled(model: EntityModel, { indexes, uniques }: RecordedModel): readonly string[] {
  const declared = new Set([...model.indexes, ...model.uniques].map(({ name }) => name))
  return [...indexes, ...uniques].flatMap(({ name, filled }) => (!filled && declared.has(name) ? [name] : []))
}

export function records(
  session: Session,
  models: readonly EntityModel[],
  call: Call,
): Promise<readonly (Stored | undefined)[]> {
  const requests = models.map(({ name }) => ({ entity: modelRecord, key: { entity: name } }))
  return requests.length === 0 ? Promise.resolve([]) : session.getMany(requests, { ...call, consistency: 'strong' })
}

function refuseOther(models: readonly EntityModel[], found: readonly (Stored | undefined)[]): void {
  const problems = models.flatMap((model, at) => {
    const stored = found[at]
    return stored === undefined ? [] : modelDifferences(model, readRecord(stored))
  })
  if (problems.length === 0) return
  const lines = problems.map(
    (problem) => `${problem.what}: the model says ${problem.expected}; recorded is ${problem.found}. ${problem.remedy}`,
  )
  throw new StoreError(`The model does not fit what is stored under it. ${lines.join(' ')}`, { code: 'MODEL_MISMATCH' })
}

async function record(
  session: Session,
  model: EntityModel,
  found: Stored | undefined,
  filled: ReadonlySet<string>,
  call: Call,
): Promise<'written' | 'there' | 'stale'> {
  const before = found === undefined ? undefined : readRecord(found)
  const values = recordValues(
    model.name,
    extendedRecord(model, before, { fills: session.driver.limits.fillsIndexes, filled }),
  )
  if (values.model === found?.values.model) return 'there'
  const op: WriteOp = {
    kind: 'put',
    entity: modelRecord,
    key: { entity: model.name },
    values,
    guard: found === undefined ? { exists: 'absent' } : { exists: 'present', token: found.token },
    token: newToken(),
    now: session.now(),
    returning: 'none',
  }
  try {
    const outcome = await session.writing(call, () => session.driver.write(op, call))
    return outcome.status === 'done' ? 'written' : 'stale'
  } catch (error) {
    if (!isUnsettled(error, call)) throw error
    // Not there by its token: whatever is, the next try reads it, and writes only over that.
    const settled = await settle(session, op, call, error).catch(() => undefined)
    return settled === undefined ? 'stale' : 'written'
  }
}
