import type { ValueType, ZodType } from './type.js'
import type { Walk } from './walk.js'

/**
 * A compiled Zod schema: what type it stores, and how its values are walked. Made by `compile`, filled by the handler of its
 * kind. Nodes of recursive schemas refer to each other, so a node may be seen before it is filled.
 */
export interface Node {
  readonly schema: ZodType
  /** Where it is in the schema, for messages. */
  readonly path: readonly string[]
  /** False while the node is being made; only a recursive schema shows it then. */
  made: boolean
  /** undefined while the node is being made, and for what holds nothing at all. */
  type: ValueType | undefined
  optional: boolean
  nullable: boolean
  defaulted: boolean
  /** A codec is at or below this node; known when all nodes are made. */
  converts: boolean
  /** A codec is this node: what its values are in output form cannot be told from `type`. */
  opaque: boolean
  /** The nodes below, for finding out `converts`. */
  readonly below: Node[]
  /** Walks a value in the walk's mode. undefined is absence, or the walk has a problem. */
  run: Run
}

export type Run = (value: unknown, walk: Walk) => unknown

export function emptyNode(schema: ZodType, path: readonly string[] = []): Node {
  return {
    schema,
    path,
    made: false,
    type: undefined,
    optional: false,
    nullable: false,
    defaulted: false,
    converts: false,
    opaque: false,
    below: [],
    run: (value) => value,
  }
}
