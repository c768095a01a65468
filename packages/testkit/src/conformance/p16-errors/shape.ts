import { inspect } from 'node:util'
import { type CallEvent, defineEntity, type RequestEvent, type StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const Account = defineEntity({
  name: 'P16Account',
  schema: z.object({
    tenant: z.string(),
    email: z.string(),
    pin: z.string().max(12).optional(),
    balance: z.int().min(0).optional(),
    lines: z.array(z.int()).optional(),
  }),
  key: { partition: ['tenant'], sort: ['email'] },
  indexes: { byPin: { partition: ['tenant'], sort: ['pin'] } },
  sensitive: ['email', 'pin'],
  revision: true,
})

const SECRET = 'zanzibar'
const email = `${SECRET}@example.org`

/** Everything that someone who logs an error could see. */
const shown = (error: unknown): string =>
  `${inspect(error, { depth: 9, showHidden: false })} ${JSON.stringify(error)} ${String(error)}`

export const shape: readonly Case[] = cases(
  'P16',
  'errors',
  { Account },
  {
    'say code, outcome, store, entity, operation and key': async (t, db) => {
      const key = { tenant: t.id, email }
      const shape = (error: StoreError) => ({
        code: error.code,
        outcome: error.outcome,
        retryable: error.retryable,
        entity: error.entity,
        operation: error.operation,
        key: error.key,
      })
      const expected = (code: string, operation: string) => ({
        code,
        outcome: 'not committed',
        retryable: false,
        entity: 'P16Account',
        operation,
        key: { tenant: t.id, email: '[redacted]' },
      })
      same(
        shape(await refused(db.Account.update(key, { balance: 1 }), 'NOT_FOUND')),
        expected('NOT_FOUND', 'update'),
        'NOT_FOUND',
      )
      await db.Account.create({ ...key, balance: 1, lines: [] })
      const errorsOf = [
        [await refused(db.Account.create(key), 'ALREADY_EXISTS'), expected('ALREADY_EXISTS', 'create')],
        [
          await refused(db.Account.put(key, { ifRevision: 'x' }), 'REVISION_MISMATCH'),
          expected('REVISION_MISMATCH', 'put'),
        ],
        [
          await refused(db.Account.delete(key, { if: (o, { eq }) => eq(o.balance, 9) }), 'CONDITION_FAILED'),
          expected('CONDITION_FAILED', 'delete'),
        ],
        [
          await refused(
            db.Account.update(key, (o, { set, at }) => set(at(o.lines, 3), 1)),
            'INVALID_PATH',
          ),
          expected('INVALID_PATH', 'update'),
        ],
        [
          await refused(
            db.Account.update(key, (o, { add }) => add(o.balance, -2)),
            'INVALID_VALUE',
          ),
          expected('INVALID_VALUE', 'update'),
        ],
        [await refused(db.Account.upsert({ ...key, balance: -1 }), 'VALIDATION'), expected('VALIDATION', 'upsert')],
      ] as const
      for (const [error, wanted] of errorsOf) {
        same(shape(error), wanted, error.code)
        same(error.store, errorsOf[0][0].store, `the store of ${error.code}`)
        holds(typeof error.store === 'string' && error.store !== '', 'an error names no store')
        holds(
          error.message.includes('P16Account') && error.message.includes(wanted.operation),
          `the message does not say where: ${error.message}`,
        )
        holds(
          error instanceof Error && error.name === 'StoreError' && typeof error.stack === 'string',
          `${error.code} is no Error as others are`,
        )
      }
    },

    'say what to do next': async (t, db) => {
      const key = { tenant: t.id, email }
      const remedies: readonly (readonly [StoreError, RegExp])[] = [
        [await refused(db.Account.update(key, {}), 'NOT_FOUND'), /create|upsert|orCreate/i],
        [await refused(db.Account.query({ tenant: t.id }).one(), 'NOT_FOUND'), /first/],
        [
          await refused(db.Account.query({ tenant: t.id }).page({ cursor: 'AAAA' }), 'INVALID_CURSOR'),
          /first page|again/i,
        ],
      ]
      for (const [error, remedy] of remedies)
        holds(remedy.test(error.message), `the message of ${error.code} names no way out: ${error.message}`)
      await db.Account.create(key)
      const taken = await refused(db.Account.create(key), 'ALREADY_EXISTS')
      holds(/put|upsert/.test(taken.message), `the message of ALREADY_EXISTS names no way out: ${taken.message}`)
    },

    'never show what is sensitive': async (t, db) => {
      const key = { tenant: t.id, email }
      const events: RequestEvent[] = []
      const { Account: accounts } = await t.connect({ Account }, { onRequest: (event) => events.push(event) })
      const found: StoreError[] = [await refused(accounts.update(key, { pin: SECRET }), 'NOT_FOUND')]
      await accounts.create({ ...key, pin: SECRET })
      found.push(
        await refused(accounts.create({ ...key, pin: SECRET }), 'ALREADY_EXISTS'),
        await refused(accounts.update(key, { pin: 'x' }, { if: (o, { ne }) => ne(o.pin, SECRET) }), 'CONDITION_FAILED'),
        await refused(accounts.put({ ...key, pin: SECRET }, { ifRevision: 'x' }), 'REVISION_MISMATCH'),
        await refused(accounts.put({ ...key, pin: `${SECRET} and longer than twelve` }), 'VALIDATION'),
        await refused(accounts.update(key, { pin: `${SECRET} and longer than twelve` }), 'VALIDATION'),
        await refused(accounts.put({ ...key, pin: 7_391_846_205 } as never), 'VALIDATION'),
        await refused(accounts.put({ ...key, balance: -1, pin: SECRET }), 'VALIDATION'),
        await refused(
          () =>
            accounts
              .query({ tenant: t.id })
              .where((o, { eq }) => eq(o.pin, 7_391_846_205 as never))
              .all(),
          'VALIDATION',
        ),
        await refused(accounts.putMany([{ ...key, balance: -1, pin: SECRET }]), 'VALIDATION'),
        await refused(accounts.get({ tenant: t.id, email: 7_391_846_205 } as never), 'VALIDATION'),
        await refused(
          accounts
            .query('byPin', { tenant: t.id })
            .where((o, { eq }) => eq(o.pin, SECRET))
            .page({ cursor: 'AAAA' }),
          'INVALID_CURSOR',
        ),
      )
      same(await db.Account.query({ tenant: t.id }).count(), 1, 'how many are stored')
      for (const error of found) {
        const text = shown(error)
        holds(
          !text.includes(SECRET) && !text.includes('7391846205') && !text.includes('7_391_846_205'),
          `${error.code} of ${error.operation} shows a sensitive value:\n${text}`,
        )
      }
      holds(events.length > 4, 'the round trips were not observed')
      holds(!inspect(events, { depth: 9 }).includes(SECRET), 'an observed round trip shows a sensitive value')
    },

    'leave nothing half-written': async (t, db) => {
      const stored = await db.Account.create({ tenant: t.id, email, balance: 5, lines: [1] })
      await refused(
        db.Account.update(stored, (o, { set, add, append }) => [
          set(o.pin, 'x'),
          append(o.lines, [2]),
          add(o.balance, -6),
        ]),
        'INVALID_VALUE',
      )
      await refused(
        db.Account.update(stored, (o, { set, add, at }) => [
          set(o.pin, 'x'),
          add(o.balance, 1),
          set(at(o.lines, 9), 2),
        ]),
        'INVALID_PATH',
      )
      same(await db.Account.get(stored), stored, 'what is stored, its revision too')
      await t.settled(() => db.Account.query('byPin', { tenant: t.id }).all(), [], 'what the index has')
    },

    'round trips are observed, one event each': async (t) => {
      const events: RequestEvent[] = []
      const { Account: accounts } = await t.connect({ Account }, { onRequest: (event) => events.push(event) })
      await accounts.create({ tenant: t.id, email })
      await accounts.get({ tenant: t.id, email })
      same(
        events.map(({ entity, operation }) => [entity, operation]),
        [
          ['P16Account', 'create'],
          ['P16Account', 'get'],
        ],
        'the events',
      )
      for (const event of events) {
        holds(event.store !== '' && event.command !== '', 'an event names no store or command')
        holds(Number.isFinite(event.milliseconds) && event.milliseconds >= 0, `an event took ${event.milliseconds} ms`)
        same(event.error, undefined, 'the error of an event')
      }
    },

    'calls are told, each with the sum of its round trips': async (t) => {
      const calls: CallEvent[] = []
      const requests: RequestEvent[] = []
      const { Account: accounts } = await t.connect(
        { Account },
        { onCall: (event) => calls.push(event), onRequest: (event) => requests.push(event) },
      )
      const keys = ['a', 'b', 'c'].map((name) => ({ tenant: t.id, email: name }))
      await accounts.putMany(keys)
      await Promise.all(keys.map((key) => accounts.get(key)))
      await accounts.query({ tenant: t.id }).page({ size: 2 })
      const code = (await refused(accounts.create(keys[0] as (typeof keys)[0]), 'ALREADY_EXISTS')).code
      same(
        calls.map(({ operation, items, rowsReturned, error }) => [operation, items, rowsReturned, error?.code]),
        [
          ['putMany', 3, 3, undefined],
          ['getMany', 3, 3, undefined],
          ['get', undefined, 1, undefined],
          ['get', undefined, 1, undefined],
          ['get', undefined, 1, undefined],
          ['query.page', undefined, 2, undefined],
          ['create', undefined, undefined, code],
        ],
        'the calls',
      )
      const sum = calls.reduce((trips, call) => trips + call.roundTrips, 0)
      same(sum, requests.length, 'the round trips of all calls')
      for (const { operation, milliseconds, rowsRead, target } of calls) {
        holds(Number.isFinite(milliseconds) && milliseconds >= 0, `${operation} took ${milliseconds} ms`)
        holds(operation !== 'query.page' || rowsRead >= 2, `a page of 2 rows read ${rowsRead}`)
        holds(target === undefined || /^[a-z0-9_.]+$/.test(target.system), `the system is called ${target?.system}`)
      }
    },
  },
)
