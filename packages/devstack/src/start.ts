import { type Context, contextOf } from './context.js'
import type { Engine, EngineName, EngineOptions, Store } from './engine.js'
import { type Attempt, EngineError, messageOf } from './engine-error.js'
import { addressVariable, givenEngine, withoutPassword } from './given-engine.js'
import { candidates, recipes } from './recipes/index.js'
import { type Prepared, type Way, waysTo } from './ways.js'

/**
 * Starts one engine by name: in a container when Docker answers, else from the PATH, else from a package registry, in
 * the order of which the engine has them.
 *
 * @throws {EngineError} `UNAVAILABLE` when no way works: its message lists each way, why it failed and what would help
 * @example
 * await using engine = await startEngine('redis', { durable: true })
 * const client = new Redis(engine.address)
 */
export function startEngine(name: EngineName, options?: EngineOptions): Promise<Engine> {
  return attempt(async () => {
    const context = contextOf(options)
    return tell(
      await firstOf(name, waysTo(lookUp(recipes, name, 'engine')), context, (prepared) => prepared.start()),
      context,
    )
  })
}

/**
 * Gives a server for a store: the one whose address is in the environment (`DYNAMODB_ENDPOINT`, `MONGODB_URI`,
 * `REDIS_URL`, `VALKEY_URL`), else the first engine for it that can be started.
 *
 * @throws {EngineError} `UNREACHABLE` when an address is given and does not answer; `UNAVAILABLE` as `startEngine`
 * @example
 * await using engine = await startStore('mongodb')
 * const client = new MongoClient(engine.address)
 */
export function startStore(store: Store, options?: EngineOptions): Promise<Engine> {
  return attempt(async () => {
    const context = contextOf(options)
    const engines = lookUp(candidates, store, 'store')
    const given = await givenEngine(store, context)
    if (given !== undefined) return tell(given, context)
    return tell(await firstOf(store, engines.flatMap(waysTo), context, (prepared) => prepared.start()), context)
  })
}

/** What is wrong with the arguments is a rejection, too. */
const attempt = async <T>(work: () => Promise<T>): Promise<T> => work()

export function lookUp<K extends string, V>(table: Readonly<Record<K, V>>, name: K, kind: string): V {
  if (Object.hasOwn(table, name)) return table[name]
  const names = Object.keys(table).join(', ')
  throw new EngineError('INVALID_ARGUMENT', `There is no ${kind} ${JSON.stringify(name)}.`, `Use one of ${names}.`)
}

/** The result of the first way that works. */
export async function firstOf<T>(
  wanted: EngineName | Store,
  ways: readonly Way[],
  context: Context,
  use: (prepared: Prepared, way: Way) => T | Promise<T>,
): Promise<T> {
  const attempts: Attempt[] = []
  for (const way of ways) {
    try {
      return await use(await way.prepare(context), way)
    } catch (error) {
      context.signal.throwIfAborted()
      if (!(error instanceof EngineError)) throw error
      attempts.push({ way: way.name, reason: messageOf(error), remedy: error.remedy })
      if (error.code !== 'UNAVAILABLE') context.log(`${way.name} failed: ${messageOf(error)}`)
    }
  }
  throw new EngineError('UNAVAILABLE', `No ${wanted} could be had. What was tried:`, remedyFor(wanted), { attempts })
}

const remedyFor = (wanted: EngineName | Store): string =>
  Object.hasOwn(candidates, wanted)
    ? `Or start a server yourself and set ${addressVariable(wanted as Store)} to its address.`
    : 'One of these is enough.'

function tell(engine: Engine, { log }: Context): Engine {
  const version = engine.version === undefined ? 'of an unknown version' : engine.version
  const from = { address: 'given by its address', container: 'a container', path: 'from the PATH', fetched: 'fetched' }
  log(`${engine.store}: ${engine.engine} ${version}, ${from[engine.source]}, at ${withoutPassword(engine.address)}`)
  return engine
}
