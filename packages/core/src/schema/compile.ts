import type { $ZodType, $ZodTypeDef } from 'zod/v4/core'
import { ModelError } from '../errors/model-error.js'
import type { Compiler, Handler, Handlers } from './compiler.js'
import { dynamicNode } from './dynamic.js'
import { lists } from './list.js'
import { describe, type Node } from './node.js'
import { objects } from './object.js'
import { pipes } from './pipe.js'
import { refused } from './refused.js'
import { scalars } from './scalars.js'
import { mismatch } from './take.js'
import type { ObjectType, Slot, ZodType } from './type.js'
import { unions } from './union.js'
import { wrappers } from './wrappers.js'

/** A place that holds nothing, as a member of a union: it makes the whole optional. */
const nothing: Handlers<'undefined' | 'void'> = { undefined: fillNothing, void: fillNothing }

function fillNothing(schema: $ZodType, node: Node): void {
  node.optional = true
  node.take = (value, walk) => (value === undefined ? undefined : mismatch(schema, value, 'nothing', walk))
}

/** Every kind of schema that Zod has; one that a later Zod adds does not type-check here and is refused at run time. */
const handlers: Handlers<$ZodTypeDef['type']> = {
  ...scalars,
  ...objects,
  ...lists,
  ...wrappers,
  ...pipes,
  ...unions,
  ...nothing,
  ...refused,
}

const nodes = new WeakMap<ZodType, Node>()
const slotNodes = new WeakMap<Slot, Node>()

/** A recursive schema refers to itself; one that makes new schemas without end would be walked without end. */
const DEEPEST_SCHEMA = 200

/**
 * The stored type of an entity's schema. The same schema compiles once.
 *
 * @throws ModelError that names the field, what it is in Zod, and what to use instead, for all that cannot be stored.
 */
export function compileObject(schema: ZodType, where: string): ObjectType {
  const type = isEntity(schema) ? schemaNode(schema, where).type : undefined
  if (type?.kind !== 'object') {
    throw new ModelError(
      where,
      `the schema is of Zod type ${typeName(schema)}; an entity is a z.object, z.strictObject or z.looseObject.`,
    )
  }
  return type
}

/** The compiled form of a schema; `where` names the entity in messages. */
export function schemaNode(schema: ZodType, where?: string): Node {
  return nodes.get(schema) ?? new Compilation(where).run(schema)
}

/** The compiled form of what a place holds. */
export function slotNode(slot: Slot): Node {
  if (slot.type.kind === 'dynamic') return dynamicNode
  return slotNodes.get(slot) ?? schemaNode(slot.schema)
}

function isEntity(schema: ZodType | null | undefined): boolean {
  const def = schema?._zod?.def as { readonly type: string; readonly innerType?: ZodType } | undefined
  return def?.type === 'object' || (def?.type === 'readonly' && isEntity(def.innerType))
}

function typeName(schema: unknown): string {
  const type = (schema as Partial<ZodType> | null | undefined)?._zod?.def?.type
  return type ?? `none (${describe(schema)})`
}

/** One run over a schema and all that is below it. */
class Compilation {
  readonly #entity: string | undefined
  readonly #made = new Map<$ZodType, Node>()
  readonly #unfinished = new Set<Node>()
  readonly #paths = new Map<Node, readonly string[]>()
  readonly #slots: {
    readonly slot: { -readonly [K in keyof Slot]: Slot[K] }
    readonly node: Node
    readonly absentable: boolean
  }[] = []
  readonly #later: (() => void)[] = []

  constructor(entity: string | undefined) {
    this.#entity = entity
  }

  run(schema: ZodType): Node {
    const root = this.#node(schema as unknown as $ZodType, [])
    this.#spreadConversion()
    for (const { slot, node, absentable } of this.#slots) {
      const { type } = node
      if (type === undefined)
        return this.#refuse(this.#paths.get(node) ?? [], 'holds nothing', 'leave the field out of the schema')
      slot.type = type
      slot.optional = node.optional || absentable
      slot.nullable = node.nullable
      slot.defaulted = node.defaulted
      slot.converts = node.converts
      slotNodes.set(Object.freeze(slot), node)
    }
    for (const act of this.#later) act()
    // Only now: a schema that is refused is refused again the next time.
    for (const [made, node] of this.#made) nodes.set(made, node)
    return root
  }

  #node(schema: $ZodType, path: readonly string[]): Node {
    const known = nodes.get(schema) ?? this.#made.get(schema)
    if (known !== undefined) return known
    const type = typeName(schema)
    const handler = Object.hasOwn(handlers, type)
      ? (handlers as { readonly [type: string]: Handler<never> })[type]
      : undefined
    if (handler === undefined) {
      return this.#refuse(
        path,
        `is of Zod type ${type}, which is unknown to this version`,
        'use a type of the documentation, or a newer @isomodel/core',
      )
    }
    if (path.length > DEEPEST_SCHEMA) {
      return this.#refuse(path, 'makes new schemas without end', 'declare the recursive schema once and refer to it')
    }
    const node = emptyNode(schema)
    this.#made.set(schema, node)
    this.#unfinished.add(node)
    this.#paths.set(node, path)
    handler(schema as never, node, this.#at(path))
    this.#unfinished.delete(node)
    return node
  }

  #at(path: readonly string[]): Compiler {
    const below: Compiler['below'] = (node, schema, step) => {
      const made = this.#node(schema, [...path, step])
      node.below.push(made)
      return made
    }
    return {
      below,
      inner: (node, schema, step) => {
        const made = step === undefined ? this.#node(schema, path) : this.#node(schema, [...path, step])
        node.below.push(made)
        if (this.#unfinished.has(made) && made.type === undefined) {
          this.#refuse(path, 'holds itself with nothing between', 'put an object, a record or an array between')
        }
        return made
      },
      slot: (node, absentable = false) => {
        const slot = { schema: node.schema } as { -readonly [K in keyof Slot]: Slot[K] }
        this.#slots.push({ slot, node, absentable })
        return slot
      },
      later: (act) => this.#later.push(act),
      refuse: (problem, remedy) => this.#refuse(path, problem, remedy),
    }
  }

  /** A node converts when a node below it does; in recursive schemas that takes several rounds to get around. */
  #spreadConversion(): void {
    for (let again = true; again; ) {
      again = false
      for (const node of this.#made.values()) {
        if (node.converts || !node.below.some((below) => below.converts)) continue
        node.converts = true
        again = true
      }
    }
  }

  #refuse(path: readonly string[], problem: string, remedy: string): never {
    const field = path.join('.').replaceAll('.[', '[').replaceAll('.|', '|')
    throw new ModelError(
      this.#entity,
      `${field === '' ? 'the schema' : `field ${field}`} ${problem}. Instead, ${remedy}.`,
    )
  }
}

function emptyNode(schema: ZodType): Node {
  return {
    schema,
    type: undefined,
    optional: false,
    nullable: false,
    defaulted: false,
    converts: false,
    below: [],
    take: (value) => value,
    convert: (value) => value,
  }
}
