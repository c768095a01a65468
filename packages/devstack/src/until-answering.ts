import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerIdentity } from './probe/probe.js'
import type { Reach, Recipe } from './recipe.js'

const PROBE_TIMEOUT = 2_000

/**
 * Opens and asks a server until it answers, or until the deadline.
 *
 * @param check throws when waiting longer is in vain
 */
export async function untilAnswering(
  recipe: Recipe,
  reach: Reach,
  deadline: number,
  signal: AbortSignal,
  check: () => Promise<void>,
): Promise<ServerIdentity> {
  for (;;) {
    signal.throwIfAborted()
    await check()
    try {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT)])
      await recipe.open?.(reach, patience)
      return await recipe.probe(recipe.address(reach.host, reach.port), patience)
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(20)
    }
  }
}
