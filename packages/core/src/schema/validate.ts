import { StoreError } from '../errors/store-error.js'
import { schemaNode, slotNode } from './compile.js'
import type { Node } from './node.js'
import type { ObjectType, Slot, ValueType, ZodType } from './type.js'
import { formatPath, getOwn, type Path, setOwn, type Value, type Values } from './value.js'
import { type Problem, Walk } from './walk.js'

export type { Problem } from './walk.js'

/**
 * An argument of create, put or upsert, checked and in storage form: defaults applied, unnamed fields stripped, refused or
 * kept as the schema says, codecs encoded, `{ a: undefined }` as absent, -0 as 0. Shares nothing with the argument.
 *
 * `library` has the values of the fields that the library itself keeps (timestamps): they replace what the argument has of
 * them, and undefined leaves the field out (the revision).
 *
 * @throws StoreError `VALIDATION` that lists what is wrong, each with its path and remedy.
 */
export function toStorage(
  schema: ZodType,
  input: unknown,
  library: { readonly [field: string]: Value | undefined } = {},
): Values {
  const names = Object.keys(library)
  const values = stored(schemaNode(schema), without(input, names), []) as Values
  for (const name of names) {
    const value = library[name]
    if (value !== undefined) setOwn(values, name, value)
  }
  return values
}

/**
 * A value given for one place, checked by that place's own schema and in storage form; undefined for an absent optional
 * one. For updates, list items, key fields.
 *
 * @throws StoreError `VALIDATION`
 */
export function slotToStorage(slot: Slot, input: unknown, path: Path): Value | undefined {
  // A record's values may be absent whatever their schema says.
  if (input === undefined && slot.optional && !slot.defaulted) return undefined
  return stored(slotNode(slot), input, path) as Value | undefined
}

/**
 * A stored entity as the developer's code sees it: codecs decoded; without codecs, the values themselves. Fields that the
 * schema does not name stay.
 *
 * @throws StoreError `CORRUPT` where a codec cannot decode what is stored.
 */
export function fromStorage(schema: ZodType, values: Values): unknown {
  return shown(schemaNode(schema), values, [])
}

/**
 * One stored value as the developer's code sees it.
 *
 * @throws StoreError `CORRUPT`
 */
export function slotFromStorage(slot: Slot, value: Value, path: Path): unknown {
  return shown(slotNode(slot), value, path)
}

/**
 * The first thing that is wrong with a stored entity by its schema, refinements and missing defaults included, and by
 * `type` where that has more fields (timestamps); undefined when nothing is. For the read policy.
 */
export function checkStored(type: ObjectType, schema: ZodType, values: Values): Problem | undefined {
  const node = schemaNode(schema)
  const walk = new Walk('check', true)
  const library = fieldsBeyond(type, node.type)
  walk.chain(
    without(values, library),
    (own) => walk.turn('decode', node, own),
    (entity) => node.run(entity, walk),
  )
  for (const name of library) walk.into(name, slotNode(type.fields.get(name) as Slot), getOwn(values, name))
  return walk.problems[0]
}

/** As `checkStored`, of some of its fields alone; for a projection, which has no others. */
export function checkStoredFields(type: ObjectType, names: readonly string[], values: Values): Problem | undefined {
  for (const name of names) {
    const slot = type.fields.get(name)
    const value = getOwn(values, name)
    if (slot === undefined || (value === undefined && slot.optional)) continue
    const problem = checkStoredSlot(slot, value as Value, [name])
    if (problem !== undefined) return problem
  }
  return undefined
}

/** The first thing that is wrong with one stored value by its own schema; undefined when nothing is. */
export function checkStoredSlot(slot: Slot, value: Value, path: Path): Problem | undefined {
  const node = slotNode(slot)
  const walk = new Walk('check', true)
  walk.chain(
    value,
    (own) => walk.turn('decode', node, own),
    (shown) => node.run(shown, walk),
  )
  const [problem] = walk.problems
  return problem === undefined ? undefined : { ...problem, path: [...path, ...problem.path] }
}

function stored(node: Node, input: unknown, at: Path): unknown {
  const walk = new Walk('check')
  const value = walk.chain(
    input,
    (given) => node.run(given, walk),
    (taken) => (taken === undefined ? undefined : walk.turn('encode', node, taken)),
  )
  if (walk.problems.length > 0) throw refusal('VALIDATION', walk, at)
  return value
}

function shown(node: Node, value: Value, at: Path): unknown {
  const walk = new Walk('check', true)
  const output = walk.turn('decode', node, value)
  if (walk.problems.length > 0) throw refusal('CORRUPT', walk, at)
  return output
}

function fieldsBeyond(type: ObjectType, own: ValueType | undefined): readonly string[] {
  if (own?.kind !== 'object' || type.fields.size === own.fields.size) return []
  return [...type.fields.keys()].filter((name) => !own.fields.has(name))
}

/** The input but for some fields. */
function without(input: unknown, names: readonly string[]): unknown {
  if (names.length === 0 || typeof input !== 'object' || input === null) return input
  const others = {}
  for (const [name, value] of Object.entries(input)) if (!names.includes(name)) setOwn(others, name, value)
  return others
}

function refusal(code: 'VALIDATION' | 'CORRUPT', { problems, cause }: Walk, at: Path): StoreError {
  const [first, ...others] = problems
  const more = others.map(({ path, message }) => `; also ${formatPath([...at, ...path])}: ${message}`).join('')
  return new StoreError(`${first?.message ?? ''}${more}.`, { code, path: [...at, ...(first?.path ?? [])], cause })
}
