import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Environment } from '../engine.js'
import { EngineError } from '../engine-error.js'
import { hold } from '../process/guard.js'
import { killGroup } from '../process/kill-group.js'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Environment
  readonly cwd: string
  /** Both output streams are appended to it. */
  readonly logFile: string
}

const TAIL_LINES = 12

/**
 * One run of a server. It writes its log to a file and not to a pipe, because a pipe that nobody empties (the caller's
 * event loop is busy) would block the server.
 */
export class ServerProcess {
  readonly pid: number
  /** How it ended, as in `code 1` or `SIGKILL`. */
  readonly exited: Promise<string>
  #exit: string | undefined
  readonly #child: ChildProcess
  readonly #logFile: string
  readonly #logStart: number

  private constructor(child: ChildProcess, pid: number, logFile: string, logStart: number) {
    this.#child = child
    this.pid = pid
    this.#logFile = logFile
    this.#logStart = logStart
    const release = hold({ pid })
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        release()
        this.#exit = code === null ? String(signal) : `code ${code}`
        resolve(this.#exit)
      })
    })
    child.unref()
  }

  static async spawn(command: Command): Promise<ServerProcess> {
    const { file, args, env, cwd, logFile } = command
    const log = openSync(logFile, 'a')
    try {
      const { size } = await stat(logFile)
      const child = spawn(file, [...args], {
        cwd,
        env: { ...env },
        // A group of its own: a Ctrl-C for ours is not for the server, and its children end with it.
        detached: process.platform !== 'win32',
        windowsHide: true,
        stdio: ['ignore', log, log],
      })
      if (child.pid !== undefined) return new ServerProcess(child, child.pid, logFile, size)
      const cause = await new Promise((resolve) => child.once('error', resolve))
      throw new EngineError('NOT_READY', `${file} could not be run: ${String(cause)}`, 'Check the program.', { cause })
    } finally {
      closeSync(log)
    }
  }

  /** How it ended, or `undefined` while it runs. */
  get exit(): string | undefined {
    return this.#exit
  }

  signal(name: NodeJS.Signals): void {
    if (this.#exit === undefined) killGroup(this.pid, name)
  }

  /** Ends it and waits for its end: with SIGTERM and, after `patience` milliseconds, SIGKILL; at once without. */
  async end(patience = 0): Promise<void> {
    if (this.#exit !== undefined) return
    // Nothing else may keep the event loop alive while we wait.
    this.#child.ref()
    if (patience > 0) {
      this.signal('SIGTERM')
      const timer = setTimeout(() => this.signal('SIGKILL'), patience)
      await this.exited
      clearTimeout(timer)
    } else {
      this.signal('SIGKILL')
      await this.exited
    }
  }

  /** What this run has logged so far. */
  async log(): Promise<string> {
    const file = await open(this.#logFile, 'r')
    try {
      const { size } = await file.stat()
      const buffer = Buffer.alloc(size - this.#logStart)
      const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#logStart)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await file.close()
    }
  }

  /** The last lines of the log, for an error. */
  async tail(): Promise<string> {
    const lines = (await this.log()).split('\n').filter((line) => line.trim() !== '')
    return lines.length === 0 ? '(it logged nothing)' : lines.slice(-TAIL_LINES).join('\n')
  }
}
