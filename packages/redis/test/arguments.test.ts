import { tracingChannel } from 'node:diagnostics_channel'
import { inspect } from 'node:util'
import { connect, defineEntity, StoreError } from '@isomodel/core'
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { redis } from '../src/index.js'
import { eachServer } from './support/server.js'

const SECRET = 'zänzibar'

const Account = defineEntity({
  name: 'Account',
  schema: z.object({ id: z.string(), pin: z.string() }),
  key: { partition: ['id'] },
  indexes: { byPin: { partition: ['pin'] } },
  sensitive: ['id', 'pin'],
})

eachServer((server) => {
  it("an error of the server's shows no argument of the command", async () => {
    const options = server.options()
    await using db = await connect(redis(options), { Account })
    await db.setup()
    const user = `u${options.namespace}`.replaceAll(/\W/g, '')
    await server.client.call('ACL', 'SETUSER', user, 'on', '>pass', '~*', '+@all', '-evalsha', '-eval')
    const client = new Redis(server.engine.address, { username: user, password: 'pass', lazyConnect: true })
    await using denied = await connect(redis({ namespace: options.namespace, client }), { Account })
    const error = await denied.Account.put({ id: SECRET, pin: SECRET }).catch((thrown: unknown) => thrown)
    client.disconnect()
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'ACCESS_DENIED', cause: { name: 'ReplyError' } })
    expect(inspect(error, { depth: 9 })).not.toMatch(/zänzibar|z\\xC3|zÃ/)
  })

  it("the client's tracing channel tells of the commands, and of no argument", async () => {
    const told: unknown[] = []
    // As it is when the command leaves: the client puts the reply there later.
    const listener = { start: (event: object) => void told.push({ ...event }) }
    const channels = ['ioredis:command', 'ioredis:batch'].map((name) => tracingChannel(name))
    for (const one of channels) one.subscribe(listener as never)
    await using db = await connect(redis(server.options()), { Account })
    await db.setup()
    await db.Account.put({ id: SECRET, pin: SECRET })
    await db.Account.query('byPin', { pin: SECRET }).all()
    await db.Account.putMany([1, 2].map((n) => ({ id: `${SECRET}${n}`, pin: SECRET })))
    expect(await db.Account.get({ id: SECRET })).toEqual({ id: SECRET, pin: SECRET })
    for (const one of channels) one.unsubscribe(listener as never)
    const shown = inspect(told, { depth: 9, maxArrayLength: null })
    expect(shown).toContain('EVALSHA')
    expect(shown).not.toMatch(/zänzibar|z\\xC3|zÃ/)
  })
})
