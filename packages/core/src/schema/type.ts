/**
 * What a Zod schema comes down to: the few types that every store can hold. A schema is walked once, at `defineEntity`;
 * everything after (validation walk, key texts, codecs, conditions, updates) works from this.
 *
 * Types may be cyclic (`z.lazy`, recursive getters): walk values, not types.
 */
export type ValueType =
  | StringType
  | NumberType
  | BigintType
  | BooleanType
  | DateType
  | BytesType
  | NullType
  | EnumType
  | ObjectType
  | RecordType
  | ArrayType
  | TupleType
  | SetType
  | UnionType
  | DynamicType

export interface StringType {
  readonly kind: 'string'
}

/** A finite double. `int` when the schema is `z.int()` or the like: safe integers only. Bounds are inclusive. */
export interface NumberType {
  readonly kind: 'number'
  readonly int: boolean
  readonly min: number
  readonly max: number
}

/** An int64. Bounds are inclusive. */
export interface BigintType {
  readonly kind: 'bigint'
  readonly min: bigint
  readonly max: bigint
}

export interface BooleanType {
  readonly kind: 'boolean'
}

/** Milliseconds since the epoch, in the range of a JavaScript Date. */
export interface DateType {
  readonly kind: 'date'
}

export interface BytesType {
  readonly kind: 'bytes'
}

/** A slot that holds nothing but null. */
export interface NullType {
  readonly kind: 'null'
}

/** `z.enum` and `z.literal` (of one scalar kind; literals of several kinds become a union). Null is lifted to the slot. */
export interface EnumType {
  readonly kind: 'enum'
  readonly of: 'string' | 'number' | 'bigint' | 'boolean'
  readonly values: readonly (string | number | bigint | boolean)[]
}

export interface ObjectType {
  readonly kind: 'object'
  readonly fields: ReadonlyMap<string, Slot>
  /** What happens to a field that the schema does not name; a kept one holds a dynamic value unless `catchall` says more. */
  readonly unknown: 'strip' | 'refuse' | 'keep'
  readonly catchall: Slot | undefined
}

export interface RecordType {
  readonly kind: 'record'
  /** The place of a key, for checking new ones. */
  readonly key: Slot
  readonly value: Slot
}

export interface ArrayType {
  readonly kind: 'array'
  readonly item: Slot
}

export interface TupleType {
  readonly kind: 'tuple'
  readonly items: readonly Slot[]
  readonly rest: Slot | undefined
}

export interface SetType {
  readonly kind: 'set'
  readonly of: 'string' | 'number' | 'bigint'
  /** The place of a member, for checking new ones. */
  readonly item: Slot
}

/** Stored self-described (see the codec walk), so a value needs no schema to come back. Null is lifted to the slot. */
export interface UnionType {
  readonly kind: 'union'
  readonly options: readonly ValueType[]
  readonly discriminator: string | undefined
}

/** Any portable value: what `z.looseObject` keeps. Stored self-described. */
export interface DynamicType {
  readonly kind: 'dynamic'
}

/** A place that holds a value: a field, an element, a record's value. */
export interface Slot {
  readonly type: ValueType
  readonly optional: boolean
  readonly nullable: boolean
  /** Has a default (`.default`, `.prefault`): may be omitted from an argument, is always there in a stored entity. */
  readonly defaulted: boolean
  /** The Zod schema of this place (with its optional, nullable and default wrappers), for validating a new value of it. */
  readonly schema: ZodType
  /** True when a `z.codec` is at or below this place: values and storage form then differ. */
  readonly converts: boolean
}

/** The part of a Zod 4 schema that isomodel relies on, given structurally so that two copies of Zod do not clash. */
export interface ZodType {
  readonly _zod: { readonly output: unknown; readonly input: unknown; readonly def: { readonly type: string } }
}

export type Kind = ValueType['kind']
