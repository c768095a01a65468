import type { EntityModel } from '../model/model.js'
import { setOwn } from '../schema/value.js'

/** The key fields of an argument as an error may show them: sensitive ones are masked. */
export function shownKey(model: EntityModel, source: unknown): { readonly [field: string]: unknown } | undefined {
  if (typeof source !== 'object' || source === null) return undefined
  const shown: { [field: string]: unknown } = {}
  for (const { name } of [...model.key.partition, ...model.key.sort]) {
    if (!Object.hasOwn(source, name)) continue
    setOwn(shown, name, model.sensitive.has(name) ? '[redacted]' : (source as { [field: string]: unknown })[name])
  }
  return shown
}
