import { $ZodUnknown } from 'zod/v4/core'
import type { Slot } from './type.js'

/** The schema of what may be anything that a store can hold. */
export const anything: $ZodUnknown = new $ZodUnknown({ type: 'unknown' })

/** A place that may hold any portable value, or nothing: an unnamed field of a `z.looseObject`. */
export const dynamicSlot: Slot = Object.freeze({
  type: Object.freeze({ kind: 'dynamic' as const }),
  optional: true,
  nullable: true,
  defaulted: false,
  schema: anything,
  converts: false,
})
