import type { Condition } from './condition.js'

/** A condition that does not join others: it looks at one path. */
export type LeafCondition = Exclude<Condition, { readonly op: 'and' | 'or' | 'not' }>

export function isLeaf(condition: Condition): condition is LeafCondition {
  return condition.op !== 'and' && condition.op !== 'or' && condition.op !== 'not'
}

export const ALWAYS: Condition = Object.freeze({ op: 'and', conditions: Object.freeze([]) })
export const NEVER: Condition = Object.freeze({ op: 'or', conditions: Object.freeze([]) })

/** Whether a simplified condition holds of everything. */
export function isAlways(condition: Condition): boolean {
  return condition.op === 'and' && condition.conditions.length === 0
}

/** Whether a simplified condition holds of nothing. */
export function isNever(condition: Condition): boolean {
  return condition.op === 'or' && condition.conditions.length === 0
}

/**
 * The same condition, flatter: no `and` in an `and`, no `or` in an `or`, no doubled `not`, no part that decides nothing.
 * `judgeLeaf` may decide a leaf that is always or never true where it is asked.
 */
export function simplify(
  condition: Condition,
  judgeLeaf: (leaf: LeafCondition) => boolean | undefined = () => undefined,
): Condition {
  switch (condition.op) {
    case 'and':
      return join(
        'and',
        condition.conditions.map((part) => simplify(part, judgeLeaf)),
      )
    case 'or':
      return join(
        'or',
        condition.conditions.map((part) => simplify(part, judgeLeaf)),
      )
    case 'not': {
      const inner = simplify(condition.condition, judgeLeaf)
      if (isAlways(inner)) return NEVER
      if (isNever(inner)) return ALWAYS
      return inner.op === 'not' ? inner.condition : { op: 'not', condition: inner }
    }
    default: {
      const judged = condition.op === 'in' && condition.values.length === 0 ? false : judgeLeaf(condition)
      return judged === undefined ? condition : judged ? ALWAYS : NEVER
    }
  }
}

/** Joins simplified conditions into one simplified condition. */
export function join(op: 'and' | 'or', parts: readonly Condition[]): Condition {
  const decides = op === 'and' ? isNever : isAlways
  const flat: Condition[] = []
  for (const part of parts) {
    if (decides(part)) return part
    if (part.op === op) flat.push(...part.conditions)
    else flat.push(part)
  }
  return flat.length === 1 ? (flat[0] as Condition) : { op, conditions: flat }
}

/** The same condition with each leaf replaced. */
export function mapCondition(condition: Condition, leaf: (leaf: LeafCondition) => Condition): Condition {
  switch (condition.op) {
    case 'and':
    case 'or':
      return { op: condition.op, conditions: condition.conditions.map((part) => mapCondition(part, leaf)) }
    case 'not':
      return { op: 'not', condition: mapCondition(condition.condition, leaf) }
    default:
      return leaf(condition)
  }
}
