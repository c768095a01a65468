import type { Call } from '@isomodel/core/driver'
import type { DriverCall, DriverFault } from './driver-fault.js'
import { throttled, unavailable } from './errors.js'
import { lose } from './unsure.js'

/**
 * Asks for the fault of a call; `again` is the same object when core makes the same call again:
 * lists are made anew, what is in them is not.
 */
export type PickFault = (call: DriverCall, again: object, except?: readonly DriverFault[]) => DriverFault | undefined

/** Throws for a fault in which nothing happens in the store. */
export function refuse(fault: DriverFault | undefined, call: Call): void {
  if (fault === 'unavailable') throw unavailable()
  if (fault !== 'throttle') return
  lose(call, fault)
  throw throttled()
}
