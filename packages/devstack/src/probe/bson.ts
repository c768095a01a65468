/** As much of BSON as a server's greeting needs: enough to send a command and to read a reply. */
export type BsonValue = string | number | readonly BsonValue[] | BsonDocument
export interface BsonDocument {
  readonly [name: string]: BsonValue
}

/** Integers become int32. */
export function encodeBson(document: BsonDocument): Buffer {
  const elements = Object.entries(document).map(([name, value]) => encodeElement(name, value))
  const body = Buffer.concat([...elements, Buffer.of(0)])
  return Buffer.concat([int32(body.length + 4), body])
}

function encodeElement(name: string, value: BsonValue): Buffer {
  const head = (type: number) => Buffer.concat([Buffer.of(type), Buffer.from(`${name}\0`)])
  if (typeof value === 'string') {
    const text = Buffer.from(`${value}\0`)
    return Buffer.concat([head(0x02), int32(text.length), text])
  }
  if (typeof value === 'number') return Buffer.concat([head(0x10), int32(value)])
  if (isList(value)) return Buffer.concat([head(0x04), encodeBson(Object.fromEntries(value.entries()))])
  return Buffer.concat([head(0x03), encodeBson(value)])
}

const isList = (value: BsonValue): value is readonly BsonValue[] => Array.isArray(value)

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

/** The length of a value of a type whose length is fixed. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [0x06, 0],
  [0x07, 12],
  [0x09, 8],
  [0x0a, 0],
  [0x11, 8],
  [0x12, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
])

/** The document's own strings, numbers (double and int32) and booleans. Everything else is passed over. */
export function decodeBson(bytes: Buffer): Map<string, string | number | boolean> {
  const fields = new Map<string, string | number | boolean>()
  let at = 4
  for (;;) {
    const type = bytes.readUInt8(at)
    if (type === 0) return fields
    const nameEnd = bytes.indexOf(0, at + 1)
    const name = bytes.toString('utf8', at + 1, nameEnd)
    at = nameEnd + 1
    if (type === 0x01) {
      fields.set(name, bytes.readDoubleLE(at))
      at += 8
    } else if (type === 0x10) {
      fields.set(name, bytes.readInt32LE(at))
      at += 4
    } else if (type === 0x08) {
      fields.set(name, bytes.readUInt8(at) === 1)
      at += 1
    } else if (type === 0x02) {
      const length = bytes.readInt32LE(at)
      fields.set(name, bytes.toString('utf8', at + 4, at + 4 + length - 1))
      at += 4 + length
    } else if (type === 0x03 || type === 0x04) {
      at += bytes.readInt32LE(at)
    } else if (type === 0x05) {
      at += 5 + bytes.readInt32LE(at)
    } else {
      const length = FIXED.get(type)
      if (length === undefined)
        throw new Error(`the server's reply has a field of an unknown type, 0x${type.toString(16)}`)
      at += length
    }
  }
}
