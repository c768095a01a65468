/**
 * How a store writes one kind of value. `decode` gives undefined for a wire value that is not of this kind, and never
 * throws for it; the walk then tries what the wire value is by itself.
 */
export interface WireCodec<W, T> {
  encode(value: T): W
  decode(wire: W): T | undefined
}

/** What a wire value is by itself, without a schema. */
export type WireClass =
  | 'string'
  | 'number'
  | 'bigint'
  | 'boolean'
  | 'null'
  | 'date'
  | 'bytes'
  | 'set'
  | 'array'
  | 'object'

/**
 * How a store writes values: all that an adapter says of its wire format. The walk through objects, lists and unions is
 * the kit's (`compileCodec`).
 */
export interface CodecTable<W> {
  readonly string: WireCodec<W, string>
  readonly number: WireCodec<W, number>
  readonly bigint: WireCodec<W, bigint>
  readonly boolean: WireCodec<W, boolean>
  readonly date: WireCodec<W, Date>
  readonly bytes: WireCodec<W, Uint8Array>
  readonly null: WireCodec<W, null>
  readonly set: {
    readonly string: WireCodec<W, ReadonlySet<string>>
    readonly number: WireCodec<W, ReadonlySet<number>>
    readonly bigint: WireCodec<W, ReadonlySet<bigint>>
  }
  readonly array: WireCodec<W, readonly W[]>
  /** The fields carry their stored names. */
  readonly object: WireCodec<W, Readonly<Record<string, W>>>

  /** What a wire value is by itself; undefined for what this store never holds of ours. */
  classOf(wire: W): WireClass | undefined

  /**
   * The kinds that `classOf` tells from every other, so that a value in a place without a type comes back as it was:
   * strings, numbers, booleans, null, lists and objects always; of the rest those listed here. The others are wrapped
   * there as `{ $bigint: '1' }`, `{ $date: ms }`, `{ $bytes: base64 }`, `{ $set: [...] }`. A store that lists all four
   * wraps nothing.
   */
  readonly selfDescribed: ReadonlySet<'bigint' | 'date' | 'bytes' | 'set'>

  /** The stored name of a field or record key inside an object. Injective. Default: the name itself. */
  readonly name?: (field: string) => string
  /** The field that a stored name inside an object stands for. Default: the name itself. */
  readonly unname?: (stored: string) => string
  /** The stored name of the entity's own field, away from the adapter's own attributes. Injective. Default: `name`. */
  readonly topName?: (field: string) => string
  /** The entity's field that a stored name stands for; undefined for the adapter's own. Default: `unname`. */
  readonly topUnname?: (stored: string) => string | undefined
}

/** A stored value that the codec does not know, by its path in the entity. */
export class CodecError extends Error {
  override readonly name: string = 'CodecError'
  readonly path: readonly (string | number)[]

  constructor(message: string, path: readonly (string | number)[] = []) {
    super(message)
    this.path = path
  }
}
