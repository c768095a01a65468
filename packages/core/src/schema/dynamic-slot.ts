import { $ZodUnknown } from 'zod/v4/core'
import type { Slot } from './type.js'

/** A place that may hold any portable value, or nothing: an unnamed field of a `z.looseObject`. */
export const dynamicSlot: Slot = Object.freeze({
  type: Object.freeze({ kind: 'dynamic' as const }),
  optional: true,
  nullable: true,
  defaulted: false,
  schema: new $ZodUnknown({ type: 'unknown' }),
  converts: false,
})
