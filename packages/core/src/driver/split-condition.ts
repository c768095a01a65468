import type { Condition } from '../query/condition.js'
import { isAlways, join, type LeafCondition } from '../query/simplify.js'

/** A condition in two parts: what the store checks, and what must be checked again on what comes back. */
export interface SplitCondition {
  /** Holds wherever the condition does: the exact parts, and supersets of others. */
  readonly pushed: Condition | undefined
  /** The parts that `pushed` does not check exactly. */
  readonly residual: Condition | undefined
}

/**
 * Divides a filter between the store and core. `canPush` says of a leaf whether the store checks it exactly. The parts
 * of the top-level `and` whose leaves all can be pushed are pushed as they are; of the others a weaker form is pushed
 * where there is one, and they stay in the residual.
 */
export function splitCondition(
  condition: Condition | undefined,
  canPush: (leaf: LeafCondition) => boolean,
): SplitCondition {
  if (condition === undefined) return { pushed: undefined, residual: undefined }
  const parts = condition.op === 'and' ? condition.conditions : [condition]
  const pushed: Condition[] = []
  const residual: Condition[] = []
  for (const part of parts) {
    if (isExact(part, canPush)) {
      pushed.push(part)
    } else {
      residual.push(part)
      const weaker = weaken(part, canPush)
      if (weaker !== undefined) pushed.push(weaker)
    }
  }
  return { pushed: all(pushed), residual: all(residual) }
}

function all(parts: readonly Condition[]): Condition | undefined {
  const joined = join('and', parts)
  return isAlways(joined) ? undefined : joined
}

function isExact(condition: Condition, canPush: (leaf: LeafCondition) => boolean): boolean {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.conditions.every((part) => isExact(part, canPush))
    case 'not':
      return isExact(condition.condition, canPush)
    default:
      return canPush(condition)
  }
}

/** What follows from a condition and can be pushed; undefined when nothing that says anything does. */
function weaken(condition: Condition, canPush: (leaf: LeafCondition) => boolean): Condition | undefined {
  switch (condition.op) {
    case 'and':
      return all(condition.conditions.flatMap((part) => weaken(part, canPush) ?? []))
    case 'or': {
      const parts = condition.conditions.map((part) => weaken(part, canPush))
      return parts.every((part) => part !== undefined) ? join('or', parts) : undefined
    }
    case 'not':
      // What is weaker inside is stronger outside, so a negation goes whole or not at all.
      return isExact(condition, canPush) ? condition : undefined
    default:
      return canPush(condition) ? condition : undefined
  }
}
