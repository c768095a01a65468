import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root, run } from '../run/processes.mjs'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isomodel-processes-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    // A process that has ended and that nobody has waited for yet is not running.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((done) => setTimeout(done, 20))
}

/** A program that starts a server of its own, as Vitest starts engines, and tells both process ids. */
const withChild = (server: string): string => `
  const { spawn } = require('node:child_process')
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(server)}], { stdio: 'ignore' })
  require('node:fs').writeFileSync(process.argv[1], process.pid + ' ' + child.pid)`

const pids = (file: string): number[] => readFileSync(file, 'utf8').split(' ').map(Number)

test('Ctrl-C is passed on to every program, and nothing is left running', async () => {
  const file = join(folder, 'pids')
  const program = withChild('setInterval(() => undefined, 1000)')
  const script = join(folder, 'main.mjs')
  writeFileSync(
    script,
    `import { passSignalsOn, run, Stopped } from ${JSON.stringify(join(root, 'scripts/run/processes.mjs'))}
     passSignalsOn()
     try {
       await run(process.execPath, ['-e', ${JSON.stringify(program)}, ${JSON.stringify(file)}])
     } catch (error) {
       process.exitCode = error instanceof Stopped ? 130 : 1
     }`,
  )
  const main = spawn(process.execPath, [script], { stdio: 'inherit' })
  const ended = new Promise((done) => main.once('close', done))
  await until(() => {
    try {
      return pids(file).length === 2
    } catch {
      return false
    }
  })
  main.kill('SIGINT')
  expect(await ended).toBe(130)
  await until(() => pids(file).every((pid) => !alive(pid)))
})

test('a program that ends takes with it what it started', async () => {
  const file = join(folder, 'pids')
  const program = `${withChild('setInterval(() => undefined, 1000)')}\nprocess.exit(3)`
  expect((await run(process.execPath, ['-e', program, file])).code).toBe(3)
  await until(() => pids(file).every((pid) => !alive(pid)))
})

test('output comes line by line, the last one too', async () => {
  const lines: string[] = []
  const program = `process.stdout.write('a\\nb'); setTimeout(() => process.stdout.write('c\\nd'), 50)`
  const { output } = await run(process.execPath, ['-e', program], { output: (line) => void lines.push(line) })
  expect(lines).toEqual(['a', 'bc', 'd'])
  expect(output).toBe('a\nbc\nd')
})

test('a program that does not exist is an error that names it', async () => {
  await expect(run('no-such-program', [])).rejects.toThrow('no-such-program')
})
