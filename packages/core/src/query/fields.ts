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
declare const members: unique symbol

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

export interface SetField<M, T = ReadonlySet<M>> extends ContainerField<T, M> {
  readonly [members]: M
}

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

/** The reference to a field of type T (undefined already taken out). Inferring only where it fits keeps the rest cheap. */
export type FieldOf<T> = [T] extends [string | null]
  ? StringField<T>
  : [T] extends [number | null]
    ? NumberField<T>
    : [T] extends [bigint | null]
      ? BigintField<T>
      : [T] extends [boolean | null]
        ? BooleanField<T>
        : [T] extends [Date | null]
          ? DateField<T>
          : [T] extends [readonly unknown[] | null]
            ? ListField<NonNullable<T>[number & keyof NonNullable<T>], T>
            : [T] extends [Uint8Array | null]
              ? BytesField<T>
              : [T] extends [ReadonlySet<unknown> | null]
                ? SetField<MemberOf<NonNullable<T>>, T>
                : [T] extends [object | null]
                  ? string extends keyof NonNullable<T>
                    ? RecordField<NonNullable<T>[keyof NonNullable<T>], T>
                    : ObjectField<NonNullable<T>, T>
                  : Field<T>
type MemberOf<T> = T extends ReadonlySet<infer M> ? M : never
