import type { Field, ListField, NumericField, SetField } from '../query/fields.js'
import type { Reach } from '../query/operators.js'
import { elementOf, pathOf } from '../query/references.js'
import type { Value } from '../schema/value.js'
import type { Change } from './change.js'

/**
 * What an update is built with; see `Change` for what each does to absent fields and null. All of one update see the
 * entity as it was before.
 */
export interface UpdateOperators extends Reach {
  set<T>(field: Field<T>, value: NoInfer<T>): Change
  /** Sets the field when it is absent; null is not absent. */
  setIfAbsent<T>(field: Field<T>, value: NoInfer<T>): Change
  /** Removes an optional field, a record's entry or a list's element (the gap closes). */
  remove(field: Field<unknown>): Change
  /** Adds to a number or bigint; subtract with a negative one. */
  add<T>(field: NumericField<T>, by: NoInfer<NonNullable<T> extends bigint ? bigint : number>): Change
  append<I>(list: ListField<I, unknown>, items: readonly NoInfer<I>[]): Change
  prepend<I>(list: ListField<I, unknown>, items: readonly NoInfer<I>[]): Change
  addToSet<M>(set: SetField<M, unknown>, members: ReadonlySet<NoInfer<M>>): Change
  deleteFromSet<M>(set: SetField<M, unknown>, members: ReadonlySet<NoInfer<M>>): Change
}

const setting =
  (op: 'set' | 'setIfAbsent') =>
  (field: unknown, value: unknown): Change =>
    Object.freeze({ op, path: pathOf(field, op), value: value as Value })

const listing =
  (op: 'append' | 'prepend') =>
  (field: unknown, items: readonly unknown[]): Change =>
    Object.freeze({ op, path: pathOf(field, op), values: items as readonly Value[] })

const membership =
  (op: 'addToSet' | 'deleteFromSet') =>
  (field: unknown, members: ReadonlySet<unknown>): Change =>
    Object.freeze({ op, path: pathOf(field, op), values: members as ReadonlySet<string | number | bigint> })

/** The operators, for changes kept as data outside a call. */
export const updateOperators: UpdateOperators = Object.freeze({
  at: elementOf as Reach['at'],
  set: setting('set'),
  setIfAbsent: setting('setIfAbsent'),
  remove: (field: unknown): Change => Object.freeze({ op: 'remove', path: pathOf(field, 'remove') }),
  add: (field: unknown, by: number | bigint): Change =>
    Object.freeze({ op: 'add', path: pathOf(field, 'add'), value: by }),
  append: listing('append'),
  prepend: listing('prepend'),
  addToSet: membership('addToSet'),
  deleteFromSet: membership('deleteFromSet'),
})
