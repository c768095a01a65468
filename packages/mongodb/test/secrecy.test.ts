import { inspect } from 'node:util'
import { connect, defineEntity, StoreError } from '@isomodel/core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'

const SECRET = 'zanzibar'

const Account = defineEntity({
  name: 'Account',
  schema: z.object({ id: z.string(), pin: z.string() }),
  key: { partition: ['id'] },
  sensitive: ['pin'],
})

onEachEngine((running) => {
  it("an error of the server's that quotes a document shows nothing of it", async () => {
    const { client, database } = running()
    const name = database()
    await using db = await connect(mongodb({ client, database: name }), { Account })
    await db.setup()
    await client.db(name).collection('Account').createIndex({ pin: 1 }, { unique: true })
    await db.Account.put({ id: '1', pin: SECRET })
    const taken = { id: '2', pin: SECRET }
    const errors = [
      await db.Account.put(taken).catch((error: unknown) => error),
      await db.Account.putMany([taken]).catch((error: unknown) => error),
      await db.transact((t) => [t.Account.put(taken)]).catch((error: unknown) => error),
    ]
    for (const error of errors) {
      expect(error).toBeInstanceOf(StoreError)
      expect(inspect(error, { depth: 9 })).not.toContain(SECRET)
    }
    expect(inspect(errors[0])).toContain('dup key')
  })
})
