import { $ZodAsyncError, type $ZodCheck, type $ZodType, $ZodUnknown, safeEncode, safeParse } from 'zod/v4/core'
import type { Walk } from './walk.js'

/** What a schema carries beyond its structure: `min`, `regex`, `refine`, `trim`, the format of a `z.email()`. */
export function checksOf(schema: $ZodType): readonly $ZodCheck[] {
  const own = schema._zod.def.checks ?? []
  // A string or number format is a schema and a check in one.
  return isCheck(schema) ? [schema, ...own] : own
}

function isCheck(schema: $ZodType | $ZodCheck): schema is $ZodCheck {
  return 'check' in schema._zod && schema._zod.check !== undefined
}

/**
 * Has Zod run checks on a value whose structure is sound. Gives the value, which a check like `trim` may have replaced.
 * Zod itself decides which checks follow a failed one.
 */
export function checker(checks: readonly $ZodCheck[]): (value: unknown, walk: Walk) => unknown {
  const probe = new $ZodUnknown({ type: 'unknown', checks: [...checks] })
  return (value, walk) => decode(probe, value, walk)
}

/** Has Zod parse a value; its issues become the walk's problems. */
export function decode(schema: $ZodType, value: unknown, walk: Walk): unknown {
  return settle(() => safeParse(schema, value), walk)
}

/** Has Zod encode a value; its issues become the walk's problems. */
export function encode(schema: $ZodType, value: unknown, walk: Walk): unknown {
  return settle(() => safeEncode(schema, value), walk)
}

function settle(run: () => ReturnType<typeof safeParse>, walk: Walk): unknown {
  try {
    const result = run()
    if (result.success) return result.data
    for (const { message, path } of result.error.issues) {
      walk.fail(
        message,
        path.map((step) => (typeof step === 'symbol' ? String(step) : step)),
      )
    }
    return undefined
  } catch (error) {
    if (!(error instanceof $ZodAsyncError)) throw error
    return walk.fail(
      'has an asynchronous check or codec in its schema, which a call cannot wait for; make it synchronous, or check before the call',
    )
  }
}
