import type { ValueType, ZodType } from './type.js'
import type { Walk } from './walk.js'

/**
 * A compiled Zod schema: what type it stores, and the two walks of its values. Made by `compile`, filled by the handler of
 * its kind. Nodes of recursive schemas refer to each other, so a node may be seen before it is filled.
 */
export interface Node {
  readonly schema: ZodType
  /** undefined while the node is being made, and for what holds null or nothing alone. */
  type: ValueType | undefined
  optional: boolean
  nullable: boolean
  defaulted: boolean
  /** Set when a codec is at or below this node; known when all nodes are made. */
  converts: boolean
  /** The nodes below, for finding out `converts`. */
  readonly below: Node[]
  /**
   * Checks a value in output form (what the developer's code holds) and gives a copy of it, defaults applied, everything
   * unnamed stripped. undefined is absence. Problems go to the walk, and then the result means nothing.
   */
  take: Take
  /** Turns a checked value into storage form, or a stored one into output form. Only called when `converts`. */
  convert: (value: unknown, to: Form, walk: Walk) => unknown
}

export type Take = (value: unknown, walk: Walk) => unknown

export type Form = 'storage' | 'output'

/** What a value is, in words for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'a list'
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' && name !== 'Object' ? `a ${name}` : 'an object'
}
