import type { $ZodType, $ZodTypeDef, $ZodTypes } from 'zod/v4/core'
import type { Node } from './node.js'
import type { Slot } from './type.js'

/** What a handler can ask of the compilation it is part of. */
export interface Compiler {
  /** The node of a schema below, which for a recursive schema may still be in the making. `step` names it in messages. */
  below(schema: $ZodType, step: string): Node
  /** The same, for a handler that must look at what the node is: refuses what holds itself with nothing between. */
  inner(schema: $ZodType, step?: string): Node
  /** The place of a value in its container. An `absentable` one may be missing whatever its schema says: a record's. */
  slot(node: Node, absentable?: boolean): Slot
  /** Runs when all nodes are made and know whether they convert. */
  later(run: () => void): void
  /** Throws a ModelError that names the field. */
  refuse(problem: string, remedy: string): never
}

/** Fills the node of a schema of one kind. */
export type Handler<S extends $ZodType> = (schema: S, node: Node, compiler: Compiler) => void

export type SchemaOf<T extends string> = Extract<$ZodTypes, { readonly _zod: { readonly def: { readonly type: T } } }>

/** The handlers of some kinds; `compile` puts them together to one record over every kind that Zod has. */
export type Handlers<T extends $ZodTypeDef['type']> = { readonly [K in T]: Handler<SchemaOf<K>> }
