import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { contextOf } from '../src/context.js'
import { cacheFolder, type Installation, installed } from '../src/fetch/cache.js'
import { allText, firstLine, runFixture } from './fixtures/program.js'
import { collectLog, ownTemporaryFolder } from './machine.js'

const temporary = ownTemporaryFolder()

const cacheNamed = (name: string): { env: { ISOMODEL_CACHE: string }; engines: string } => {
  const cache = join(temporary.path, name)
  return { env: { ISOMODEL_CACHE: cache }, engines: join(cache, 'engines') }
}

const thing = (install: Installation['install']): Installation => ({
  name: 'thing-1',
  task: 'making a thing',
  proof: 'file',
  install,
})

test('the cache folder follows the environment', () => {
  expect(cacheFolder({ ISOMODEL_CACHE: '/own' })).toBe('/own')
  expect(cacheFolder({ XDG_CACHE_HOME: '/xdg', LOCALAPPDATA: '/xdg' })).toBe(join('/xdg', 'isomodel'))
  expect(cacheFolder({})).toMatch(/\.cache[\\/]isomodel$/)
})

test('installs once, and leaves nothing else', async () => {
  const { env, engines } = cacheNamed('once')
  const { log, lines } = collectLog()
  let times = 0
  const installation = thing(async (folder, build) => {
    times += 1
    writeFileSync(join(build, 'scratch'), '')
    writeFileSync(join(folder, 'file'), 'content')
  })
  const folder = await installed(installation, contextOf({ env, log }))
  expect(await installed(installation, contextOf({ env, log }))).toBe(folder)
  expect(times).toBe(1)
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('content')
  expect(readdirSync(engines)).toEqual(['thing-1'])
  expect(lines).toEqual([expect.stringContaining('making a thing into'), expect.stringContaining('installed in')])
})

test('a failed installation leaves no half of one, and keeps what was built', async () => {
  const { env, engines } = cacheNamed('failed')
  const { log } = collectLog()
  const failing = thing(async (folder, build) => {
    writeFileSync(join(build, 'half'), '')
    writeFileSync(join(folder, 'other'), '')
    throw new Error('the network is gone')
  })
  await expect(installed(failing, contextOf({ env, log }))).rejects.toThrow('the network is gone')
  expect(readdirSync(engines)).toEqual(['.thing-1.build'])

  const empty = thing(async () => undefined)
  await expect(installed(empty, contextOf({ env, log }))).rejects.toThrow('came without its file')

  const resuming = thing(async (folder, build) => {
    expect(existsSync(join(build, 'half'))).toBe(true)
    writeFileSync(join(folder, 'file'), '')
  })
  await installed(resuming, contextOf({ env, log }))
  expect(readdirSync(engines)).toEqual(['thing-1'])
})

test('of several processes one installs, and the others wait and say so', async () => {
  const { env, engines } = cacheNamed('several')
  const children = [1, 2, 3].map(() => runFixture('install.ts', ['finish'], { ...process.env, ...env }))
  const output = await Promise.all(children.map(({ stdout }) => allText(stdout)))
  const count = (text: string) => output.filter((lines) => lines.includes(text)).length
  expect(count('at work')).toBe(1)
  expect(count('have it')).toBe(3)
  expect(count('is at it; waiting')).toBe(2)
  expect(readdirSync(engines)).toEqual(['thing-1'])
})

test('an installer that is killed leaves neither its lock nor its folder', async () => {
  const { env, engines } = cacheNamed('killed')
  const child = runFixture('install.ts', ['hang'], { ...process.env, ...env })
  const exited = once(child, 'exit')
  await firstLine(child.stdout)
  await expect.poll(() => readdirSync(engines)).toEqual(expect.arrayContaining(['.thing-1.lock', '.thing-1.build']))
  child.kill('SIGKILL')
  await exited
  await expect.poll(() => readdirSync(engines), { timeout: 5_000 }).toEqual(['.thing-1.build'])
})

test.for<[string, { pid: number; host: string }, number]>([
  ['of a process that is gone', { pid: 2 ** 22 + 1, host: hostname() }, 0],
  ['of another machine that does not touch it any more', { pid: 1, host: 'elsewhere' }, 60_000],
])('a stale lock is taken over: %s', async ([, holder, age]) => {
  const { env, engines } = cacheNamed(`stale-${age}`)
  const { log } = collectLog()
  mkdirSync(engines, { recursive: true })
  const lock = join(engines, '.thing-1.lock')
  writeFileSync(lock, JSON.stringify(holder))
  const touched = new Date(Date.now() - age)
  utimesSync(lock, touched, touched)
  await installed(
    thing(async (folder) => writeFileSync(join(folder, 'file'), '')),
    contextOf({ env, log }),
  )
  expect(readdirSync(engines)).toEqual(['thing-1'])
})

test('waiting for a lock can be cancelled', async () => {
  const { env, engines } = cacheNamed('cancelled')
  const { log } = collectLog()
  mkdirSync(engines, { recursive: true })
  writeFileSync(join(engines, '.thing-1.lock'), JSON.stringify({ pid: 1, host: hostname() }))
  const signal = AbortSignal.timeout(200)
  const waiting = installed(
    thing(async () => undefined),
    contextOf({ env, log, signal }),
  )
  await expect(waiting).rejects.toThrow('timeout')
})
