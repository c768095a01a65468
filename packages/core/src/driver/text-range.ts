import type { EntityModel, IndexModel, KeyField, KeyModel } from '../model/model.js'
import { compareText, successor } from './compare-text.js'
import { encodeComponent, escapeText } from './key-component.js'
import type { SortRange } from './range.js'

/**
 * A range of sort texts: `from <= text < to`, compared by code point (UTF-8 bytes). Exactly the entity's rows of the
 * SortRange are in it, and no other entity's. Nothing is when `from >= to`.
 *
 * `to` can itself be a stored text, so a store that knows only inclusive ends must drop a row that is exactly `to`.
 */
export interface TextRange {
  /** Inclusive. */
  readonly from: string
  /** Exclusive. */
  readonly to: string
  /** Set when the range is exactly what begins with this. */
  readonly prefix?: string
  /** Set when the range is exactly this text. */
  readonly exact?: string
}

export function isInside(text: string, { from, to }: TextRange): boolean {
  return compareText(text, from) >= 0 && compareText(text, to) < 0
}

/** Where all of an entity's keys lie: in partitions between two texts, there between two sort texts. */
export function keyRanges(entity: EntityModel): { readonly partitions: TextRange; readonly sorts: TextRange } {
  return {
    partitions: beginning(`${escapeText(entity.key.partitionName)}#`),
    sorts:
      entity.key.sort.length === 0
        ? { from: escapeText(entity.name), to: `${escapeText(entity.name)}#`, exact: escapeText(entity.name) }
        : beginning(`${escapeText(entity.name)}#`),
  }
}

/** The sort texts of an entity's rows that a SortRange describes, in its key or one of its indexes. */
export function textRange(entity: EntityModel, model: KeyModel | IndexModel, range: SortRange): TextRange {
  let fixed = escapeText(entity.name)
  for (const { field, value } of range.equal) fixed += `#${encodeComponent(field.slot.type, value)}`
  const ties = 'ties' in model ? model.ties.length : 0
  const behind = model.sort.length + ties - range.equal.length
  // Nothing below `#` occurs in a key text, so nothing lies between a text and itself with a `#` behind it.
  if (behind === 0) return { from: fixed, to: `${fixed}#`, exact: fixed }

  const head = `${fixed}#`
  if (range.beginsWith !== undefined) return beginning(head + escapeText(range.beginsWith))
  const { field, low, high } = range
  if (field === undefined || (low === undefined && high === undefined)) return beginning(head)
  return {
    from: low === undefined ? head : head + bound(field, low.value, !low.inclusive),
    to: high === undefined ? successor(head) : head + bound(field, high.value, high.inclusive),
  }
}

function beginning(prefix: string): TextRange {
  return { from: prefix, to: successor(prefix), prefix }
}

/** The end of a range at a value: before its texts, or behind them (they end there or go on with `#`; `$` is next). */
function bound(field: KeyField, value: SortRange['equal'][number]['value'], behind: boolean): string {
  return encodeComponent(field.slot.type, value) + (behind ? '$' : '')
}
