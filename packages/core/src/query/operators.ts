import type { Value } from '../schema/value.js'
import type { Condition, OrderedValue } from './condition.js'
import type { ContainerField, Field, FieldOf, OrderedField, ReachableField, StringField } from './fields.js'
import { elementOf, pathOf } from './references.js'

/**
 * What `where` and `if` are built with; see `Condition` for what each means of absent fields, null and other types.
 * The operators make plain frozen data; nothing is evaluated here.
 */
export interface ConditionOperators extends Reach {
  /** Equal, by value: sets regardless of order, objects regardless of the order of fields. */
  eq<T>(field: Field<T>, value: NoInfer<T>): Condition
  /** Present and not equal. */
  ne<T>(field: Field<T>, value: NoInfer<T>): Condition
  lt<T>(field: OrderedField<T>, value: NoInfer<NonNullable<T>>): Condition
  lte<T>(field: OrderedField<T>, value: NoInfer<NonNullable<T>>): Condition
  gt<T>(field: OrderedField<T>, value: NoInfer<NonNullable<T>>): Condition
  gte<T>(field: OrderedField<T>, value: NoInfer<NonNullable<T>>): Condition
  /** Both ends belong to it. */
  between<T>(field: OrderedField<T>, low: NoInfer<NonNullable<T>>, high: NoInfer<NonNullable<T>>): Condition
  in<T>(field: Field<T>, values: readonly NoInfer<T>[]): Condition
  beginsWith<T extends string | null>(field: StringField<T>, prefix: string): Condition
  /** A string contains a substring; a list or set contains a member. */
  contains<T, M>(field: ContainerField<T, M>, member: NoInfer<M>): Condition
  exists(field: Field<unknown>): Condition
  notExists(field: Field<unknown>): Condition
  and(...conditions: readonly Condition[]): Condition
  or(...conditions: readonly Condition[]): Condition
  not(condition: Condition): Condition
}

/** Reaches into a list or a record. */
export interface Reach {
  /** An element of a list, by its index from 0, or the value of a record's key. */
  at<S extends number | string, I>(field: ReachableField<S, I>, step: NoInfer<S>): FieldOf<Exclude<I, undefined>>
}

const order =
  (op: 'lt' | 'lte' | 'gt' | 'gte') =>
  (field: unknown, value: unknown): Condition =>
    Object.freeze({ op, path: pathOf(field, op), value: value as OrderedValue })

const equality =
  (op: 'eq' | 'ne') =>
  (field: unknown, value: unknown): Condition =>
    Object.freeze({ op, path: pathOf(field, op), value: value as Value })

const presence =
  (op: 'exists' | 'notExists') =>
  (field: unknown): Condition =>
    Object.freeze({ op, path: pathOf(field, op) })

const group =
  (op: 'and' | 'or') =>
  (...conditions: readonly Condition[]): Condition =>
    Object.freeze({ op, conditions: Object.freeze([...conditions]) })

export const at: Reach['at'] = elementOf

/** The operators, for conditions kept as data outside a call. */
export const conditionOperators: ConditionOperators = Object.freeze({
  at,
  eq: equality('eq'),
  ne: equality('ne'),
  lt: order('lt'),
  lte: order('lte'),
  gt: order('gt'),
  gte: order('gte'),
  between: (field: unknown, low: unknown, high: unknown): Condition =>
    Object.freeze({
      op: 'between',
      path: pathOf(field, 'between'),
      low: low as OrderedValue,
      high: high as OrderedValue,
    }),
  in: (field: unknown, values: readonly unknown[]): Condition =>
    Object.freeze({
      op: 'in',
      path: pathOf(field, 'in'),
      values: (Array.isArray(values) ? Object.freeze([...values]) : values) as readonly Value[],
    }),
  beginsWith: (field: unknown, value: string): Condition =>
    Object.freeze({ op: 'beginsWith', path: pathOf(field, 'beginsWith'), value }),
  contains: (field: unknown, value: unknown): Condition =>
    Object.freeze({ op: 'contains', path: pathOf(field, 'contains'), value: value as Value }),
  exists: presence('exists'),
  notExists: presence('notExists'),
  and: group('and'),
  or: group('or'),
  not: (condition: Condition): Condition => Object.freeze({ op: 'not', condition }),
})
