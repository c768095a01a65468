import {
  CodecError,
  checkToken,
  compileCodec,
  type EntityCodec,
  type EntityModel,
  encodeComponent,
  getOwn,
  type Stored,
  StoreError,
  shownKeyAt,
  type UnknownFields,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'
import { idText, keyTextOfId } from './id.js'
import { HIDDEN, ID, topNameOf } from './names.js'
import { isBsonObject, wireTable } from './wire.js'

/** Writes and reads the documents of one entity. */
export class DocumentCodec {
  readonly values: EntityCodec<Bson>
  readonly #entity: EntityModel
  readonly #byText: ReadonlySet<string>

  constructor(entity: EntityModel) {
    this.#entity = entity
    this.values = compileCodec(entity.type, wireTable, entity.names)
    this.#byText = fieldsSortedByText(entity)
  }

  /** The whole document of an entity. */
  encode(values: Values, token: string): BsonObject {
    const document: BsonObject = this.values.encode(values)
    document[ID] = idText(this.#entity, values)
    const order = this.#order(values)
    document[HIDDEN] = order === undefined ? { token } : { token, order }
    return document
  }

  /** The entity of a document, also of a projected one. */
  decode(document: BsonObject, unknown: UnknownFields = 'strip'): Stored {
    try {
      const hidden = document[HIDDEN]
      return {
        values: this.values.decode(document, unknown),
        token: checkToken(isBsonObject(hidden) ? hidden.token : undefined),
      }
    } catch (error) {
      throw this.#corrupt(document, error)
    }
  }

  /**
   * The text by which an index sorts a top-level field that BSON would sort otherwise; undefined for every other field
   * and for a value without an order.
   */
  orderText(field: string, value: Value | undefined): string | undefined {
    return value instanceof Uint8Array && this.#byText.has(field) ? bytesText(value) : undefined
  }

  /** Whether an index sorts this top-level field by a text of its own. */
  isSortedByText(field: string): boolean {
    return this.#byText.has(field)
  }

  #order(values: Values): BsonObject | undefined {
    let order: BsonObject | undefined
    for (const field of this.#byText) {
      const text = this.orderText(field, getOwn(values, field))
      if (text === undefined) continue
      order ??= {}
      order[topNameOf(this.#entity, field)] = text
    }
    return order
  }

  #corrupt(document: BsonObject, error: unknown): unknown {
    if (!(error instanceof CodecError || error instanceof StoreError)) return error
    const id = document[ID]
    const what = error instanceof StoreError ? error.detail : error.message
    const key = typeof id === 'string' ? shownKeyAt(this.#entity, () => keyTextOfId(this.#entity, id)) : undefined
    const { partition, sort } = this.#entity.key
    const isSecret = [...partition, ...sort].some(({ name }) => this.#entity.sensitive.has(name))
    const where = isSecret ? '' : ` It is the document whose _id is ${JSON.stringify(id)}.`
    return new StoreError(`${what.replace(/\.$/, '')}.${where} Write the entity anew, or remove it.`, {
      code: 'CORRUPT',
      entity: this.#entity.name,
      ...(error.path === undefined ? {} : { path: error.path }),
      ...(key === undefined ? {} : { key }),
      cause: error,
    })
  }
}

/** The sortable text of bytes. BSON sorts binary data by its length first, and the contract by its bytes. */
export function bytesText(value: Uint8Array): string {
  return encodeComponent({ kind: 'bytes' }, value)
}

function fieldsSortedByText(entity: EntityModel): ReadonlySet<string> {
  const fields = entity.indexes.flatMap(({ partition, sort }) => [...partition, ...sort])
  return new Set(fields.filter(({ slot }) => slot.type.kind === 'bytes').map(({ name }) => name))
}
