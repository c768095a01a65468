import type { Binary } from 'mongodb'
import type { Bson, BsonObject } from './bson.js'

/** Bytes and nesting of a value as BSON. */
export interface Measure {
  readonly bytes: number
  /** Levels of documents and lists, counting the value itself when it is one. */
  readonly depth: number
}

/** The length of an element's type and of the NUL behind its name. */
const ELEMENT = 2
/** The length of a document's size and of the NUL at its end. */
const FRAME = 5

/** Measures a value without serializing it. */
export function measure(value: Bson): Measure {
  switch (typeof value) {
    case 'string':
      return { bytes: 5 + Buffer.byteLength(value), depth: 0 }
    case 'number':
    case 'bigint':
      return { bytes: 8, depth: 0 }
    case 'boolean':
      return { bytes: 1, depth: 0 }
    default:
      return measureObject(value)
  }
}

/** The bytes of a document's element: its type, its name and its value. */
export function elementBytes(name: string, bytes: number): number {
  return ELEMENT + Buffer.byteLength(name) + bytes
}

function measureObject(value: Exclude<Bson, string | number | bigint | boolean>): Measure {
  if (value === null) return { bytes: 0, depth: 0 }
  if (value instanceof Date) return { bytes: 8, depth: 0 }
  const type = (value as { readonly _bsontype?: unknown })._bsontype
  if (type === 'Double') return { bytes: 8, depth: 0 }
  if (type === 'Binary') return { bytes: 5 + (value as Binary).position, depth: 0 }
  let bytes = FRAME
  let depth = 0
  for (const [name, element] of Object.entries(value as BsonObject)) {
    const inner = measure(element)
    bytes += elementBytes(name, inner.bytes)
    if (inner.depth > depth) depth = inner.depth
  }
  return { bytes, depth: depth + 1 }
}
