import { ModelError } from '../errors/model-error.js'
import type { ObjectType } from '../schema/type.js'
import type { IndexSpec } from './infer.js'
import { pathModel, sameFields, sharePartition } from './key-model.js'
import type { IndexModel, KeyModel } from './model.js'
import { MOST_INDEXES } from './most-indexes.js'
import { isName, NAME_RULE, requireObject, shown } from './refusals.js'

const INDEX_OPTIONS = ['partition', 'sort', 'partitionName', 'scope', 'number']

/** The indexes of an entity. Throws ModelError, naming the index, the field and the remedy. */
export function indexModels(
  entity: string,
  type: ObjectType,
  key: KeyModel,
  specs: { readonly [name: string]: IndexSpec } = {},
): readonly IndexModel[] {
  requireObject(specs, entity, "indexes are named access paths, as in indexes: { byStatus: { partition: ['status'] } }")
  const models: IndexModel[] = []
  for (const [name, spec] of Object.entries(specs)) {
    const model = indexModel(entity, type, key, name, spec, models)
    refuseAlike(entity, key, model, models)
    models.push(model)
  }
  refuseSharedNumbers(entity, models)
  return Object.freeze(models)
}

function indexModel(
  entity: string,
  type: ObjectType,
  key: KeyModel,
  name: string,
  spec: IndexSpec,
  before: readonly IndexModel[],
): IndexModel {
  if (!isName(name)) throw new ModelError(entity, `the name ${shown(name)} is none for an index; ${NAME_RULE}`)
  const where = `indexes.${name}`
  const path = pathModel(entity, type, spec, where, INDEX_OPTIONS)
  const { scope = 'global' } = spec
  if (scope !== 'global' && scope !== 'local') {
    throw new ModelError(entity, `${where}.scope is 'global' or 'local', not ${shown(scope)}.`)
  }
  if (scope === 'local' && !sharePartition(key, path)) {
    const fields = key.partition.map((field) => field.name).join(', ')
    throw new ModelError(
      entity,
      `${where} is local, so its partition must be the key's: [${fields}]. Or make it global.`,
    )
  }
  const { number = before.filter((index) => index.scope === scope).length + 1 } = spec
  if (!Number.isInteger(number) || number < 1 || number > MOST_INDEXES) {
    throw new ModelError(entity, `${where}.number is a whole number from 1 to ${MOST_INDEXES}, not ${String(number)}.`)
  }
  const named = new Set([...path.partition, ...path.sort].map((field) => field.name))
  const ties = [...key.partition, ...key.sort].filter((field) => !named.has(field.name))
  return Object.freeze({ ...path, name, number, scope, ties })
}

function refuseAlike(entity: string, key: KeyModel, index: IndexModel, others: readonly IndexModel[]): void {
  const isLike = (path: KeyModel): boolean => sharePartition(path, index) && sameFields(path.sort, index.sort)
  if (isLike(key)) {
    throw new ModelError(
      entity,
      `index ${index.name} is the key itself: same fields. Leave it out and query by the key, as in query({ ... }).`,
    )
  }
  const twin = others.find((other) => other.scope === index.scope && isLike(other))
  if (twin === undefined) return
  throw new ModelError(entity, `indexes ${twin.name} and ${index.name} are alike: same fields, same scope. Keep one.`)
}

function refuseSharedNumbers(entity: string, indexes: readonly IndexModel[]): void {
  for (const [at, { name, number, scope }] of indexes.entries()) {
    const other = indexes.slice(0, at).find((index) => index.scope === scope && index.number === number)
    if (other === undefined) continue
    const free = Math.max(...indexes.map((index) => index.number)) + 1
    throw new ModelError(
      entity,
      `indexes ${other.name} and ${name} are both ${scope} ones of number ${number} (default: the place among its kind in the declaration). Give each its own, as in ${name}: { ..., number: ${free} }.`,
    )
  }
}
