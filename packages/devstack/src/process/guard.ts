import { type ChildProcess, spawn } from 'node:child_process'
import { EngineError } from '../engine-error.js'
import { WATCHDOG } from './watchdog.js'

/** What must not outlive this process: a process group (killed first) or a file or folder (removed). */
export interface Held {
  readonly pid?: number
  readonly path?: string
}

const held = new Map<number, Held>()
let lastId = 0
let watchdog: ChildProcess | undefined
let idle: NodeJS.Timeout | undefined

/** Milliseconds; one start holds and lets go several times. */
const IDLE = 500

/**
 * Ends `thing` with this process, unless it is let go before by calling the result.
 *
 * A process cannot clean up after its own SIGKILL, and handlers for Ctrl-C and SIGTERM would take away Node's default,
 * which is to end. So one small child does it for every way to die: it reads a pipe that only we hold, and when the
 * pipe ends, we have. It has a session of its own, so that a Ctrl-C for our group spares it. It is dismissed soon after
 * the last thing is let go.
 */
export function hold(thing: Held): () => void {
  const id = ++lastId
  held.set(id, thing)
  clearTimeout(idle)
  try {
    if (watchdog === undefined) watchdog = startWatchdog()
    else tell(watchdog, id, thing)
  } catch (error) {
    held.delete(id)
    throw error
  }
  return () => {
    if (!held.delete(id) || watchdog === undefined) return
    tell(watchdog, id, {})
    if (held.size === 0) idle = setTimeout(dismiss, IDLE).unref()
  }
}

function dismiss(): void {
  watchdog?.stdin?.end()
  watchdog = undefined
}

function startWatchdog(): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env
  const child = spawn(process.execPath, ['-e', WATCHDOG], {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
  })
  // A watchdog that is killed is replaced by the next call of `hold`, which tells the new one everything.
  const forget = () => {
    if (watchdog === child) watchdog = undefined
  }
  child.once('error', forget)
  child.once('exit', forget)
  child.stdin?.on('error', forget)
  if (child.pid === undefined) {
    throw new EngineError(
      'NOT_READY',
      `The watchdog that ends engines with this process could not be started with ${process.execPath}.`,
      'Free processes or memory (ulimit -u, free), or run on Node itself.',
    )
  }
  child.unref()
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  for (const [id, thing] of held) tell(child, id, thing)
  return child
}

const tell = (child: ChildProcess, id: number, thing: Held): void => {
  child.stdin?.write(`${JSON.stringify({ id, ...thing })}\n`)
}
