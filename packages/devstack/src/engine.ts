/** What an application talks to: one API with one meaning, whatever program serves it. */
export type Store = 'dynamodb' | 'mongodb' | 'redis' | 'valkey'

/** A program that devstack knows how to obtain and run. `docs/engines.md` describes each. */
export type EngineName =
  | 'dynamodb-local'
  | 'dynoxide'
  | 'mongod'
  | 'secantus-mdb'
  | 'secantusdb-py'
  | 'redis'
  | 'valkey'

/** Where an engine came from: the caller's own server, a container, a program on the PATH, or one that was fetched. */
export type EngineSource = 'address' | 'container' | 'path' | 'fetched'

/** Receives one line of progress, without a line end. */
export type Log = (line: string) => void

export type Environment = Readonly<Record<string, string | undefined>>

/** A running server. It ends when `stop` is called, and with the process, however that ends. */
export interface Engine extends AsyncDisposable {
  readonly store: Store
  /** The program; the store's name when it is the caller's own server and does not say what it is. */
  readonly engine: EngineName | Store
  /** As the server says it, else as its program says it; `undefined` where neither does. */
  readonly version: string | undefined
  readonly source: EngineSource
  /** What the store's client takes: DynamoDB's endpoint, or a `mongodb://` or `redis://` URL. */
  readonly address: string
  /** Of the server's process on this machine; `undefined` for a container, the caller's own server, and after `kill`. */
  readonly pid: number | undefined

  /**
   * Freezes the server: it keeps its connections and answers nothing until `resume`.
   *
   * @throws {EngineError} `NOT_CONTROLLED` for the caller's own server, and on Windows, which has no such signal.
   */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends the server at once, as a crash would: no goodbye, nothing flushed. Its data stays for `restart`. */
  kill(): Promise<void>
  /**
   * Starts the server again on the same port and the same data; a running one is asked to end first. What survives is
   * what the engine had stored: every acknowledged write with `durable`, anything from all to nothing without it.
   */
  restart(): Promise<void>
  /** Ends the server and removes its data. Safe to call twice. The caller's own server is left alone. */
  stop(): Promise<void>
}

export interface EngineOptions {
  /** Acknowledged writes survive `kill` and `restart`, at the price of a disk flush each. Default: false. */
  readonly durable?: boolean
  /** Progress: what was chosen, its version, downloads and builds. Default: lines on standard error. */
  readonly log?: Log
  /** Cancels the start. A running engine is ended by `stop`. */
  readonly signal?: AbortSignal
  /**
   * Read for addresses, `PATH` and the cache folder, and given to the server. Default: `process.env`. Docker is looked
   * for in the process's own environment.
   */
  readonly env?: Environment
  /** Milliseconds from the server's launch to its first answer. Default: 60,000. Downloads and builds do not count. */
  readonly timeout?: number
}
