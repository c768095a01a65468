import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CommandOptions, type Comparison, runComparison } from '@isomodel/compare'
import { startStore } from '@isomodel/devstack'
import { afterAll, describe, expect, it, vi } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'isomodel-compare-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MINUTES = 60_000

/** The command, as a program of its own. */
function isomodel(...args: readonly string[]): ChildProcess {
  const source = ['--conditions=isomodel-source', '--import', './scripts/source/register.mjs']
  return spawn(process.execPath, [...source, 'packages/cli/src/main.ts', ...args], { cwd: root })
}

/** What a program said and how it ended. */
async function ended(child: ChildProcess): Promise<{ code: number | null; out: string; error: string }> {
  let out = ''
  let error = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    error += text
  })
  const code = await new Promise<number | null>((done) => child.once('close', done))
  return { code, out, error }
}

/** The command in this process, so that a test can reach into the run. */
async function run(args: readonly string[], options: Partial<CommandOptions> = {}) {
  let out = ''
  let error = ''
  const stdout = { write: (text: string) => (out += text) }
  const stderr = { write: (text: string) => (error += text) }
  const code = await runComparison(args, { stdout, stderr, ...options })
  return { code, out, error }
}

describe('isomodel compare', () => {
  it(
    'answers all sixteen patterns as the file does on every store, and writes the report',
    async () => {
      const report = join(folder, 'a report.html')
      const { code, out, error } = await ended(
        isomodel('compare', '--size', 'small', '--seed', '5', '--json', '--out', report),
      )
      expect(code, error).toBe(0)
      const comparison = JSON.parse(out) as Comparison
      expect(comparison.stores.map(({ name }) => name)).toEqual(['dynamodb', 'mongodb', 'redis', 'valkey', 'memory'])
      for (const { name, verdicts, operations, failure, vendor } of comparison.stores) {
        expect(failure, name).toBeUndefined()
        expect(new Set(verdicts.map(({ pattern }) => pattern)).size, name).toBe(16)
        expect(verdicts.filter(({ equal }) => !equal)).toEqual([])
        expect(operations.length, name).toBe(19)
        for (const operation of operations) {
          expect(operation.disagreements, `${name}: ${operation.operation}`).toEqual([])
          expect(operation.library.samples).toBeGreaterThan(0)
          expect(operation.library.errors, operation.library.error).toBe(0)
          if (vendor === undefined) continue
          expect(operation.vendor?.errors, operation.vendor?.error).toBe(0)
          expect(operation.traffic.bytesReceived, `${name}: ${operation.operation}`).toBeGreaterThan(0)
          expect(operation.vendorTraffic?.roundTrips, `${name}: ${operation.operation}`).toBeGreaterThanOrEqual(1)
        }
        const gets = operations.filter(({ operation }) => operation === 'customer by customerId')
        expect(gets.map(({ traffic }) => traffic.roundTrips)).toEqual([1])
      }
      expect(comparison.ok).toBe(true)
      const page = readFileSync(report, 'utf8')
      expect(page).toContain('16 of 16 access patterns answer the same on 5 stores')
    },
    8 * MINUTES,
  )

  it(
    'finds a spoiled row: shows what differs, ends 1',
    async () => {
      const report = join(folder, 'spoiled.html')
      const { code, out, error } = await run(['--stores', 'memory', '--size', 'small', '--out', report], {
        imported: async (db) => {
          await db.Customer.update({ customerId: 'c#12345' }, { name: 'Somebody' })
        },
      })
      expect(code).toBe(1)
      const difference = 'Customer differs in name: expected "Samaneh", found "Somebody"'
      for (const said of [out, error]) expect(said).toContain(difference)
      expect(out).toContain('The comparison FAILED')
      expect(error).toContain('memory: 15 of 16 patterns answer as the file does')
      expect(readFileSync(report, 'utf8')).toContain('expected &quot;Samaneh&quot;, found &quot;Somebody&quot;')
    },
    3 * MINUTES,
  )

  it(
    'names a store that dies in mid-run, compares the others, ends 1',
    async () => {
      await using engine = await startStore('redis')
      vi.stubEnv('REDIS_URL', engine.address)
      const report = join(folder, 'died.html')
      const { code, out } = await run(['--stores', 'redis,memory', '--size', 'small', '--json', '--out', report], {
        imported: async (_, store) => {
          if (store === 'redis') await engine.kill()
        },
      }).finally(() => vi.unstubAllEnvs())
      expect(code).toBe(1)
      const { stores } = JSON.parse(out) as Comparison
      expect(stores.map(({ name, failure }) => [name, failure === undefined])).toEqual([
        ['redis', false],
        ['memory', true],
      ])
      expect(stores[1]?.operations.length).toBe(19)
      expect(readFileSync(report, 'utf8')).toContain('<b>redis</b>: not measured to the end')
    },
    3 * MINUTES,
  )

  it(
    'ends 130 on Ctrl-C, and its engine with it',
    async () => {
      const child = isomodel('compare', '--stores', 'valkey', '--size', 'large', '--out', join(folder, 'never.html'))
      const port = new Promise<number>((found) => {
        child.stderr?.setEncoding('utf8').on('data', (text: string) => {
          const address = /at redis:\/\/127\.0\.0\.1:(\d+)/.exec(text)
          if (address !== null) found(Number(address[1]))
        })
      })
      const end = ended(child)
      const listening = await port
      // In the midst of a load that takes minutes.
      await new Promise((done) => setTimeout(done, 3_000))
      const stopped = Date.now()
      child.kill('SIGINT')
      const { code, out, error } = await end
      expect(Date.now() - stopped).toBeLessThan(30_000)
      expect(code, error).toBe(130)
      expect(out).toBe('')
      await expect(reach(listening)).rejects.toThrow('ECONNREFUSED')
    },
    3 * MINUTES,
  )
})

describe('isomodel', () => {
  it.each([
    [['--help'], 0, 'compare'],
    [['--version'], 0, '.'],
    [['compare', '--help'], 0, '--stores'],
    [['advize'], 2, 'there is no command "advize"'],
    [['--sise'], 2, 'there is no option "--sise"'],
    [['compare', '--size', 'huge'], 2, '--size is "huge"'],
  ])('%j', async (args, expected, said) => {
    const { code, out, error } = await ended(isomodel(...args))
    expect(code).toBe(expected)
    expect(expected === 0 ? out : error).toContain(said)
    expect(expected === 0 ? error : out).toBe('')
  })
})

async function reach(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  try {
    await new Promise<void>((done, fail) => socket.once('connect', done).once('error', fail))
  } finally {
    socket.destroy()
  }
}
