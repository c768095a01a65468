import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import type { EntityModel } from '../model/model.js'
import { shown } from '../model/refusals.js'
import { calling } from '../repository/calling.js'
import type { ConditionArgument } from '../repository/types.js'
import { bindCondition } from './bind-condition.js'
import type { Condition } from './condition.js'
import { conditionOperators } from './operators.js'
import { references } from './references.js'

export const DEFAULT_PAGE = 100

/** Runs a condition's callback, or takes it as data. */
export function buildCondition<E extends AnyEntity>(entity: E, condition: ConditionArgument<E>): Condition {
  return typeof condition === 'function'
    ? calling('the condition', () => condition(references(entity.model.type) as never, conditionOperators))
    : condition
}

/** What was asked so far and one more condition. */
export function narrowed<E extends AnyEntity>(
  entity: E,
  where: Condition | undefined,
  condition: ConditionArgument<E>,
): Condition {
  const built = bindCondition(entity.model, buildCondition(entity, condition))
  return where === undefined ? built : Object.freeze({ op: 'and', conditions: [where, built] })
}

export function selected(model: EntityModel, fields: readonly string[]): readonly string[] {
  if (fields.length === 0)
    throw invalid("select names the fields to give, as in select('orderId', 'total'); it got none.")
  for (const field of fields) {
    if (!model.type.fields.has(field) && field !== model.revision && model.type.unknown !== 'keep') {
      const known = [...model.type.fields.keys(), ...(model.revision === undefined ? [] : [model.revision])]
      throw invalid(
        `select names ${JSON.stringify(field)}, which ${model.name} does not have; its fields are ${known.join(', ')}.`,
      )
    }
  }
  return Object.freeze([...fields])
}

/** The asked fields and those that the condition, expiry and the key need. */
export function fetchedFields(
  model: EntityModel,
  select: readonly string[],
  where: Condition | undefined,
): readonly string[] {
  const names = new Set(select.filter((name) => name !== model.revision))
  for (const { name } of [...model.key.partition, ...model.key.sort]) names.add(name)
  if (model.ttl !== undefined) names.add(model.ttl)
  if (where !== undefined) for (const name of fieldsIn(where)) names.add(name)
  return [...names]
}

function fieldsIn(condition: Condition): readonly string[] {
  if ('conditions' in condition) return condition.conditions.flatMap(fieldsIn)
  return 'condition' in condition ? fieldsIn(condition.condition) : [condition.path[0] as string]
}

export function positive(n: unknown, what: string): number {
  if (typeof n === 'number' && Number.isSafeInteger(n) && n > 0) return n
  throw invalid(`${what} is a positive whole number, not ${typeof n === 'number' ? n : shown(n)}.`)
}

export function requireLevel(level: unknown): void {
  if (level === 'strong' || level === 'eventual') return
  throw invalid(`consistency is 'strong' or 'eventual', not ${JSON.stringify(level)}.`)
}

export function invalid(message: string): StoreError {
  return new StoreError(message, { code: 'VALIDATION' })
}
