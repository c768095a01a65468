import type { Context } from './context.js'
import type { Engine, EngineName, Store } from './engine.js'
import { EngineError, messageOf } from './engine-error.js'
import { probeDynamoDB } from './probe/dynamodb.js'
import { probeMongoDB } from './probe/mongodb.js'
import type { Probe } from './probe/probe.js'
import { probeRedis } from './probe/redis.js'

const PATIENCE = 10_000

const GIVEN: Readonly<Record<Store, { variable: string; probe: Probe }>> = {
  dynamodb: { variable: 'DYNAMODB_ENDPOINT', probe: probeDynamoDB },
  mongodb: { variable: 'MONGODB_URI', probe: probeMongoDB },
  redis: { variable: 'REDIS_URL', probe: probeRedis },
  valkey: { variable: 'VALKEY_URL', probe: probeRedis },
}

/** The environment variable that gives a store's address. */
export const addressVariable = (store: Store): string => GIVEN[store].variable

/** An address without its password, for a message. */
export const withoutPassword = (address: string): string => address.replace(/(:\/\/[^/@:]*:)[^@]*@/, '$1***@')

/**
 * The caller's own server, if the environment names one. It must answer: whoever gives an address does not want another
 * server to be used in its place.
 */
export async function givenEngine(store: Store, context: Context): Promise<Engine | undefined> {
  const { variable, probe } = GIVEN[store]
  const address = context.env[variable]
  if (!address) return undefined
  const named = `${variable}=${withoutPassword(address)}`
  if (context.durable) {
    throw new EngineError(
      'NOT_CONTROLLED',
      `A durable ${store} was asked for, and whether the server of ${named} is durable cannot be known.`,
      `Unset ${variable} to have one started, or leave out \`durable\`.`,
    )
  }
  const patience = AbortSignal.any([context.signal, AbortSignal.timeout(Math.min(PATIENCE, context.timeout))])
  const identity = await probe(address, patience).catch((cause: unknown) => {
    context.signal.throwIfAborted()
    const fix = cause instanceof EngineError ? cause.remedy : `Start that server, or correct ${variable}.`
    throw new EngineError(
      'UNREACHABLE',
      `The ${store} server of ${named} does not answer: ${messageOf(cause)}`,
      `${fix} Or unset ${variable}, to have a server started for you.`,
      { cause },
    )
  })
  return new GivenEngine(store, identity.engine ?? store, identity.version, address, named)
}

/** A server that is used and left alone. */
class GivenEngine implements Engine {
  readonly store: Store
  readonly engine: EngineName | Store
  readonly version: string | undefined
  readonly source = 'address'
  readonly address: string
  readonly pid: number | undefined = undefined
  readonly #named: string

  constructor(store: Store, engine: EngineName | Store, version: string | undefined, address: string, named: string) {
    this.store = store
    this.engine = engine
    this.version = version
    this.address = address
    this.#named = named
  }

  async pause(): Promise<void> {
    throw this.#notOurs('paused')
  }

  async resume(): Promise<void> {
    throw this.#notOurs('resumed')
  }

  async kill(): Promise<void> {
    throw this.#notOurs('killed')
  }

  async restart(): Promise<void> {
    throw this.#notOurs('restarted')
  }

  async stop(): Promise<void> {
    return
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #notOurs(what: string): EngineError {
    return new EngineError(
      'NOT_CONTROLLED',
      `The ${this.store} server of ${this.#named} was not started here, so it is not ${what} here.`,
      `Unset ${addressVariable(this.store)} to have one started that can be.`,
    )
  }
}
