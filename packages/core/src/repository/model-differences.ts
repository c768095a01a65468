import type { CheckProblem } from '../driver/contract.js'
import type { EntityModel, UniqueModel } from '../model/model.js'
import { MOST_INDEXES } from '../model/most-indexes.js'
import { type RecordedIndex, type RecordedModel, recordedField, recordedIndex, recordedKey } from './model-record.js'

/** Where a model contradicts what its entities were stored under. */
export function modelDifferences(model: EntityModel, recorded: RecordedModel): readonly CheckProblem[] {
  const key = recordedKey(model.key)
  const keyProblem: CheckProblem = {
    what: `the key of ${model.name}`,
    expected: shape(key),
    found: shape(recorded.key),
    remedy: `Declare the key as it was. For another key, define another entity and copy: what is stored lies under its old key.`,
  }
  const taken = new Set([...recorded.indexes, ...model.indexes].map(place))
  const problems = model.indexes.flatMap((index) =>
    indexProblem(model.name, recordedIndex(index, true), recorded, taken),
  )
  return [
    ...(shape(key) === shape(recorded.key) ? [] : [keyProblem]),
    ...problems,
    ...model.uniques.flatMap((unique) => uniqueProblem(model.name, unique, recorded)),
    ...nameProblems(model, recorded),
  ]
}

function nameProblems(model: EntityModel, { names = [] }: RecordedModel): readonly CheckProblem[] {
  const recorded = new Map(names)
  return [...model.type.fields.keys()].flatMap((field) => {
    const [expected, found] = [model.names.get(field) ?? field, recorded.get(field) ?? field]
    if (expected === found) return []
    return [
      {
        what: `the stored name of ${field} of ${model.name}`,
        expected,
        found,
        remedy: `Declare it as it was, names: { ${field}: ${JSON.stringify(found)} }. For another name, add a field of that name, copy the values, and then remove this one.`,
      },
    ]
  })
}

function uniqueProblem(
  entity: string,
  { name, fields }: UniqueModel,
  { uniques }: RecordedModel,
): readonly CheckProblem[] {
  const same = uniques.find((unique) => unique.name === name)
  const expected = `[${shownFields(fields.map(recordedField))}]`
  if (same === undefined || expected === `[${shownFields(same.fields)}]`) return []
  return [
    {
      what: `unique constraint ${name} of ${entity}`,
      expected,
      found: `[${shownFields(same.fields)}]`,
      remedy: 'Declare it as it was; or give the new one another name.',
    },
  ]
}

function indexProblem(
  entity: string,
  index: RecordedIndex,
  { indexes }: RecordedModel,
  taken: Set<string>,
): readonly CheckProblem[] {
  const expected = numbered(index)
  const same = indexes.find(({ name }) => name === index.name)
  if (same !== undefined) {
    const found = numbered(same)
    if (found === expected) return []
    const remedy =
      shape(same) === shape(index)
        ? `Give it the number that it had: number: ${same.number}.`
        : `Declare it as it was; or give the new one another name, and ${freeNumber(taken, index)}.`
    return [{ what: `index ${index.name} of ${entity}`, expected, found, remedy }]
  }
  const holder = indexes.find((other) => place(other) === place(index))
  if (holder === undefined) return []
  return [
    {
      what: `index ${index.name} of ${entity}`,
      expected,
      found: `${numbered(holder)}, which is ${holder.name}`,
      remedy: `Give ${index.name} ${freeNumber(taken, index)}.`,
    },
  ]
}

/** Global and local indexes are numbered apart. */
function place({ scope, number }: { readonly scope: string; readonly number: number }): string {
  return `${scope} ${number}`
}

function freeNumber(taken: Set<string>, { scope }: RecordedIndex): string {
  const numbers = Array.from({ length: MOST_INDEXES }, (_, at) => at + 1)
  const number = numbers.find((one) => !taken.has(place({ scope, number: one })))
  if (number === undefined) return `a free number (all ${MOST_INDEXES} are taken: use a new entity)`
  taken.add(place({ scope, number }))
  return `a number that is free: number: ${number}`
}

function numbered(index: RecordedIndex): string {
  return `number ${index.number}, ${shape(index)}`
}

function shape(of: RecordedModel['key'] & { readonly scope?: string }): string {
  const scope = of.scope === undefined ? '' : `${of.scope}, `
  return `${scope}partition ${of.partitionName} [${shownFields(of.partition)}], sort [${shownFields(of.sort)}]`
}

function shownFields(fields: RecordedModel['key']['sort']): string {
  return fields.map(([name, kind]) => `${name}: ${kind}`).join(', ')
}
