import { contextOf } from './context.js'
import type { EngineName, EngineOptions, EngineSource } from './engine.js'
import { EngineError } from './engine-error.js'
import { recipes } from './recipes/index.js'
import { firstOf, lookUp } from './start.js'
import { waysTo } from './ways.js'

export interface PreparedEngine {
  readonly engine: EngineName
  readonly source: EngineSource
  /** The program's file, or the container's image. */
  readonly location: string
}

export type PrepareOptions = Pick<EngineOptions, 'env' | 'log' | 'signal'>

/**
 * Downloads and builds engines ahead, side by side, so that a start takes seconds: `secantus-mdb` is compiled, which
 * takes minutes. What is there already is left as it is.
 *
 * @throws {EngineError} `UNAVAILABLE` when an engine cannot be had; the others are prepared all the same
 * @example await prepareEngines(['dynamodb-local', 'secantus-mdb', 'redis'])
 */
export async function prepareEngines(
  names: readonly EngineName[],
  options?: PrepareOptions,
): Promise<PreparedEngine[]> {
  const context = contextOf(options)
  const wanted = [...new Set(names)].map((name) => lookUp(recipes, name, 'engine'))
  const results = await Promise.allSettled(
    wanted.map((recipe) =>
      firstOf(
        recipe.name,
        waysTo(recipe),
        context,
        ({ location }, { source }): PreparedEngine => ({ engine: recipe.name, source, location }),
      ),
    ),
  )
  context.signal.throwIfAborted()
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []))
  const bug = failures.find((failure) => !(failure instanceof EngineError))
  if (bug !== undefined) throw bug
  if (failures.length > 0) {
    const attempts = failures.flatMap((failure) => (failure instanceof EngineError ? failure.attempts : []))
    const reason = `${failures.length} of ${wanted.length} engines could not be had. What was tried:`
    throw new EngineError('UNAVAILABLE', reason, 'The others are ready.', { attempts, cause: failures[0] })
  }
  const prepared = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  for (const { engine, location } of prepared) context.log(`${engine}: ready, ${location}`)
  return prepared
}
