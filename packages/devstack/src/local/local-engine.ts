import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, uncancelled } from '../context.js'
import type { Engine, EngineName, EngineSource, Store } from '../engine.js'
import { EngineError, messageOf } from '../engine-error.js'
import { inTurn } from '../in-turn.js'
import { hold } from '../process/guard.js'
import type { Program, Recipe } from '../recipe.js'
import { freePort, PORT_TAKEN } from './port.js'
import { untilReady } from './ready.js'
import { ServerProcess } from './server-process.js'

const PORT_ATTEMPTS = 5
const GOODBYE = 10_000

/** A server that is a process of ours, on 127.0.0.1, in a temporary folder of its own. */
export class LocalEngine implements Engine {
  readonly store: Store
  readonly engine: EngineName
  readonly source: EngineSource
  readonly #recipe: Recipe
  readonly #program: Program
  #context: Context
  readonly #folder: string
  readonly #releaseFolder: () => void
  readonly #turn: <T>(work: () => Promise<T>) => Promise<T> = inTurn()
  #server: ServerProcess | undefined
  #port = 0
  #version: string | undefined
  #expectExit = false
  #stopped = false

  private constructor(recipe: Recipe, program: Program, source: EngineSource, context: Context, folder: string) {
    this.#recipe = recipe
    this.#program = program
    this.#context = context
    this.#folder = folder
    this.#releaseFolder = hold({ path: folder })
    this.store = recipe.store
    this.engine = recipe.name
    this.source = source
  }

  static async start(recipe: Recipe, program: Program, source: EngineSource, context: Context): Promise<LocalEngine> {
    const folder = await mkdtemp(join(tmpdir(), `isomodel-${recipe.name}-`))
    const engine = new LocalEngine(recipe, program, source, context, folder)
    try {
      await mkdir(join(folder, 'data'))
      await engine.#launchOnFreePort()
      engine.#isStarted()
      return engine
    } catch (error) {
      await engine.stop()
      throw error
    }
  }

  #isStarted(): void {
    this.#context = uncancelled(this.#context)
  }

  get version(): string | undefined {
    return this.#version
  }

  get address(): string {
    return this.#recipe.address('127.0.0.1', this.#port)
  }

  get pid(): number | undefined {
    return this.#server?.exit === undefined ? this.#server?.pid : undefined
  }

  pause(): Promise<void> {
    return this.#freeze('SIGSTOP')
  }

  resume(): Promise<void> {
    return this.#freeze('SIGCONT')
  }

  kill(): Promise<void> {
    return this.#turn(async () => {
      this.#refuseIfStopped()
      this.#expectExit = true
      await this.#server?.end()
    })
  }

  restart(): Promise<void> {
    return this.#turn(async () => {
      this.#refuseIfStopped()
      this.#expectExit = true
      // A frozen process cannot act on SIGTERM.
      this.#server?.signal('SIGCONT')
      await this.#server?.end(GOODBYE)
      await this.#launchOnSamePort()
    })
  }

  stop(): Promise<void> {
    return this.#turn(async () => {
      if (this.#stopped) return
      this.#expectExit = true
      await this.#server?.end()
      await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 })
      this.#stopped = true
      this.#releaseFolder()
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #freeze(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    return this.#turn(async () => {
      this.#refuseIfStopped()
      if (process.platform === 'win32') {
        const reason = 'Windows cannot freeze a process from outside.'
        throw new EngineError('NOT_CONTROLLED', reason, 'Run this on Linux, macOS or WSL.')
      }
      this.#server?.signal(signal)
    })
  }

  #refuseIfStopped(): void {
    if (!this.#stopped) return
    throw new EngineError('STOPPED', `This ${this.engine} was stopped and its data is gone.`, 'Start another one.')
  }

  async #launchOnFreePort(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#launch(this.#recipe.picksPort ? 0 : await freePort())
        return
      } catch (error) {
        if (attempt === PORT_ATTEMPTS || !PORT_TAKEN.test(messageOf(error))) throw error
      }
    }
  }

  /** The port was ours a moment ago; whoever has it now is likely a client's own short-lived end of a connection. */
  async #launchOnSamePort(): Promise<void> {
    const deadline = Date.now() + this.#context.timeout
    for (;;) {
      try {
        await this.#launch(this.#port)
        return
      } catch (error) {
        if (Date.now() > deadline || !PORT_TAKEN.test(messageOf(error))) throw error
        await sleep(100)
      }
    }
  }

  async #launch(port: number): Promise<void> {
    const { durable, env } = this.#context
    const { file, args = [] } = this.#program
    const data = join(this.#folder, 'data')
    const server = await ServerProcess.spawn({
      file,
      args: [...args, ...this.#recipe.arguments({ port, data, durable })],
      env: { ...env, ...this.#program.env, TMPDIR: this.#folder, TEMP: this.#folder, TMP: this.#folder },
      cwd: this.#folder,
      logFile: join(this.#folder, 'server.log'),
    })
    this.#server = server
    try {
      const ready = await untilReady(this.#recipe, server, port, this.#context)
      this.#port = ready.port
      this.#version = ready.version ?? this.#program.version
    } catch (error) {
      await server.end()
      throw error
    }
    this.#expectExit = false
    void server.exited.then(async (exit) => {
      if (this.#expectExit || this.#server !== server) return
      const tail = await server.tail().catch(() => '(its log is gone)')
      this.#context.log(`${this.engine} at ${this.address} ended by itself (${exit}). Its last lines:\n${tail}`)
    })
  }
}
