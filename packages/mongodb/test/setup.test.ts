import { connect, defineEntity } from '@isomodel/core'
import type { Db as Database } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'

const Session = defineEntity({
  name: 'Session',
  schema: z.object({
    id: z.string(),
    user: z.string().optional(),
    seen: z.date(),
    picture: z.instanceof(Uint8Array).optional(),
    until: z.date(),
  }),
  key: { partition: ['id'] },
  indexes: {
    byUser: { partition: ['user'], sort: ['seen'] },
    alsoByUser: { partition: ['user', 'seen'] },
    byPicture: { partition: ['user'], sort: ['picture'] },
  },
  ttl: 'until',
})

/** What is said of the application's own collections; the library has some beside them. */
const own = <T extends string | { readonly what: string }>(lines: readonly T[]): T[] =>
  lines.filter((line) => !/isomodel_|^model of /.test(typeof line === 'string' ? line : line.what))

onEachEngine((running, name) => {
  const fresh = (): { readonly database: string; readonly native: Database } => {
    const database = running().database()
    return { database, native: running().client.db(database) }
  }
  const open = (database: string, more: object = {}) =>
    connect(mongodb({ client: running().client, database, ...more }), { Session })

  it('creates what is missing, once', async () => {
    const { database, native } = fresh()
    await using db = await open(database, { prefix: 'app.' })
    expect(own((await db.check()).problems).map(({ what, remedy }) => [what, remedy])).toEqual([
      ['collection app.Session', 'Run await db.setup().'],
    ])
    expect(await native.listCollections().toArray()).toEqual([])
    expect(own((await db.setup()).created)).toEqual([
      'collection app.Session',
      'index byUser of collection app.Session',
      'index byPicture of collection app.Session',
      'index _ttl of collection app.Session',
    ])
    expect(await db.check()).toEqual({ ok: true, problems: [] })
    expect(await db.setup()).toEqual({ created: [], unfilled: [] })
    const indexes = await native.collection('app.Session').indexes()
    expect(new Set(indexes.map(({ key, expireAfterSeconds }) => [Object.keys(key), expireAfterSeconds]))).toEqual(
      new Set([
        [['_id'], undefined],
        [['user', 'seen', '_id'], undefined],
        [['user', '_iso.order.picture', '_id'], undefined],
        [['until'], 0],
      ]),
    )
  })

  it('adds an index to a collection that is there', async () => {
    const { database, native } = fresh()
    await using db = await open(database)
    await db.setup()
    await native.collection('Session').dropIndex('byUser')
    expect((await db.check()).problems).toMatchObject([{ what: 'index byUser of collection Session', found: 'none' }])
    expect(await db.setup()).toEqual({ created: ['index byUser of collection Session'], unfilled: [] })
  })

  it('says so when a query meets a missing index', async () => {
    const { database, native } = fresh()
    await native.createCollection('Session')
    await using db = await open(database)
    await db.Session.create({ id: 's', user: 'u', seen: new Date(), until: new Date(Date.now() + 60_000) })
    const failed = await db.Session.query('byUser', { user: 'u' })
      .all()
      .catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'MODEL_MISMATCH', message: expect.stringContaining('db.setup()') })
  })

  it('may be run by many at once', async () => {
    const { database } = fresh()
    const all = await Promise.all(Array.from({ length: 8 }, () => open(database)))
    await Promise.all(all.map((db) => db.setup()))
    expect(await all[0]?.check()).toEqual({ ok: true, problems: [] })
    await Promise.all(all.map((db) => db.close()))
  })

  describe('refuses, with the difference and before it changes anything,', () => {
    it.each<[string, (native: Database) => Promise<unknown>, string]>([
      [
        'an index of the same name',
        (native) => native.collection('Session').createIndex({ other: 1 }, { name: 'byUser' }),
        'The index byUser of collection Session should be an index on user, seen, _id, and is an index on other. ' +
          'Declare it as it was, or give the new one another name; see docs/changing-a-model.md.',
      ],
      [
        'a unique one',
        (native) => native.collection('Session').createIndex({ user: 1, seen: 1, _id: 1 }, { unique: true }),
        'and is a unique index on user, seen, _id. Drop it with ' +
          "db.getCollection('Session').dropIndex('user_1_seen_1__id_1'), then run await db.setup().",
      ],
      [
        'a partial one',
        (native) =>
          native
            .collection('Session')
            .createIndex({ user: 1, seen: 1, _id: 1 }, { partialFilterExpression: { user: 'x' } }),
        'and is an index on user, seen, _id with the partialFilterExpression {"user":"x"}. Drop it',
      ],
      [
        'an index on the ttl that removes nothing',
        (native) => native.collection('Session').createIndex({ until: 1 }),
        'The index _ttl of collection Session should be an index on until with expireAfterSeconds 0, and is an index on until. ' +
          "Run db.runCommand({ collMod: 'Session', index: { name: 'until_1', expireAfterSeconds: 0 } }).",
      ],
      [
        'a ttl index with a delay',
        (native) => native.collection('Session').createIndex({ until: 1 }, { expireAfterSeconds: 60 }),
        'is an index on until with expireAfterSeconds 60.',
      ],
    ])('%s', async (_, make, message) => {
      const { database, native } = fresh()
      await make(native)
      const before = await native.collection('Session').indexes()
      await using db = await open(database)
      const report = await db.check()
      expect(report.ok).toBe(false)
      await expect(db.setup()).rejects.toMatchObject({
        code: 'MODEL_MISMATCH',
        message: expect.stringContaining(message),
      })
      expect(await native.collection('Session').indexes()).toEqual(before)
    })
  })

  it('has a remedy for other fields of an index, after which setup goes through', async () => {
    const { database } = fresh()
    const model = (indexes: object) =>
      defineEntity({
        name: 'Order',
        schema: z.object({ id: z.string(), status: z.string(), total: z.number() }),
        key: { partition: ['id'] },
        indexes: indexes as { byStatus: { partition: ['status'] } },
      })
    const asIt = { byStatus: { partition: ['status'] } }
    const byTotal = { partition: ['status'], sort: ['total'] }
    const client = running().client
    await using before = await connect(mongodb({ client, database }), { Order: model(asIt) })
    await before.setup()
    await using changed = await connect(mongodb({ client, database }), { Order: model({ byStatus: byTotal }) })
    const { problems } = await changed.check()
    expect(problems.map(({ what }) => what)).toEqual(['index byStatus of collection Order', 'index byStatus of Order'])
    for (const { remedy } of problems)
      expect(remedy).toMatch(/^Declare it as it was[,;] or give the new one another name.*\.$/)
    const next = model({ ...asIt, byStatusAndTotal: byTotal })
    await using after = await connect(mongodb({ client, database }), { Order: next })
    expect((await after.setup()).created).toContain('index byStatusAndTotal of collection Order')
    expect((await after.check()).ok).toBe(true)
  })

  it('refuses what was not set up, where MongoDB itself would make a collection without indexes', async () => {
    const { database, native } = fresh()
    await using db = await open(database)
    const session = { id: 's', user: 'u', seen: new Date(), until: new Date(Date.now() + 60_000) }
    const calls = [
      () => db.Session.create(session),
      () => db.Session.putMany([session, { ...session, id: 't' }]),
      () => db.Session.get({ id: 's' }),
      () => db.Session.query('byUser', { user: 'u' }).all(),
    ]
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({
        code: 'MODEL_MISMATCH',
        message: expect.stringContaining('await db.setup()'),
      })
    }
    expect(await native.listCollections().toArray()).toEqual([])
    await using other = await open(database)
    await other.setup()
    await db.Session.create(session)
  })

  it('takes an index of another name that serves as well', async () => {
    const { database, native } = fresh()
    await native.collection('Session').createIndex({ user: 1, seen: 1, _id: 1 }, { name: 'mine' })
    await using db = await open(database)
    expect(own((await db.setup()).created)).toEqual([
      'index byPicture of collection Session',
      'index _ttl of collection Session',
    ])
    await db.Session.create({ id: 's', user: 'u', seen: new Date(), until: new Date(Date.now() + 60_000) })
    expect(await db.Session.query('byUser', { user: 'u' }).count()).toBe(1)
  })

  it('refuses a collection that compares strings by a locale', async () => {
    const { database, native } = fresh()
    await native.createCollection('Session', { collation: { locale: 'en', strength: 1 } })
    await using db = await open(database)
    const options = (await native.listCollections().toArray())[0] as { options?: { collation?: unknown } }
    // An engine that drops the collation compares by code point, and has nothing to be refused for.
    if (options.options?.collation === undefined) expect(name).toBe('secantusdb-py')
    else
      await expect(db.setup()).rejects.toMatchObject({
        message: expect.stringMatching(/collation of collection Session/),
      })
  })

  it('makes validators from the schema when asked to', async () => {
    const { database, native } = fresh()
    await using db = await open(database, { validators: 'error' })
    expect((await db.setup()).created[0]).toBe('collection Session with a validator')
    expect(await db.check()).toEqual({ ok: true, problems: [] })
    const session = { id: 's', user: 'u', seen: new Date(), until: new Date(Date.now() + 60_000) }
    await db.Session.create(session)
    await db.Session.update({ id: 's' }, { picture: Uint8Array.of(1) })
    await expect(native.collection('Session').insertOne({ _id: 'x', until: 5 } as never)).rejects.toMatchObject({
      code: 121,
    })

    await native.command({ collMod: 'Session', validator: { $jsonSchema: { required: ['nonsense'] } } })
    expect((await db.check()).problems).toMatchObject([
      {
        what: 'validator of collection Session',
        remedy: expect.stringMatching(
          /^Set it with db.runCommand.* collMod: 'Session', validator: {"\$jsonSchema".*out\.$/,
        ),
      },
    ])
    await expect(db.Session.put({ ...session, user: 'v' })).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      outcome: 'not committed',
    })
  })

  it('lets a transaction check what is absent in a collection with a validator', async () => {
    const { database, native } = fresh()
    await using db = await open(database, { validators: 'error' })
    await db.setup()
    const session = { id: 's', seen: new Date(), until: new Date(Date.now() + 60_000) }
    await db.transact((tx) => [tx.Session.checkAbsent({ id: 'none' }), tx.Session.put(session)])
    await expect(db.transact((tx) => [tx.Session.checkAbsent({ id: 's' })])).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    })
    expect(await native.collection('Session').distinct('_id')).toEqual(['s'])
  })

  it('adds a validator to a collection that has none', async () => {
    const { database } = fresh()
    await using plain = await open(database)
    await plain.setup()
    await using db = await open(database, { validators: 'warn' })
    expect(own((await db.check()).problems)).toMatchObject([{ what: 'validator of collection Session' }])
    expect(own((await db.setup()).created)).toEqual(['validator of collection Session'])
    expect(await db.check()).toEqual({ ok: true, problems: [] })
  })
})
