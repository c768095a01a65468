import type {
  BigintType,
  BooleanType,
  BytesType,
  DateType,
  EnumType,
  NumberType,
  StringType,
  ValueType,
} from './type.js'

/** The types whose values have an order that every store can keep: what key fields may be. */
export type OrderableType = StringType | NumberType | BigintType | BooleanType | DateType | BytesType | EnumType

/** The kind whose order and key text a value of an orderable type has: an enum's is that of its members. */
export type OrderedKind = 'string' | 'number' | 'bigint' | 'boolean' | 'date' | 'bytes'

const ordered: { readonly [K in ValueType['kind']]: boolean } = {
  string: true,
  number: true,
  bigint: true,
  boolean: true,
  date: true,
  bytes: true,
  enum: true,
  null: false,
  object: false,
  record: false,
  array: false,
  tuple: false,
  set: false,
  union: false,
  dynamic: false,
}

/** Whether a field of this type can be a field of a key or an index. */
export function isOrderable(type: ValueType): type is OrderableType {
  return ordered[type.kind]
}

export function orderedKind(type: OrderableType): OrderedKind {
  return type.kind === 'enum' ? type.of : type.kind
}
