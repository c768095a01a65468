import { spawn } from 'node:child_process'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Programs of the workspace, run from source. */
export const FROM_SOURCE = ['--conditions=isomodel-source', '--import', './scripts/source/register.mjs']

/** Asked to stop, a program and its engines get this long to end by themselves. */
const GRACE_MS = 15_000

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/** @type {NodeJS.Signals | undefined} */
let stoppedBy

export class Stopped extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`stopped by ${signal}`)
    this.name = 'Stopped'
  }
}

/**
 * Every program below leads its own process group, so that what it started ends with it.
 *
 * @param {number | undefined} group undefined when the program never started
 * @param {NodeJS.Signals} signal
 */
function signalGroup(group, signal) {
  if (group === undefined) return
  try {
    process.kill(-group, signal)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
  }
}

/** @param {NodeJS.Signals} signal */
function signalAll(signal) {
  for (const { pid } of running) signalGroup(pid, signal)
}

/** Passes Ctrl-C and its kin on to every program; a second one does not wait. */
export function passSignalsOn() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (stoppedBy) return signalAll('SIGKILL')
      stoppedBy = signal
      signalAll(signal)
      setTimeout(signalAll, GRACE_MS, 'SIGKILL').unref()
    })
  }
}

/** Ends the programs that still run, for the time after a failure. */
export async function stopAll() {
  signalAll('SIGTERM')
  const patience = setTimeout(signalAll, GRACE_MS, 'SIGKILL')
  await Promise.all([...running].map((child) => new Promise((done) => child.once('close', done))))
  clearTimeout(patience)
}

/** The environment of every step: the workspace's own Node and tools come first on the PATH. */
const environment = {
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
  ...(process.stdout.isTTY ? {} : { NO_COLOR: '1' }),
}

/**
 * @typedef {object} Options
 * @property {'inherit' | 'error' | ((line: string) => void)} [output] where the program's output goes: as it is (inherit), all of
 *   it to standard error (error), or line by line to a function; by default it is only kept
 * @property {NodeJS.ProcessEnv} [env] added to the environment
 * @property {string} [cwd] by default the workspace's root
 *
 * @typedef {{ code: number, output: string }} Result
 */

/**
 * Runs a program and waits for it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options]
 * @returns {Promise<Result>} `output` is standard output and error together, empty if they were passed through
 * @throws {Stopped} when Ctrl-C came before or meanwhile
 */
export function run(command, args, { output, env, cwd = root } = {}) {
  return new Promise((done, fail) => {
    if (stoppedBy) return fail(new Stopped(stoppedBy))
    const through = output === 'inherit' ? 'inherit' : output === 'error' ? process.stderr : 'pipe'
    const child = spawn(command, args, {
      cwd,
      env: { ...environment, ...env },
      detached: true,
      stdio: ['ignore', through, output === 'inherit' ? 'inherit' : through],
    })
    running.add(child)

    let text = ''
    let unfinished = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
        if (typeof output !== 'function') return
        const lines = `${unfinished}${chunk}`.split('\n')
        unfinished = lines.pop() ?? ''
        for (const line of lines) output(line)
      })
    }
    child.once('error', (error) => {
      running.delete(child)
      fail(error)
    })
    child.once('exit', () => signalGroup(child.pid, 'SIGTERM'))
    child.once('close', (code, signal) => {
      running.delete(child)
      if (typeof output === 'function' && unfinished !== '') output(unfinished)
      if (stoppedBy) return fail(new Stopped(stoppedBy))
      if (code === null) text += `\nended by ${signal}`
      done({ code: code ?? 1, output: text })
    })
  })
}
