import type { $ZodType, $ZodTypeDef } from 'zod/v4/core'
import { ModelError } from '../errors/model-error.js'
import type { Compiler, Handler, Handlers } from './compiler.js'
import { dynamicNode } from './dynamic.js'
import { entryHandlers } from './entries.js'
import { listHandlers } from './list.js'
import { emptyNode, type Node } from './node.js'
import { pipeHandlers } from './pipe.js'
import { refused } from './refused.js'
import { scalarHandlers } from './scalars.js'
import { describe, mismatch } from './sound.js'
import type { ObjectType, Slot, ValueType, ZodType } from './type.js'
import { unionHandlers } from './union.js'
import { wrapperHandlers } from './wrappers.js'

/** A place that holds nothing, as a member of a union: it makes the whole optional. */
const nothing: Handler<$ZodType> = (schema, node) => {
  node.optional = true
  node.run = (value, walk) => (value === undefined ? undefined : mismatch(schema, value, 'nothing', walk))
}

/** Every kind of schema that Zod has; one that a later Zod adds does not type-check here and is refused at run time. */
const handlers: Handlers<$ZodTypeDef['type']> = {
  ...scalarHandlers,
  ...entryHandlers,
  ...listHandlers,
  ...wrapperHandlers,
  ...pipeHandlers,
  ...unionHandlers,
  ...refused,
  undefined: nothing,
  void: nothing,
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
  readonly #slots: { readonly slot: Slot; readonly node: Node; readonly absentable: boolean }[] = []
  readonly #later: (() => void)[] = []

  constructor(entity: string | undefined) {
    this.#entity = entity
  }

  run(schema: ZodType): Node {
    const root = this.#node(schema as unknown as $ZodType, [])
    this.#spreadConversion()
    for (const { slot, node, absentable } of this.#slots) {
      const { type, nullable, defaulted, converts } = node
      if (type === undefined) return this.#refuse(node.path, 'holds nothing', 'leave it out')
      Object.assign(slot, { type, optional: node.optional || absentable, nullable, defaulted, converts })
      slotNodes.set(Object.freeze(slot), node)
    }
    for (const act of this.#later) act()
    // Only now: a schema that is refused is refused again the next time.
    for (const [made, node] of this.#made) {
      freezeType(node.type)
      nodes.set(made, node)
    }
    return root
  }

  #node(schema: $ZodType, path: readonly string[]): Node {
    const known = nodes.get(schema) ?? this.#made.get(schema)
    if (known !== undefined) return known
    const type = typeName(schema)
    if (!Object.hasOwn(handlers, type)) {
      return this.#refuse(
        path,
        `is of Zod type ${type}, which is unknown here`,
        'use a documented type, or a newer @isomodel/core',
      )
    }
    if (path.length > DEEPEST_SCHEMA) {
      return this.#refuse(path, 'makes new schemas without end', 'declare the recursive schema once and refer to it')
    }
    const node = emptyNode(schema, path)
    this.#made.set(schema, node)
    const handler = (handlers as { readonly [type: string]: Handler<never> })[type]
    handler?.(schema as never, node, this.#at(node))
    node.made = true
    return node
  }

  #at(node: Node): Compiler {
    const { path } = node
    const below = (schema: $ZodType, ...steps: readonly string[]): Node => {
      const made = this.#node(schema, [...path, ...steps])
      node.below.push(made)
      return made
    }
    return {
      below,
      inner: (schema, ...steps) => {
        const made = below(schema, ...(steps as string[]))
        if (made.type === undefined && !made.made) {
          this.#refuse(path, 'holds itself with nothing between', 'put an object, a record or an array between')
        }
        return made
      },
      slot: (of, absentable = false) => {
        const slot = { schema: of.schema } as Slot
        this.#slots.push({ slot, node: of, absentable })
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
    const field = path.join('.').replaceAll(/\.([[|])/g, '$1')
    throw new ModelError(
      this.#entity,
      `${field === '' ? 'the schema' : `field ${field}`} ${problem}. Instead, ${remedy}.`,
    )
  }
}

function freezeType(type: ValueType | undefined): void {
  for (const part of Object.values(Object.freeze(type) ?? {})) {
    if (Array.isArray(part)) for (const each of Object.freeze(part)) Object.freeze(each)
  }
}
