import { once } from 'node:events'
import { expect, test } from 'vitest'
import { firstLine, runFixture } from './fixtures/program.js'
import { exists, ownTemporaryFolder } from './machine.js'

const temporary = ownTemporaryFolder()

test.for([
  ['kill -9', 'stay', 'SIGKILL'],
  ['Ctrl-C, which the whole group gets', 'stay', 'SIGINT'],
  ['SIGTERM', 'stay', 'SIGTERM'],
  ['a closed terminal', 'stay', 'SIGHUP'],
  ['an uncaught exception', 'throw', undefined],
  ['process.exit', 'exit', undefined],
  ['the end of the program', 'return', undefined],
] as const)('engines end with their process: %s', async ([, how, signal]) => {
  const child = runFixture('hold-engines.ts', [how])
  child.stderr.resume()
  const exited = once(child, 'exit')
  const pids = JSON.parse(await firstLine(child.stdout)) as number[]
  expect(pids).toHaveLength(2)
  if (signal !== undefined) {
    expect(pids.map(exists)).toEqual([true, true])
    process.kill(-(child.pid ?? 0), signal)
  }
  await exited
  await expect.poll(() => pids.filter(exists), { timeout: 5_000 }).toEqual([])
  await expect.poll(temporary.entries, { timeout: 5_000 }).toEqual([])
})
