/**
 * References to fields, by kind, so that a message reads `StringField is not assignable to NumericField`. The brands are
 * symbols: no field's name can meet them, and only a user's own names are reachable as properties.
 */
declare const value: unique symbol
declare const order: unique symbol
declare const numeric: unique symbol
declare const member: unique symbol
declare const step: unique symbol
declare const element: unique symbol

/** A reference to a field whose values are T (null included where the field is nullable). */
export interface Field<T> {
  readonly [value]: T
}

/** A field whose values have an order, so `lt`, `gte`, `between` and the like apply. */
export interface OrderedField<T> extends Field<T> {
  readonly [order]: NonNullable<T>
}

/** A number or a bigint: what `add` applies to. */
export interface NumericField<T> extends OrderedField<T> {
  readonly [numeric]: T extends bigint ? bigint : T extends number ? number : never
}

/** A string, list or set: what `contains` applies to. */
export interface ContainerField<T, M> extends Field<T> {
  readonly [member]: M
}

export interface StringField<T = string> extends OrderedField<T>, ContainerField<T, string> {
  readonly kind?: 'a string field'
}

export interface NumberField<T = number> extends NumericField<T> {}

export interface BigintField<T = bigint> extends NumericField<T> {}

export interface BooleanField<T = boolean> extends OrderedField<T> {}

export interface DateField<T = Date> extends OrderedField<T> {}

export interface BytesField<T = Uint8Array> extends OrderedField<T> {}

export interface SetField<M, T = ReadonlySet<M>> extends ContainerField<T, M> {}

/** A list or a record: what `at` reaches into, by an index from 0 or by a key. */
export interface ReachableField<S, I> {
  readonly [step]: S
  readonly [element]: I
}

export interface ListField<I, T = readonly I[]> extends ContainerField<T, I>, ReachableField<number, I> {}

export interface RecordField<V, T = { readonly [key: string]: V }> extends Field<T>, ReachableField<string, V> {}

/** An object; its properties are references to its fields. Of a union of objects, to those of all members. */
export type ObjectField<T, N = T> = Field<N> & {
  readonly [K in KeysOf<T>]: FieldOf<PropertyOf<T, K>>
}
type KeysOf<T> = T extends unknown ? keyof T : never
type PropertyOf<T, K> = T extends unknown ? (K extends keyof T ? Exclude<T[K], undefined> : never) : never

/** References to all fields of T. */
export type FieldsOf<T> = { readonly [K in keyof T]-?: FieldOf<Exclude<T[K], undefined>> }

/** The reference to a field of type T (undefined already taken out). */
export type FieldOf<T> = [NonNullable<T>] extends [infer V]
  ? [V] extends [string]
    ? StringField<T>
    : [V] extends [number]
      ? NumberField<T>
      : [V] extends [bigint]
        ? BigintField<T>
        : [V] extends [boolean]
          ? BooleanField<T>
          : [V] extends [Date]
            ? DateField<T>
            : [V] extends [Uint8Array]
              ? BytesField<T>
              : [V] extends [ReadonlySet<infer M>]
                ? SetField<M, T>
                : [V] extends [readonly (infer I)[]]
                  ? ListField<I, T>
                  : [V] extends [object]
                    ? string extends keyof V
                      ? RecordField<V[keyof V], T>
                      : ObjectField<V, T>
                    : Field<T>
  : never
