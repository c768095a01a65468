import type { Context } from '../context.js'
import { EngineError } from '../engine-error.js'
import { findOnPath } from '../process/find-on-path.js'

/** The first of these programs that is on the PATH. @throws {EngineError} `UNAVAILABLE` when none is */
export async function requireTool(
  names: readonly [string, ...string[]],
  remedy: string,
  context: Context,
): Promise<string> {
  for (const name of names) {
    const found = await findOnPath(name, context.env)
    if (found !== undefined) return found
  }
  throw new EngineError('UNAVAILABLE', `There is no ${names.join(' or ')} on the PATH.`, remedy)
}
