import {
  $ZodAsyncError,
  type $ZodCheck,
  type $ZodType,
  $ZodUnknown,
  config,
  type ParseContextInternal,
  util,
} from 'zod/v4/core'
import type { Node, Run } from './node.js'
import type { Walk } from './walk.js'

/** What a schema carries beyond its structure: `min`, `regex`, `refine`, `trim`, the format of a `z.email()`. */
export function checksOf(schema: $ZodType): readonly $ZodCheck[] {
  const own = schema._zod.def.checks ?? []
  // A string or number format is a schema and a check in one.
  return 'check' in schema._zod && schema._zod.check !== undefined ? [schema as $ZodType & $ZodCheck, ...own] : own
}

/**
 * Gives a node its walk: the structure first, then the checks. Zod itself runs those, on a schema that has nothing else, and
 * so decides which follow a failed one; what a check like `trim` makes of the value is looked at again.
 */
export function fill(node: Node, structure: Run, checks: readonly $ZodCheck[]): void {
  if (checks.length === 0) {
    node.run = structure
    return
  }
  const probe = new $ZodUnknown({ type: 'unknown', checks: [...checks] })
  node.run = (value, walk) => {
    if (walk.mode !== 'check') return structure(value, walk)
    const before = walk.problems.length
    const sound = structure(value, walk)
    if (walk.problems.length !== before) return undefined
    const checked = decode(probe, sound, walk)
    return checked === sound || walk.problems.length !== before ? checked : structure(checked, walk)
  }
}

/** Has Zod parse a value; its issues become the walk's problems. */
export function decode(schema: $ZodType, value: unknown, walk: Walk): unknown {
  return settle(schema, value, walk, { async: false })
}

/** Has Zod encode a value; its issues become the walk's problems. */
export function encode(schema: $ZodType, value: unknown, walk: Walk): unknown {
  return settle(schema, value, walk, { async: false, direction: 'backward' })
}

function settle(schema: $ZodType, value: unknown, walk: Walk, context: ParseContextInternal): unknown {
  try {
    const result = schema._zod.run({ value, issues: [] }, context)
    if (result instanceof Promise) throw new $ZodAsyncError()
    if (result.issues.length === 0) return result.value
    for (const issue of result.issues) {
      const { message, path } = util.finalizeIssue(issue, context, config())
      walk.fail(
        message,
        path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
      )
    }
  } catch (error) {
    if (!(error instanceof $ZodAsyncError)) throw error
    walk.fail(
      'has an asynchronous check or codec in its schema, which a call cannot wait for; make it synchronous, or check before the call',
    )
  }
  return undefined
}
