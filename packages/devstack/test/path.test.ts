import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type EngineError, prepareEngines, startStore } from '../src/index.js'
import { collectLog, ownTemporaryFolder } from './machine.js'

const temporary = ownTemporaryFolder()
const { log } = collectLog()

/** A PATH with one program on it, and no cache: nothing else can be had. */
function only(name: string, put: (file: string) => void): { PATH: string; ISOMODEL_CACHE: string } {
  const folder = join(temporary.path, `bin-${name}-${Math.random()}`)
  mkdirSync(folder)
  put(join(folder, name))
  return { PATH: folder, ISOMODEL_CACHE: join(temporary.path, 'cache') }
}

const valkeyServer = async (): Promise<string> => (await prepareEngines(['valkey'], { log }))[0]?.location ?? ''

const refusal = (starting: Promise<unknown>): Promise<EngineError> =>
  starting.then(
    () => Promise.reject(new Error('it was started')),
    (error: unknown) => error as EngineError,
  )

test('a program on the PATH is used before anything is fetched', async () => {
  const server = await valkeyServer()
  const env = only('valkey-server', (file) => symlinkSync(server, file))
  await using engine = await startStore('valkey', { env, log })
  expect(engine).toMatchObject({ source: 'path', engine: 'valkey', version: '9.1.2' })
})

test("a Valkey under Redis's name is not taken for Redis", async () => {
  const server = await valkeyServer()
  const env = only('redis-server', (file) => symlinkSync(server, file))
  const { attempts } = await refusal(startStore('redis', { env, log }))
  expect(attempts.find(({ way }) => way === 'redis on the PATH')?.reason).toMatch(/redis-server: it is Valkey\.$/)
})

test.for([
  ['redis', 'redis-server', 'Redis server v=6.2.14 sha=0', '7 or later is wanted'],
  ['mongodb', 'mongod', 'db version v4.4.1', '5 or later is wanted'],
  ['mongodb', 'secantusd-rs', 'secantusd-rs 0.4.0', '0.5.3-beta.196 is wanted'],
  ['dynamodb', 'dynoxide', 'dynoxide 9.9.9', '1.2.1 is wanted'],
  ['redis', 'redis-server', 'hello', 'it does not tell its version'],
] as const)('%s: a %s that says %o is refused', async ([store, binary, says, why]) => {
  const env = only(binary, (file) => writeFileSync(file, `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 }))
  const { attempts } = await refusal(startStore(store, { env, log }))
  const reasons = attempts.map(({ reason }) => reason).filter((reason) => reason.includes(binary))
  expect(reasons.join('\n')).toContain(why)
})
