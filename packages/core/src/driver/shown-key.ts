import type { EntityModel } from '../model/model.js'
import { setOwn } from '../schema/value.js'
import { decodeKeyText, type KeyText } from './key-text.js'

/** What an error may show of a key. */
export type ShownKey = { readonly [field: string]: unknown }

/** The key fields of an argument as an error may show them: sensitive ones are masked. */
export function shownKey(model: EntityModel, source: unknown): ShownKey | undefined {
  if (typeof source !== 'object' || source === null) return undefined
  const shown: { [field: string]: unknown } = {}
  for (const { name } of [...model.key.partition, ...model.key.sort]) {
    if (!Object.hasOwn(source, name)) continue
    setOwn(shown, name, model.sensitive.has(name) ? '[redacted]' : (source as { [field: string]: unknown })[name])
  }
  return shown
}

/** The key at a place in the store as an error may show it; undefined where the place is none of the entity's. */
export function shownKeyAt(model: EntityModel, place: () => KeyText): ShownKey | undefined {
  try {
    return shownKey(model, decodeKeyText(model, place()))
  } catch {
    // The error that is being placed says more.
    return undefined
  }
}
