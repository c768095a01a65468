import { setOwn, type Value, type Values } from '../schema/value.js'
import { valueKind } from '../schema/value-kind.js'
import type { ValueCodec } from './codec.js'
import { CodecError, type CodecTable } from './codec-table.js'
import { describeValue, undescribeValue } from './describe-value.js'

/** The codec of a place without a type: a union's, an unknown field's. What it writes tells its own kind. */
export function dynamicCodec<W>(
  table: CodecTable<W>,
  {
    name,
    unname,
  }: { readonly name: (field: string) => string; readonly unname: (stored: string) => string | undefined },
): ValueCodec<W> {
  const write = (value: Value): W => {
    const kind = valueKind(value)
    switch (kind) {
      case 'string':
        return table.string.encode(value as string)
      case 'number':
        return table.number.encode(value as number)
      case 'bigint':
        return table.bigint.encode(value as bigint)
      case 'boolean':
        return table.boolean.encode(value as boolean)
      case 'null':
        return table.null.encode(null)
      case 'date':
        return table.date.encode(value as Date)
      case 'bytes':
        return table.bytes.encode(value as Uint8Array)
      case 'array':
        return table.array.encode((value as readonly Value[]).map(write))
      case 'object': {
        const wire: Record<string, W> = {}
        for (const field of Object.keys(value as Values))
          setOwn(wire, name(field), write((value as Values)[field] as Value))
        return table.object.encode(wire)
      }
      case 'set':
        return writeSet(value as ReadonlySet<string | number | bigint>)
    }
  }

  // Only where sets describe themselves: elsewhere a described one is a list in an object.
  const writeSet = (value: ReadonlySet<string | number | bigint>): W => {
    const [member] = value
    if (typeof member === 'number') return table.set.number.encode(value as ReadonlySet<number>)
    if (typeof member === 'bigint') return table.set.bigint.encode(value as ReadonlySet<bigint>)
    return table.set.string.encode(value as ReadonlySet<string>)
  }

  const read = (wire: W): Value => {
    const wireClass = table.classOf(wire)
    const value = wireClass === undefined ? undefined : readClass(wire, wireClass)
    if (value !== undefined) return value
    throw new CodecError(
      `what is stored (${wireClass ?? typeof wire}) is no value that isomodel writes; it was written by other code, ` +
        'repair or remove it',
    )
  }

  const readClass = (wire: W, wireClass: NonNullable<ReturnType<typeof table.classOf>>): Value | undefined => {
    switch (wireClass) {
      case 'array':
        return table.array.decode(wire)?.map(read)
      case 'set':
        return table.set.string.decode(wire) ?? table.set.number.decode(wire) ?? table.set.bigint.decode(wire)
      case 'object': {
        const fields = table.object.decode(wire)
        if (fields === undefined) return undefined
        const values: Values = {}
        for (const stored of Object.keys(fields)) {
          const field = unname(stored)
          if (field !== undefined) setOwn(values, field, read(fields[stored] as W))
        }
        return values
      }
      default:
        return table[wireClass].decode(wire)
    }
  }

  if (table.selfDescribed.size === 4) return { encode: write, decode: read }
  return {
    encode: (value) => write(describeValue(value, table.selfDescribed)),
    decode: (wire) => undescribeValue(read(wire)),
  }
}
