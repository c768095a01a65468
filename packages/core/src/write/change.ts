import type { Path, Value } from '../schema/value.js'

/**
 * One change of an update, as plain frozen data. All changes of one update see the entity as it was before, and no path
 * of one is a prefix of another's. Values are in storage form and already checked by their field's schema.
 *
 * - `set` writes a value; its parent must be there, a list element must exist. `setIfAbsent` leaves what is there, null too.
 * - `remove` drops a field or closes the gap of a list element; an absent field of a present parent is fine.
 * - `add` adds to a number or bigint, from 0 when the optional field is absent; refused on null and out of range.
 * - `append` and `prepend` take a list, from [] when absent; refused on null.
 * - `addToSet` starts from the empty set; `deleteFromSet` leaves absent absent, and the last member's removal leaves an
 *   empty set; both refused on null.
 */
export type Change =
  | { readonly op: 'set' | 'setIfAbsent'; readonly path: Path; readonly value: Value }
  | { readonly op: 'remove'; readonly path: Path }
  | { readonly op: 'add'; readonly path: Path; readonly value: number | bigint }
  | { readonly op: 'append' | 'prepend'; readonly path: Path; readonly values: readonly Value[] }
  | {
      readonly op: 'addToSet' | 'deleteFromSet'
      readonly path: Path
      readonly values: ReadonlySet<string | number | bigint>
    }
