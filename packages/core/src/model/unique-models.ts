import { ModelError } from '../errors/model-error.js'
import type { ObjectType } from '../schema/type.js'
import { keyField } from './key-model.js'
import type { IndexModel, UniqueModel } from './model.js'
import { isName, NAME_RULE, requireObject, shown } from './refusals.js'

/** The unique constraints of an entity. Throws ModelError, naming the constraint, the field and the remedy. */
export function uniqueModels(
  entity: string,
  type: ObjectType,
  indexes: readonly IndexModel[],
  specs: { readonly [name: string]: readonly string[] } = {},
): readonly UniqueModel[] {
  requireObject(specs, entity, "uniques are named lists of fields, as in uniques: { byEmail: ['email'] }")
  const seen = new Map<string, string>()
  return Object.freeze(
    Object.entries(specs).map(([name, fields]): UniqueModel => {
      if (!isName(name)) {
        throw new ModelError(entity, `the name ${shown(name)} is none for a unique constraint; ${NAME_RULE}`)
      }
      if (indexes.some((index) => index.name === name)) {
        throw new ModelError(entity, `${name} is the name of an index too; give the unique constraint another.`)
      }
      const where = `uniques.${name}`
      if (!Array.isArray(fields) || fields.length === 0) {
        throw new ModelError(entity, `${where} is a list of fields, as in ${where}: ['email'].`)
      }
      const repeated = fields.find((field, at) => fields.indexOf(field) !== at)
      if (repeated !== undefined) throw new ModelError(entity, `${where} names ${repeated} twice.`)
      const text = fields.join('\n')
      const twin = seen.get(text)
      if (twin !== undefined) {
        throw new ModelError(entity, `unique constraints ${twin} and ${name} are alike: same fields. Keep one.`)
      }
      seen.set(text, name)
      return Object.freeze({ name, fields: fields.map((field) => keyField(entity, type, field, where)) })
    }),
  )
}
