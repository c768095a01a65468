import type { Binary, Double } from 'mongodb'

/** The values that the library writes, as the client's BSON serializer takes them and gives them back. */
export type Bson =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Double
  | Binary
  | readonly Bson[]
  | { readonly [name: string]: Bson }

/** A command, filter or document under construction; each is built by one function and then left alone. */
export type BsonObject = { [name: string]: Bson }

/**
 * How every command reads its reply, whatever the client was made with: an int64 is a bigint and so differs from a
 * double, and binary data keeps its subtype.
 */
export const READ_OPTIONS = {
  useBigInt64: true,
  promoteLongs: true,
  promoteValues: true,
  promoteBuffers: false,
  ignoreUndefined: false,
  serializeFunctions: false,
  raw: false,
} as const
