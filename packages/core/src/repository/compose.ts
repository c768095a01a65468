import type { DeleteOp, Guard, PutOp, UpdateOp } from '../driver/contract.js'
import { newToken } from '../driver/token.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import type { EntityModel, KeyModel } from '../model/model.js'
import { buildCondition } from '../query/arguments.js'
import { bindCondition } from '../query/bind-condition.js'
import { references } from '../query/references.js'
import { isEntries } from '../schema/containers.js'
import { fromStorage, slotToStorage, toStorage } from '../schema/validate.js'
import { setOwn, type Value, type Values } from '../schema/value.js'
import { applyChanges } from '../write/apply.js'
import { bindChanges } from '../write/bind-changes.js'
import type { Change } from '../write/change.js'
import { updateOperators } from '../write/operators.js'
import { calling } from './calling.js'
import type { Returning } from './types.js'

/** The untyped forms of a write's options: what untyped code may have handed in. */
export interface LooseWriteOptions {
  readonly if?: unknown
  readonly ifRevision?: unknown
  readonly return?: Returning
  readonly orCreate?: unknown
}

/** Turns a repository's arguments into write operations: everything that can be refused without the store is refused here. */
export class Composer {
  readonly #entity: AnyEntity
  readonly #model: EntityModel
  readonly #now: () => number
  readonly #keyNames: readonly string[]

  constructor(entity: AnyEntity, now: () => number) {
    this.#entity = entity
    this.#model = entity.model
    this.#now = now
    this.#keyNames = [...this.#model.key.partition, ...this.#model.key.sort].map((field) => field.name)
  }

  create(argument: unknown, options: LooseWriteOptions = {}): PutOp {
    return this.#put(argument, { exists: 'absent' }, options.return)
  }

  put(argument: unknown, options: LooseWriteOptions = {}): PutOp {
    return this.#put(argument, this.#guard(options, 'any'), options.return)
  }

  upsert(argument: unknown, options: LooseWriteOptions = {}): UpdateOp {
    const now = this.#now()
    const whole = this.#storage(argument, now)
    const named = Object.keys(argument as object).filter(
      (name) =>
        Object.hasOwn(whole, name) &&
        !this.#keyNames.includes(name) &&
        (argument as { [name: string]: unknown })[name] !== undefined,
    )
    const { timestamps } = this.#model
    const changes = named
      .filter((name) => name !== timestamps?.created && name !== timestamps?.updated)
      .map((name): Change => ({ op: 'set', path: [name], value: whole[name] as Value }))
    return this.#update(this.#keyOf(whole), changes, whole, now, options)
  }

  update(key: unknown, argument: unknown, options: LooseWriteOptions = {}): UpdateOp {
    const now = this.#now()
    const bound = this.key(key)
    const changes = bindChanges(this.#model, this.#changes(argument))
    const { orCreate: wanted = false } = options
    if (typeof wanted !== 'boolean') throw invalid(`orCreate is true or false, not ${JSON.stringify(wanted)}.`)
    const orCreate = wanted ? this.#created(bound, changes, now) : undefined
    return this.#update(bound, changes, orCreate, now, options)
  }

  delete(key: unknown, options: LooseWriteOptions = {}): DeleteOp {
    const now = this.#now()
    return {
      kind: 'delete',
      entity: this.#model,
      key: this.key(key),
      guard: this.#guard(options, 'any'),
      token: newToken(now),
      now,
      returning: options.return ?? 'none',
    }
  }

  /** The complete key, in storage form; other fields beside it are let be, so that an entity serves as its own key. */
  key(key: unknown): Values {
    return this.fields(key, this.#model.key.partition.concat(this.#model.key.sort), 'key')
  }

  /** The named fields of an argument, all of them there, in storage form. */
  fields(source: unknown, fields: EntityModel['key']['partition'], what: string): Values {
    if (typeof source !== 'object' || source === null) {
      throw invalid(
        `The ${what} is an object with ${fields.map((field) => field.name).join(', ')}; it got ${source === null ? 'null' : typeof source}.`,
      )
    }
    const values = {}
    for (const { name, slot } of fields) {
      const given = Object.hasOwn(source, name) ? (source as { [name: string]: unknown })[name] : undefined
      if (given === undefined || given === null) {
        throw new StoreError(
          `The ${what} needs ${fields.map((field) => field.name).join(', ')}; ${name} is ${given === null ? 'null' : 'missing'}.`,
          {
            code: 'VALIDATION',
            path: [name],
          },
        )
      }
      setOwn(values, name, slotToStorage(slot, given, [name]))
    }
    return values
  }

  /** As `fields`, and nothing beside them: what else a query was asked for would be passed over. */
  partition(source: unknown, path: KeyModel, what: string): Values {
    const values = this.fields(source, path.partition, what)
    const names = path.partition.map((field) => field.name)
    const other = Object.keys(source as object).find(
      (name) => !names.includes(name) && (source as { [name: string]: unknown })[name] !== undefined,
    )
    if (other !== undefined) {
      throw new StoreError(
        `The ${what} is ${names.join(', ')} alone; ask for ${other} in where, as in (o, { eq }) => eq(o.${other}, ...).`,
        { code: 'VALIDATION', path: [other] },
      )
    }
    return values
  }

  #put(argument: unknown, guard: Guard, returning: Returning | undefined): PutOp {
    const now = this.#now()
    const values = this.#storage(argument, now)
    return {
      kind: 'put',
      entity: this.#model,
      key: this.#keyOf(values),
      values,
      guard,
      token: newToken(now),
      now,
      // The new entity is known here; there is no need to have it sent back.
      returning: returning === 'old' ? 'old' : 'none',
    }
  }

  #update(
    key: Values,
    changes: readonly Change[],
    orCreate: Values | undefined,
    now: number,
    options: LooseWriteOptions,
  ): UpdateOp {
    const { timestamps } = this.#model
    const stamped =
      timestamps === undefined
        ? changes
        : [...changes, { op: 'set', path: [timestamps.updated], value: new Date(now) } as const]
    // A revision is one of an entity that is there, so an upsert that demands one never creates.
    const creates = orCreate !== undefined && options.ifRevision === undefined
    return {
      kind: 'update',
      entity: this.#model,
      key,
      changes: stamped,
      ...(creates ? { orCreate } : {}),
      guard: this.#guard(options, creates ? 'any' : 'present', creates),
      token: newToken(now),
      now,
      returning: options.return ?? 'new',
    }
  }

  #guard(options: LooseWriteOptions, unguarded: 'any' | 'present', lenient = false): Guard {
    const token = options.ifRevision
    const condition = options.if
    if (token === undefined && condition === undefined) return { exists: unguarded }
    if (token !== undefined) {
      if (this.#model.revision === undefined) {
        throw invalid(`ifRevision needs revision: true in defineEntity; ${this.#model.name} has none.`)
      }
      if (typeof token !== 'string')
        throw invalid(
          `ifRevision is the ${this.#model.revision} of an entity that was read, a string; it got ${token === null ? 'null' : typeof token}.`,
        )
    }
    return {
      exists: lenient ? 'any' : 'present',
      ...(token === undefined ? {} : { token }),
      ...(condition === undefined
        ? {}
        : { condition: bindCondition(this.#model, buildCondition(this.#entity, condition as never)) }),
    }
  }

  #changes(argument: unknown): readonly Change[] {
    if (typeof argument === 'function') {
      const made = calling(
        'update',
        () => argument(references(this.#model.type), updateOperators) as readonly Change[] | Change,
      )
      return Array.isArray(made) ? made : [made as Change]
    }
    if (!isEntries(argument)) {
      throw invalid(
        "update takes the changes as an object of fields to set, or as a callback: (o, { set }) => [set(o.status, 'paid')].",
      )
    }
    return Object.entries(argument)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): Change => ({ op: 'set', path: [name], value: value as Value }))
  }

  /** What an update with orCreate leaves when there is no entity: key, defaults and changes; it must fit the schema. */
  #created(key: Values, changes: readonly Change[], now: number): Values {
    const { timestamps } = this.#model
    const base = { ...key } as { [name: string]: Value }
    for (const [name, slot] of this.#model.type.fields) {
      if (slot.defaulted && !Object.hasOwn(base, name) && name !== timestamps?.created && name !== timestamps?.updated)
        setOwn(base, name, slotToStorage(slot, undefined, [name]))
    }
    const applied = applyChanges(this.#model.type, base, changes)
    if (!('values' in applied)) throw new StoreError(applied.message, { code: 'VALIDATION', path: applied.path })
    return this.#storage(fromStorage(this.#entity.schema, applied.values), now)
  }

  /** The whole entity in storage form, with timestamps; a revision in it is no guard and is not stored. */
  #storage(argument: unknown, now: number): Values {
    const { revision, timestamps } = this.#model
    const library: { [field: string]: Value | undefined } = {}
    if (revision !== undefined) library[revision] = undefined
    if (timestamps !== undefined) {
      library[timestamps.created] = madeAt(argument, timestamps.created, now)
      library[timestamps.updated] = new Date(now)
    }
    return toStorage(this.#entity.schema, argument, library)
  }

  #keyOf(values: Values): Values {
    const key = {}
    for (const name of this.#keyNames) setOwn(key, name, values[name])
    return key
  }
}

/** An entity that was read and put again keeps the moment of its creation. */
function madeAt(argument: unknown, name: string, now: number): Date {
  const given =
    typeof argument === 'object' && argument !== null && Object.hasOwn(argument, name)
      ? (argument as { [field: string]: unknown })[name]
      : undefined
  if (given === undefined) return new Date(now)
  if (given instanceof Date && !Number.isNaN(given.getTime())) return given
  throw new StoreError(`${name} is kept by the library; leave it out, or give the Date that came with the entity.`, {
    code: 'VALIDATION',
    path: [name],
  })
}

function invalid(message: string): StoreError {
  return new StoreError(message, { code: 'VALIDATION' })
}
