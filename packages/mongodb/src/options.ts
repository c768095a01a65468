import { StoreError } from '@isomodel/core/driver'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import type { BsonObject } from './bson.js'
import { words } from './errors.js'

/**
 * How `mongodb()` reaches the server and lays out what it stores. What has a name at MongoDB keeps it (`uri`, `database`,
 * `writeConcern`), as the other adapters keep their vendors' `endpoint` and `url`: it is what their documentation explains.
 */
export type MongodbOptions<
  T extends boolean = boolean,
  F extends boolean = boolean,
  S extends MongodbService = MongodbService,
> = MongodbClientOptions<T, F, S> | MongodbUriOptions<T, F, S>

/** Whose server it is. */
export type MongodbService = 'mongodb' | 'documentdb'

export interface MongodbClientOptions<
  T extends boolean = boolean,
  F extends boolean = boolean,
  S extends MongodbService = MongodbService,
> extends MongodbLayoutOptions<T, F, S> {
  /** Your client. It is neither changed nor closed, and its `retryWrites`, concerns and BSON options do not matter here. */
  readonly client: MongoClient
  readonly uri?: never
  readonly clientOptions?: never
  /** The database's name. */
  readonly database: string
}

export interface MongodbUriOptions<
  T extends boolean = boolean,
  F extends boolean = boolean,
  S extends MongodbService = MongodbService,
> extends MongodbLayoutOptions<T, F, S> {
  /** A connection string; the client that is made of it is closed with the connection. */
  readonly uri: string
  readonly client?: never
  /** More options for that client. By default it waits 5 s for a server, not the client's own 30 s. */
  readonly clientOptions?: MongoClientOptions
  /** The database's name. Default: the one in the URI. */
  readonly database?: string
}

export interface MongodbLayoutOptions<
  T extends boolean = boolean,
  F extends boolean = boolean,
  S extends MongodbService = MongodbService,
> {
  /** Put before each entity's name to name its collection. Default: none. */
  readonly prefix?: string
  /**
   * Whose limits hold, and what is claimed: Amazon DocumentDB has no change feed (`changes`). Default: `documentdb` when a host is
   * one of its own, else `mongodb`. Say it where it is DocumentDB: types know no hosts, and `connect` then refuses the claim. What
   * is sent is the same for both.
   */
  readonly service?: S
  /**
   * Whether the adapter claims transactions (`transact:store`), which unique constraints need too. Default: true. `false` for a
   * standalone server, which has none: then what needs them does not compile, instead of failing in `connect`.
   */
  readonly transactions?: T
  /**
   * Whether it claims a change feed (`changes:exact`). Default: true, and false for DocumentDB. `false` for a standalone server,
   * and before MongoDB 6.0. Collections then keep no images of what a write found.
   */
  readonly changes?: F
  /**
   * When a write counts as done. Default: `{ w: 'majority' }`, so that what was acknowledged survives a failover.
   * Unacknowledged writes (`w: 0`) are refused.
   */
  readonly writeConcern?: { readonly w?: number | string; readonly j?: boolean; readonly wtimeoutMS?: number }
  /**
   * What strong reads may see. Default: `local`, all that the primary has. `majority` shows nothing that a failover
   * could undo; it needs a replica set.
   */
  readonly readConcern?: 'local' | 'majority'
  /**
   * Whether `setup()` gives collections a `$jsonSchema` validator that is made from the schema: `error` refuses writes by
   * others that do not fit, `warn` logs them on the server. Default: none. Only for servers that have `$jsonSchema`.
   */
  readonly validators?: 'error' | 'warn'
}

/** The options, checked and filled in. */
export interface Settings {
  readonly client: () => { readonly client: MongoClient; readonly own: boolean }
  readonly database: string
  readonly prefix: string
  readonly service: MongodbService | undefined
  readonly transactions: boolean
  readonly changes: boolean
  readonly writeConcern: BsonObject
  readonly readConcern: 'local' | 'majority'
  readonly validators: 'error' | 'warn' | undefined
}

const SERVER_SELECTION_MS = 5_000

const NAMES: readonly string[] = [
  'client',
  'uri',
  'clientOptions',
  'database',
  'prefix',
  'service',
  'transactions',
  'changes',
  'writeConcern',
  'readConcern',
  'validators',
]

/** @throws StoreError `VALIDATION` for options that cannot work, naming the option and the remedy. Connects to nothing. */
export function readOptions(options: MongodbOptions): Settings {
  if (typeof options !== 'object' || options === null) {
    throw invalid("needs options: mongodb({ uri }) or mongodb({ client, database: 'shop' })")
  }
  const unknown = Object.keys(options).find((name) => !NAMES.includes(name))
  if (unknown !== undefined) {
    throw invalid(
      `has no option ${JSON.stringify(unknown)}; there are ${NAMES.join(', ')}. Settings of the MongoClient go in clientOptions`,
    )
  }
  if (options.client === undefined && options.uri === undefined) {
    throw invalid("needs a client or a uri: mongodb({ uri }) or mongodb({ client, database: 'shop' })")
  }
  if (options.client !== undefined && options.uri !== undefined) {
    throw invalid('takes a client or a uri, not both; leave one out')
  }
  const service = oneOf('service', options.service, ['mongodb', 'documentdb'])
  const changes = isClaimed('changes', options.changes ?? service !== 'documentdb')
  if (changes && service === 'documentdb') {
    throw invalid(": changes is true, and service 'documentdb' has no change feed; leave it out")
  }
  return {
    client: clientSource(options),
    database: databaseName(options),
    prefix: collectionPrefix(options.prefix ?? ''),
    service,
    transactions: isClaimed('transactions', options.transactions),
    changes,
    writeConcern: writeConcern(options.writeConcern),
    readConcern: oneOf('readConcern', options.readConcern, ['local', 'majority']) ?? 'local',
    validators: oneOf('validators', options.validators, ['error', 'warn']),
  }
}

/** Whether a host is one of Amazon DocumentDB's. */
export function isDocumentDbHost(host: string): boolean {
  return /\.docdb(?:-elastic)?\.amazonaws\.com(?:\.cn)?(?::\d+)?$/i.test(host)
}

function clientSource(options: MongodbOptions): Settings['client'] {
  const { client, uri } = options
  if (client !== undefined) {
    if (typeof client?.db !== 'function' || typeof client.connect !== 'function') {
      throw invalid(': client is no MongoClient; give one of the package mongodb, or a uri')
    }
    return () => ({ client, own: false })
  }
  if (typeof uri !== 'string' || !/^mongodb(?:\+srv)?:\/\/./.test(uri)) {
    // It may hold a password, so it is not shown.
    throw invalid(': uri is no connection string; it begins with mongodb:// or mongodb+srv://')
  }
  const clientOptions = { serverSelectionTimeoutMS: SERVER_SELECTION_MS, appName: 'isomodel', ...options.clientOptions }
  return () => ({ client: makeClient(uri, clientOptions), own: true })
}

function makeClient(uri: string, options: MongoClientOptions): MongoClient {
  try {
    return new MongoClient(uri, options)
  } catch (cause) {
    throw new StoreError(`The connection string or clientOptions are not accepted: ${words(cause)}.`, {
      code: 'VALIDATION',
      cause,
    })
  }
}

function databaseName(options: MongodbOptions): string {
  const name = options.database ?? /^mongodb(?:\+srv)?:\/\/[^/?]+\/([^?]+)/.exec(options.uri ?? '')?.[1]
  if (name === undefined || name === '') {
    throw invalid("needs a database: mongodb({ ..., database: 'shop' }), or a uri that ends in /shop")
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters that a name cannot hold
  if (typeof name !== 'string' || /[\u0000/\\. "$*<>:|?]/.test(name) || Buffer.byteLength(name) > 63) {
    throw invalid(
      `: database is ${JSON.stringify(name)}; it is up to 63 bytes with none of / \\ . " $ * < > : | ? or space`,
    )
  }
  return name
}

function collectionPrefix(prefix: string): string {
  if (typeof prefix === 'string' && /^(?!system\.)[\w.-]{0,63}$/.test(prefix) && !prefix.startsWith('.')) return prefix
  throw invalid(`: prefix is ${JSON.stringify(prefix)}; it is up to 63 letters, digits, _ - and .`)
}

function writeConcern(concern: MongodbLayoutOptions['writeConcern']): BsonObject {
  const { w = 'majority', j, wtimeoutMS } = concern ?? {}
  if (w === 0) {
    throw invalid(': writeConcern cannot be { w: 0 }: a write that is not acknowledged may be lost without a word')
  }
  return { w, ...(j === undefined ? {} : { j }), ...(wtimeoutMS === undefined ? {} : { wtimeout: wtimeoutMS }) }
}

function isClaimed(option: string, value: boolean | undefined): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? true
  throw invalid(`: ${option} is ${JSON.stringify(value)}; it is true, the default, or false`)
}

function oneOf<T extends string>(option: string, value: T | undefined, allowed: readonly T[]): T | undefined {
  if (value === undefined || allowed.includes(value)) return value
  throw invalid(`: ${option} is ${JSON.stringify(value)}; it can be ${allowed.map((each) => `'${each}'`).join(' or ')}`)
}

function invalid(message: string): StoreError {
  return new StoreError(`mongodb()${message.startsWith(':') ? '' : ' '}${message}.`, { code: 'VALIDATION' })
}
