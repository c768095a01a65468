import { readFileSync } from 'node:fs'
import type { BatchOp, StoreError } from '@isomodel/core/driver'
import { Redis } from 'ioredis'
import { describe, expect, it, vi } from 'vitest'
import { redis } from '../src/index.js'
import { readInfo, requireServer, serverProblems } from '../src/server.js'
import { Counter } from './support/counter.js'
import { call, open, put, read, remove, update } from './support/drive.js'
import { Pair } from './support/pair.js'
import { eachServer } from './support/server.js'
import { Session } from './support/session.js'

const model = Counter.model
const models = { entities: [model] }
const failure = (work: Promise<unknown>): Promise<StoreError> =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error) => error,
  )

eachServer((server) => {
  describe('setup and check', () => {
    it('write the layout record once, and find it', async () => {
      const options = server.options()
      const driver = await redis(options).open(models, { now: Date.now })
      expect(await driver.check(call())).toEqual({
        ok: false,
        problems: [
          {
            what: `The layout record ${options.namespace}:layout`,
            expected: '{"format":1,"buckets":1}',
            found: 'nothing',
            remedy: 'Run await db.setup().',
          },
        ],
      })
      expect(await driver.setup(call())).toEqual({ created: [`layout record ${options.namespace}:layout`] })
      expect(await driver.setup(call())).toEqual({ created: [] })
      expect(await driver.check(call())).toEqual({ ok: true, problems: [] })
      expect(await server.client.keys(`${options.namespace}*`)).toEqual([`${options.namespace}:layout`])
      await driver.close()
    })

    it('refuse calls until the namespace is set up, by whomever', async () => {
      const options = server.options()
      const driver = await redis(options).open(models, { now: Date.now })
      const error = await failure(driver.write(put(model, { name: 'a', count: 1 }), call()))
      expect(error).toMatchObject({ code: 'MODEL_MISMATCH', outcome: 'not committed' })
      expect(error.message).toMatch(`The namespace ${options.namespace} is not set up`)
      expect(error.message).toMatch('Run await db.setup() once')
      await using other = await open(options, [Counter])
      await other.driver.write(put(model, { name: 'a', count: 1 }), call())
      const at = call()
      expect((await read(driver, model, { name: 'a' }))?.values.count).toBe(1)
      await driver.write(put(model, { name: 'a', count: 2 }), at)
      expect(at.sentCommands).toEqual(['EVALSHA'])
      await driver.close()
    })

    it.each(['{"format":1,"buckets":256}', '{"format":2,"buckets":1}', 'something'])(
      'refuse the layout %s',
      async (record) => {
        const options = server.options()
        const before = await redis(options).open(models, { now: Date.now })
        await server.client.set(`${options.namespace}:layout`, record)
        for (const error of [
          await failure(redis(options).open(models, { now: Date.now })),
          await failure(before.setup(call())),
          await failure(read(before, model, { name: 'a' })),
        ]) {
          expect(error).toMatchObject({ code: 'MODEL_MISMATCH', store: 'Redis' })
          expect(error.message).toMatch(/or another namespace/)
        }
        expect((await before.check(call())).problems[0]).toMatchObject({ found: record })
        await before.close()
      },
    )
  })

  it('an evicting server is refused', async () => {
    const options = server.options()
    await using opened = await open(options, [Counter])
    await server.client.config('SET', 'maxmemory-policy', 'allkeys-lru')
    try {
      const error = await failure(redis(options).open(models, { now: Date.now }))
      expect(error).toMatchObject({ code: 'UNSUPPORTED', name: 'UnsupportedError' })
      expect(error.message).toMatch(
        /maxmemory-policy allkeys-lru, and isomodel needs maxmemory-policy noeviction\. Set/,
      )
      expect((await opened.driver.check(call())).ok).toBe(false)
    } finally {
      await server.client.config('SET', 'maxmemory-policy', 'noeviction')
    }
  })

  it('when the memory is used up, writes are refused whole, and deletes and sweeps make room', async () => {
    await using opened = await open(server.options(), [Counter])
    const { driver } = opened
    await driver.write(put(model, { name: 'a', count: 1 }), call())
    await server.client.config('SET', 'maxmemory', '1')
    try {
      for (const op of [
        put(model, { name: 'a', count: 2 }),
        update(model, { key: { name: 'a' }, changes: [{ op: 'add', path: ['count'], value: 1 }] }),
      ]) {
        const error = await failure(driver.write(op, call()))
        expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', outcome: 'not committed' })
        expect(error.message).toMatch(/has used up its memory/)
      }
      expect((await read(driver, model, { name: 'a' }))?.values.count).toBe(1)
      expect(await opened.adapter.sweep()).toBe(0)
      expect(await driver.write(remove(model, { key: { name: 'a' } }), call())).toEqual({ status: 'done' })
    } finally {
      await server.client.config('SET', 'maxmemory', '0')
    }
    expect(await read(driver, model, { name: 'a' })).toBeUndefined()
  })

  it('what others put at our keys stops a write before it wrote anything', async () => {
    const options = server.options()
    await using opened = await open(options, [Counter])
    const { namespace } = options
    await opened.driver.write(put(model, { name: 'a', count: 1 }), call())
    await server.client.del(`${namespace}:{0}:g1`)
    await server.client.set(`${namespace}:{0}:g1`, 'not ours')
    for (const op of [put(model, { name: 'a', count: 2 }), put(model, { name: 'b', count: 2 })]) {
      expect(await failure(opened.driver.write(op, call()))).toMatchObject({
        code: 'MODEL_MISMATCH',
        outcome: 'not committed',
      })
    }
    expect((await read(opened.driver, model, { name: 'a' }))?.values.count).toBe(1)
    expect(await read(opened.driver, model, { name: 'b' })).toBeUndefined()
    expect(await server.client.zrange(`${namespace}:{0}:keys`, '0', '-1')).toEqual(['Counter#a!Counter'])
  })

  it.each(['g1', 'g2'])('and so it does at %s, whichever of two indexes a write begins with', async (id) => {
    const options = server.options()
    await using opened = await open(options, [Pair])
    const { namespace } = options
    const { driver } = opened
    await driver.write(put(Pair.model, { name: 'a', left: 1, right: 1 }), call())
    const before = await read(driver, Pair.model, { name: 'a' })
    const other = `${namespace}:{0}:${id === 'g1' ? 'g2' : 'g1'}`
    const members = await server.client.zrange(other, '0', '-1')
    await server.client.set(`${namespace}:{0}:${id}`, 'not ours')
    for (const op of [
      put(Pair.model, { name: 'a', left: 2, right: 2 }),
      put(Pair.model, { name: 'b', left: 2, right: 2 }),
      update(Pair.model, {
        key: { name: 'a' },
        changes: [
          { op: 'set', path: ['left'], value: 2 },
          { op: 'add', path: ['right'], value: 1 },
        ],
      }),
      remove(Pair.model, { key: { name: 'a' } }),
    ]) {
      expect(await failure(driver.write(op, call()))).toMatchObject({
        code: 'MODEL_MISMATCH',
        outcome: 'not committed',
      })
    }
    expect(await read(driver, Pair.model, { name: 'a' })).toEqual(before)
    expect(await server.client.zrange(other, '0', '-1')).toEqual(members)
    expect(await server.client.zrange(`${namespace}:{0}:keys`, '0', '-1')).toEqual(['Pair#a!Pair'])
  })

  it('what cannot be read is CORRUPT, with the key and the field', async () => {
    const options = server.options()
    await using opened = await open(options, [Counter])
    await opened.driver.write(put(model, { name: 'a', count: 1 }), call())
    const key = `${options.namespace}:{0}:e:Counter#a!Counter`
    await server.client.hset(key, 'count', '?')
    expect(await failure(read(opened.driver, model, { name: 'a' }))).toMatchObject({
      code: 'CORRUPT',
      entity: 'Counter',
      key: { name: 'a' },
      path: ['count'],
    })
    await server.client.hset(key, 'count', '1', '$token', '2aaaaaaaaaaaaaaaaaaaa')
    for (const work of [
      read(opened.driver, model, { name: 'a' }),
      opened.driver.write(put(model, { name: 'a', count: 2 }, { guard: { exists: 'absent' } }), call()),
      opened.driver.write(put(model, { name: 'a', count: 2 }, { guard: { exists: 'present' } }), call()),
      opened.driver.write(update(model, { key: { name: 'a' } }), call()),
    ]) {
      const error = await failure(work)
      expect(error.code).toBe('CORRUPT')
      expect(error.message).toMatch(/not one of format 1/)
    }
    expect(await server.client.hget(key, 'count')).toBe('1')
    await opened.driver.write(put(model, { name: 'a', count: 2 }), call())
    expect((await read(opened.driver, model, { name: 'a' }))?.values).toEqual({ name: 'a', count: 2 })
  })

  it('credentials and permissions that are refused say so', async () => {
    const options = server.options()
    const { hostname, port } = new URL(server.engine.address)
    await open(options, [Counter]).then((opened) => opened.driver.close())
    await server.client.call('ACL', 'SETUSER', 'reader', 'on', '>secret', '~*', '+@read', '+info', '+hello', '+select')
    try {
      const wrong = await failure(
        redis({ ...options, url: `redis://reader:wrong@${hostname}:${port}` }).open(models, { now: Date.now }),
      )
      expect(wrong).toMatchObject({ code: 'ACCESS_DENIED', retryable: false })
      expect(wrong.message).not.toMatch('wrong@')
      const driver = await redis({ ...options, url: `redis://reader:secret@${hostname}:${port}` }).open(models, {
        now: Date.now,
      })
      const denied = await failure(driver.write(put(model, { name: 'a', count: 1 }), call()))
      expect(denied).toMatchObject({ code: 'ACCESS_DENIED', outcome: 'not committed' })
      expect(await read(driver, model, { name: 'a' })).toBeUndefined()
      await driver.close()
    } finally {
      await server.client.call('ACL', 'DELUSER', 'reader')
    }
  })

  it.each(['with INFO', 'without INFO'])('the permissions that the README names are enough, %s', async (how) => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const options = server.options()
    const { hostname, port } = new URL(server.engine.address)
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const section = readme.slice(readme.indexOf('## Permissions'))
    const commands = [...section.matchAll(/`([A-Z]+(?: [A-Z]+)?)`/g)].map(([, name]) =>
      name?.toLowerCase().replace(' ', '|'),
    )
    expect(commands).toContain('script|load')
    // The connection itself, which is ioredis's affair.
    const connecting = ['+hello', '+client', '+select']
    const rights = [...commands.map((name) => `+${name}`), ...connecting, how === 'with INFO' ? '+info' : '-info']
    await server.client.call('ACL', 'SETUSER', 'shop', 'on', '>secret', `~${options.namespace}:*`, ...rights)
    try {
      await using opened = await open({ ...options, url: `redis://shop:secret@${hostname}:${port}` }, [Session])
      const { driver } = opened
      const session = { id: 's', user: 'u', until: new Date(1) }
      await driver.write(put(Session.model, session, { now: 0 }), call())
      const change = { op: 'remove', path: ['user'] } as const
      await driver.write(update(Session.model, { key: { id: 's' }, changes: [change], now: 0 }), call())
      expect((await read(driver, Session.model, { id: 's' }))?.values).toEqual({ id: 's', until: new Date(1) })
      const query = { entity: Session.model, index: undefined, partition: { id: 's' }, where: undefined }
      const plan = driver.plan({ ...query, reverse: false, select: ['user'], count: false })
      expect((await driver.fetch(plan, { limit: 1, now: 0 }, call())).rows).toHaveLength(1)
      await server.client.script('FLUSH')
      expect(await opened.adapter.sweep()).toBe(1)
      await driver.write(remove(Session.model, { key: { id: 's' } }), call())
      expect((await driver.check(call())).ok).toBe(true)
      // ioredis itself says that it cannot see whether the server is still loading.
      expect(warned).toHaveBeenCalledTimes(how === 'with INFO' ? 0 : 1)
    } finally {
      await server.client.call('ACL', 'DELUSER', 'shop')
    }
  })

  it('sends what it says it sends', async () => {
    await using opened = await open(server.options(), [Counter])
    const { driver } = opened
    const monitor = await server.client.monitor()
    const seen: string[] = []
    monitor.on('monitor', (_time: string, [command]: string[], source: string) => {
      if (source !== 'lua') seen.push(String(command))
    })
    /** What reaches the server while something is done; an ECHO behind it tells that all is seen. */
    const during = async (work: () => Promise<unknown>): Promise<string[]> => {
      seen.length = 0
      await work()
      await server.client.echo('end')
      await expect.poll(() => seen.at(-1)).toBe('echo')
      return seen.slice(0, -1)
    }
    try {
      const [a, b] = [put(model, { name: 'a', count: 1 }), put(model, { name: 'b', count: 1 })]
      expect(await during(() => driver.write(a, call()))).toEqual(['EVALSHA'])
      expect(await during(() => driver.writeBatch([a, b] as BatchOp[], call()))).toEqual(['EVALSHA', 'EVALSHA'])
      const add = { op: 'add', path: ['count'], value: 1 } as const
      const refused = update(model, { key: { name: 'a' }, guard: { exists: 'present', token: 'x' }, changes: [add] })
      expect(await during(() => driver.write(refused, call()))).toEqual(['EVALSHA'])
      expect(await during(() => read(driver, model, { name: 'a' }))).toEqual(['HGETALL'])
      const query = { entity: model, index: model.indexes[0], partition: { count: 1 }, where: undefined }
      const plan = driver.plan({ ...query, reverse: false, select: undefined, count: false })
      const fetching = (): Promise<unknown> => driver.fetch(plan, { limit: 5, now: 0 }, call())
      expect(await during(fetching)).toEqual(['ZRANGE', 'HGETALL', 'HGETALL'])
    } finally {
      monitor.disconnect()
    }
  })

  it('works over RESP2 as over RESP3', async () => {
    const { hostname, port } = new URL(server.engine.address)
    const client = new Redis({ host: hostname, port: Number(port), protocol: 2 })
    try {
      const { namespace } = server.options()
      await using opened = await open({ client, namespace }, [Counter])
      await opened.driver.write(put(model, { name: 'a', count: 1 }), call())
      expect((await read(opened.driver, model, { name: 'a' }))?.values).toEqual({ name: 'a', count: 1 })
    } finally {
      client.disconnect()
    }
  })

  it('explains a write without sending it', async () => {
    const options = server.options()
    await using opened = await open(options, [Counter])
    const { request, roundTrips } = opened.driver.explainWrite(put(model, { name: 'ä', count: 1 }))
    expect(roundTrips).toBe(1)
    expect(request).toMatchObject({
      command: 'EVALSHA',
      script: 'put-4',
      keys: [
        `${options.namespace}:{0}:e:Counter#ä!Counter`,
        `${options.namespace}:{0}:keys`,
        `${options.namespace}:{0}:expiry`,
        `${options.namespace}:{0}:feed`,
        `${options.namespace}:{0}:g1`,
      ],
    })
    expect(await server.client.exists(`${options.namespace}:{0}:keys`)).toBe(0)
  })
})

describe('what INFO says', () => {
  const info = (...lines: string[]): string => ['# Server', ...lines].join('\r\n')

  it('names the product and its version', () => {
    expect(readInfo(info('redis_version:7.0.15', 'role:master'))).toMatchObject({ product: 'Redis', version: '7.0.15' })
    expect(readInfo(info('redis_version:7.2.4', 'server_name:valkey', 'valkey_version:9.1.2'))).toMatchObject({
      product: 'Valkey',
      version: '9.1.2',
      compatible: '7.2.4',
    })
  })

  it.each([
    [
      ['redis_version:6.2.14'],
      'UNSUPPORTED',
      /Redis 6\.2\.14 at here has version 6\.2\.14, and isomodel needs Redis 7\.0/,
    ],
    [['redis_version:7.0.0', 'cluster_enabled:1'], 'UNSUPPORTED', /is a node of a cluster/],
    [['redis_version:7.0.0', 'role:slave'], 'UNAVAILABLE', /is a replica\. Connect to its primary/],
  ])('%j is refused', (lines, code, message) => {
    const refuse = (): void => requireServer(readInfo(info(...lines)), 'here', false)
    expect(refuse).toThrow(message)
    expect(refuse).toThrow(expect.objectContaining({ code }))
  })

  it('a policy that evicts only keys with a native expiry is fine: no key of ours has one', () => {
    expect(serverProblems(readInfo(info('redis_version:7.2.0', 'maxmemory_policy:volatile-lru')))).toEqual([])
  })
})
