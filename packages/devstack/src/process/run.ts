import { spawn } from 'node:child_process'
import type { Environment } from '../engine.js'
import { EngineError } from '../engine-error.js'
import { hold } from './guard.js'
import { killGroup } from './kill-group.js'

export interface RunOptions {
  readonly env: Environment
  readonly signal: AbortSignal
  readonly cwd?: string
  /** Sees each line of output as it comes, from both streams; a progress bar's carriage return ends a line too. */
  readonly onLine?: (line: string) => void
}

const TAIL = 12

/**
 * Runs a program to its end, without a shell, and gives its standard output.
 *
 * @throws {EngineError} `INSTALL_FAILED` when it cannot be run or ends with another code than 0, with its last lines
 */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<string> {
  const { env, signal, cwd, onLine } = options
  signal.throwIfAborted()
  const child = spawn(file, [...args], {
    env: { ...env },
    ...(cwd === undefined ? {} : { cwd }),
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, name) => resolve(code ?? name ?? 'SIGKILL'))
  })
  const { pid } = child
  const release = pid === undefined ? undefined : hold({ pid })
  const abort = () => pid !== undefined && killGroup(pid, 'SIGKILL')
  signal.addEventListener('abort', abort, { once: true })

  let stdout = ''
  const tail: string[] = []
  const listen = (stream: NodeJS.ReadableStream, keep: boolean) => {
    let rest = ''
    const take = (line: string) => {
      if (line.trim() === '') return
      tail.push(line)
      if (tail.length > TAIL) tail.shift()
      onLine?.(line)
    }
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      if (keep) stdout += chunk
      const lines = (rest + chunk).split(/\r\n|\r|\n/)
      rest = lines.pop() ?? ''
      lines.forEach(take)
    })
    stream.on('end', () => take(rest))
  }
  listen(child.stdout, true)
  listen(child.stderr, false)

  const name = [file, ...args].join(' ')
  try {
    const result = await ended.catch((cause: unknown) => {
      throw new EngineError('INSTALL_FAILED', `${name} could not be run: ${String(cause)}`, 'Check the program.', {
        cause,
      })
    })
    signal.throwIfAborted()
    if (result === 0) return stdout
    const last = tail.map((line) => `\n${line}`).join('')
    throw new EngineError('INSTALL_FAILED', `${name} ended with ${result}.${last}`, 'Look at its last lines.')
  } finally {
    signal.removeEventListener('abort', abort)
    release?.()
  }
}
