import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { startEngine } from '../src/index.js'
import { collectLog, ownTemporaryFolder } from './machine.js'

ownTemporaryFolder()
const { log } = collectLog()

interface Child {
  readonly pid: number
  readonly command: string
}

/** This process's children that still run. */
function children(): Child[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' })
  return [...table.matchAll(/^ *(\d+) +(\d+) +(\S+) +(.*)$/gm)]
    .filter(
      ([, , parent, state, command]) => parent === String(process.pid) && !/^Z/.test(state!) && !/^ps /.test(command!),
    )
    .map(([, pid, , , command]) => ({ pid: Number(pid), command: command! }))
}

const watchdog = (): Child | undefined => children().find(({ command }) => command.includes(' -e '))

test('after the last stop no process is left, the watchdog neither', async () => {
  const before = children()
  const engines = await Promise.all([startEngine('valkey', { log }), startEngine('redis', { log })])
  expect(children()).toHaveLength(before.length + 3)
  await Promise.all(engines.map((engine) => engine.stop()))
  await expect.poll(children, { timeout: 5_000 }).toEqual(before)
})

test('a watchdog that was killed is replaced', async () => {
  await using first = await startEngine('valkey', { log })
  const killed = watchdog()
  process.kill(killed?.pid ?? Number.NaN, 'SIGKILL')
  await expect.poll(watchdog).toBeUndefined()
  await using second = await startEngine('valkey', { log })
  expect(watchdog()?.pid).not.toBe(killed?.pid)
  expect([first.pid, second.pid]).not.toContain(undefined)
})
