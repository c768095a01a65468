import type { Stored } from '../driver/contract.js'
import { shownKey } from '../driver/shown-key.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import { checkStored, checkStoredFields, slotFromStorage } from '../schema/validate.js'
import { setOwn, type Value, type Values } from '../schema/value.js'

export interface Presenter {
  /** The entity as its users see it: values out of storage form, with its revision. */
  present(stored: Stored, select?: readonly string[]): unknown
}

export type ReadPolicy = 'off' | 'warn' | 'strict'

/** Makes what turns stored entities into users' entities under a read policy. */
export function presenter(entity: AnyEntity, policy: ReadPolicy, warn: (problem: StoreError) => void): Presenter {
  const { model } = entity
  const converting = [...model.type.fields].filter(([, slot]) => slot.converts)
  const inspect = (stored: Stored, select: readonly string[] | undefined): void => {
    const problem =
      select === undefined
        ? checkStored(model.type, entity.schema, stored.values)
        : checkStoredFields(model.type, select, stored.values)
    if (problem === undefined) return
    const error = new StoreError(
      `What is stored does not fit the schema: ${problem.message}. Write it anew, or widen the schema.`,
      {
        code: 'CORRUPT',
        entity: model.name,
        path: problem.path,
        ...keyDetail(entity, stored.values),
      },
    )
    if (policy === 'strict') throw error
    warn(error)
  }
  const convert = (values: Values): Values => {
    if (converting.length === 0) return values
    const converted = { ...values } as { [field: string]: unknown }
    for (const [name, slot] of converting) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined
      if (value !== undefined) setOwn(converted, name, slotFromStorage(slot, value as Value, [name]))
    }
    return converted as Values
  }
  return {
    present(stored, select) {
      if (policy !== 'off') inspect(stored, select)
      const values = convert(stored.values)
      if (select !== undefined) return picked(values, select, model.revision, stored.token)
      if (model.revision === undefined) return values
      const shown = values === stored.values ? { ...values } : values
      ;(shown as { [field: string]: unknown })[model.revision] = stored.token
      return shown
    },
  }
}

function picked(values: Values, select: readonly string[], revision: string | undefined, token: string): unknown {
  const shown = {}
  for (const name of select) {
    const value = name === revision ? token : Object.hasOwn(values, name) ? values[name] : undefined
    if (value !== undefined) setOwn(shown, name, value)
  }
  return shown
}

function keyDetail(entity: AnyEntity, values: Values): { key?: { readonly [field: string]: unknown } } {
  const key = shownKey(entity.model, values)
  return key === undefined ? {} : { key }
}
