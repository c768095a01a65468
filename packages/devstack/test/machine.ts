import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, vi } from 'vitest'

/** A temporary folder for this file's tests, where engines put theirs, so that one that is left behind shows. */
export function ownTemporaryFolder(): { entries(): string[]; readonly path: string } {
  let path = ''
  beforeAll(() => {
    path = mkdtempSync(join(tmpdir(), 'devstack-test-'))
    vi.stubEnv('TMPDIR', path)
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(path, { recursive: true, force: true })
  })
  return {
    entries: () => readdirSync(path),
    get path() {
      return path
    },
  }
}

/** Whether a TCP server accepts connections there. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}

export const portOf = (address: string): number => Number(/:(\d+)(\/|$)/.exec(address)?.[1])

export function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Takes the engine's progress lines instead of standard error. */
export function collectLog(): { log: (line: string) => void; lines: string[] } {
  const lines: string[] = []
  return { lines, log: (line) => void lines.push(line) }
}
