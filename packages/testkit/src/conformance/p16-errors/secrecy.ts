import { inspect } from 'node:util'
import { type CallEvent, defineEntity, type RequestEvent, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, same } from '../check.js'
import type { CaseContext } from '../context.js'

const WORD = 'zanzibar'
const NUMBER = 7_391_846_205
const DATE = new Date('2071-05-09T08:07:06.543Z')

const Vault = defineEntity({
  name: 'P16Vault',
  schema: z.object({
    tenant: z.string(),
    owner: z.string(),
    open: z.string().optional(),
    pin: z.string().max(40).optional(),
    amount: z.int().max(9_000_000_000).optional(),
    big: z.bigint().optional(),
    since: z.date().optional(),
    raw: z.instanceof(Uint8Array).optional(),
    kind: z.enum(['hush', 'other']).optional(),
    names: z.set(z.string()).optional(),
    list: z.array(z.string()).optional(),
    notes: z.record(z.string(), z.string()).optional(),
    inner: z.object({ a: z.string(), n: z.int().optional() }).optional(),
  }),
  key: { partition: ['tenant'], sort: ['owner'], partitionName: 'P16Vaults' },
  indexes: { byPin: { partition: ['tenant', 'pin'], sort: ['amount'] } },
  sensitive: ['owner', 'pin', 'amount', 'big', 'since', 'raw', 'kind', 'names', 'list', 'notes', 'inner'],
  revision: true,
})

/** Lies beside the vaults. */
const Slip = defineEntity({
  name: 'P16Slip',
  schema: z.object({ tenant: z.string(), note: z.string() }),
  key: { partition: ['tenant'], partitionName: 'P16Vaults' },
  sensitive: ['note'],
})

const Badge = defineEntity({
  name: 'P16Badge',
  schema: z.object({ tenant: z.string(), owner: z.string(), code: z.string().optional() }),
  key: { partition: ['tenant'], sort: ['owner'] },
  uniques: { byCode: ['tenant', 'code'] },
  sensitive: ['owner', 'code'],
})

const secrets = {
  pin: `${WORD} pin`,
  amount: NUMBER,
  big: BigInt(NUMBER),
  since: DATE,
  raw: new TextEncoder().encode(WORD),
  kind: 'hush' as const,
  names: new Set([`${WORD} name`]),
  list: [`${WORD} item`],
  notes: { [`${WORD} key`]: `${WORD} note` },
  inner: { a: `${WORD} inner`, n: NUMBER },
}

/** The forms in which a secret could be shown: as it is, in key texts, as bytes, in base64 or hex. */
const FORMS = new RegExp(
  [
    WORD,
    String(NUMBER),
    '7_391_846_205',
    '2071-05-09',
    String(DATE.getTime()),
    '7a 61 6e 7a 69 62',
    '122, 97, 110, 122',
    '122,\\s+97,\\s+110,\\s+122',
    '7a616e7a69',
    'emFuemliYX',
  ].join('|'),
  'i',
)

function hides(shown: unknown, what: string): void {
  const text = `${inspect(shown, { depth: 12, maxArrayLength: null, maxStringLength: null, showHidden: false })} ${json(shown)}`
  const found = FORMS.exec(text)
  if (found === null) return
  holds(false, `${what} shows a sensitive value: ...${text.slice(Math.max(0, found.index - 300), found.index + 60)}...`)
}

const json = (shown: unknown): string =>
  JSON.stringify(shown, (_, value) => (typeof value === 'bigint' ? String(value) : value)) ?? ''

/** Everything that is told of what a connection does. */
async function told(t: CaseContext) {
  const calls: CallEvent[] = []
  const requests: RequestEvent[] = []
  const warnings: unknown[] = []
  const errors: unknown[] = []
  const db = await t.connect(
    { Vault, Slip },
    {
      onCall: (event) => calls.push(event),
      onRequest: (event) => requests.push(event),
      onWarning: (problem) => warnings.push(problem),
      readPolicy: 'warn',
    },
  )
  const fails = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      errors.push(error)
      holds(error instanceof StoreError, `what was thrown is no StoreError: ${String(error)}`)
      return
    }
    holds(false, `call ${errors.length} was to fail: ${work}`)
  }
  return { db, calls, requests, warnings, errors, fails }
}

export const secrecy: readonly Case[] = [
  ...cases(
    'P16',
    'secrecy',
    { Vault, Slip },
    {
      'no event, error or warning shows a sensitive value': async (t) => {
        const { db, calls, requests, warnings, errors, fails } = await told(t)
        const vaults = db.Vault
        const key = { tenant: t.id, owner: `${WORD} owner` }
        const other = { tenant: t.id, owner: `${WORD} other` }
        const stored = await vaults.create({ ...key, ...secrets })
        await fails(() => vaults.create({ ...key, ...secrets }))
        await fails(() => vaults.update(other, { pin: WORD }))
        await fails(() => vaults.update(key, { open: 'x' }, { if: (o, { ne }) => ne(o.pin, secrets.pin) }))
        await fails(() => vaults.update(key, { open: 'x' }, { if: (o, { contains }) => contains(o.names, WORD) }))
        await fails(() => vaults.put({ ...key, ...secrets }, { ifRevision: 'x' }))
        await fails(() => vaults.delete(other, { if: (o, { eq }) => eq(o.owner, WORD) }))
        await fails(() => vaults.upsert({ ...key, ...secrets }, { if: (o, { lt }) => lt(o.since, DATE) }))
        await fails(() => vaults.update(key, (o, { add }) => [add(o.amount, NUMBER)]))
        await fails(() => vaults.update(key, (o, { add }) => [add(o.big, 2n ** 63n - BigInt(NUMBER))]))
        await fails(() => vaults.update(key, (o, { set, at }) => [set(at(o.list, 9), WORD)]))
        await fails(() => vaults.update(other, (o, { set, at }) => [set(at(o.notes, `${WORD} key`), WORD)]))
        await fails(() =>
          vaults.update(key, (o, { set, at }) => [set(at(o.notes, `${WORD} key`), WORD), set(o.notes, {})]),
        )
        for (const wrong of [
          { pin: `${WORD} and much longer than forty characters` },
          { pin: NUMBER },
          { amount: NUMBER * 10 },
          { amount: WORD },
          { big: NUMBER },
          { since: String(NUMBER) },
          { raw: WORD },
          { kind: WORD },
          { names: [WORD] },
          { list: [NUMBER] },
          { notes: { [WORD]: NUMBER } },
          { inner: { a: NUMBER } },
          { inner: { [WORD]: NUMBER } },
        ]) {
          await fails(() => vaults.put({ ...key, ...wrong } as never))
          await fails(() => vaults.update(key, wrong as never))
          await fails(() => vaults.putMany([{ ...other, ...wrong } as never]))
        }
        await fails(() => vaults.get({ tenant: t.id, owner: NUMBER } as never))
        await fails(() => vaults.getMany([{ owner: WORD } as never]))
        await fails(() => vaults.get(key, { deadline: new Date(0) }))
        await fails(() => vaults.put({ ...key, ...secrets }, { signal: AbortSignal.abort() }))
        await fails(() => vaults.query('byPin', { tenant: t.id, pin: secrets.pin }).page({ cursor: WORD }))
        await fails(() =>
          vaults
            .query({ tenant: t.id })
            .where((o, { eq }) => eq(o.owner, 'no'))
            .one(),
        )
        await fails(async () =>
          vaults
            .query({ tenant: t.id })
            .where((o, { eq }) => eq(o.pin, NUMBER as never))
            .all(),
        )
        await fails(async () => vaults.query('byPin', { tenant: t.id, pin: NUMBER as never }).all())
        same(await vaults.get(key), stored, 'what is stored')
        await vaults.getMany([key, other])
        await vaults
          .query('byPin', { tenant: t.id, pin: secrets.pin })
          .where((o, { gte }) => gte(o.amount, NUMBER))
          .all()
        await vaults
          .query({ tenant: t.id })
          .where((o, { contains }) => contains(o.list, `${WORD} item`))
          .page({ size: 1 })
        await vaults.update(key, (o, { set, at, addToSet, append }) => [
          set(at(o.notes, `${WORD} key`), `${WORD} again`),
          addToSet(o.names, new Set([WORD])),
          append(o.list, [WORD]),
        ])
        await vaults.putMany([{ ...other, ...secrets }])
        await db.Slip.put({ tenant: t.id, note: WORD })
        await fails(() => db.Slip.put({ tenant: t.id, note: NUMBER as never }))
        const collected = await db
          .collection(['Vault', 'Slip'], { tenant: t.id })
          .where('Slip', (o, { eq }) => eq(o.note, WORD))
          .all()
        same([collected.Vault.length, collected.Slip.length], [2, 1], 'how many lie in the partition')
        await fails(() => db.collection(['Vault', 'Slip'], { tenant: t.id }).page({ cursor: WORD }))
        await vaults.deleteMany([key, other])
        holds(calls.length > 60 && requests.length > 10, 'the calls or the round trips were not told')
        for (const [at, error] of errors.entries()) hides(error, `error ${at}`)
        hides(calls, 'an event of a call')
        hides(requests, 'an event of a round trip')
        hides(warnings, 'a warning')
      },

      'explain masks sensitive values, and says what it says of others': async (t, db) => {
        const vaults = db.Vault
        const key = { tenant: t.id, owner: `${WORD} owner` }
        const { explain } = vaults
        const explained = {
          get: explain.get(key),
          create: explain.create({ ...key, ...secrets, open: 'to be seen' }),
          put: explain.put({ ...key, ...secrets }, { if: (o, { eq }) => eq(o.kind, 'hush') }),
          upsert: explain.upsert({ ...key, ...secrets }),
          update: explain.update(
            key,
            (o, { set, add, append, addToSet, setIfAbsent, remove, at }) => [
              set(o.pin, WORD),
              add(o.amount, NUMBER),
              setIfAbsent(o.since, DATE),
              addToSet(o.names, new Set([WORD])),
              append(o.list, [WORD]),
              set(at(o.notes, `${WORD} key`), WORD),
              remove(o.inner),
              set(o.raw, secrets.raw),
            ],
            {
              if: (o, { and, or, not, eq, between, in: isIn, contains, beginsWith, at }) =>
                and(
                  or(eq(o.pin, WORD), between(o.since, DATE, DATE)),
                  not(isIn(o.amount, [NUMBER])),
                  contains(o.names, WORD),
                  beginsWith(o.pin, WORD),
                  eq(at(o.notes, `${WORD} key`), WORD),
                ),
            },
          ),
          changed: explain.update(key, (o, { prepend, deleteFromSet }) => [
            prepend(o.list, [WORD]),
            deleteFromSet(o.names, new Set([WORD])),
          ]),
          delete: explain.delete(key, { if: (o, { gt }) => gt(o.big, BigInt(NUMBER)) }),
          query: vaults
            .query({ tenant: t.id })
            .where((o, { beginsWith }) => beginsWith(o.owner, WORD))
            .explain(),
          between: vaults
            .query({ tenant: t.id })
            .where((o, { and, gt, lt }) => and(gt(o.owner, WORD), lt(o.owner, `${WORD}~`)))
            .explain(),
          index: vaults
            .query('byPin', { tenant: t.id, pin: secrets.pin })
            .where((o, { and, gte, eq }) => and(gte(o.amount, NUMBER), eq(o.inner.a, WORD)))
            .explain(),
          collection: db
            .collection(['Vault', 'Slip'], { tenant: t.id })
            .where('Vault', (o, { and, gt, eq }) => and(gt(o.owner, WORD), eq(o.pin, WORD)))
            .where('Slip', (o, { eq }) => eq(o.note, WORD))
            .explain(),
          scan: vaults
            .scan({ allowScan: true })
            .where((o, { eq }) => eq(o.kind, 'hush'))
            .explain(),
        }
        for (const [what, shown] of Object.entries(explained)) hides(shown, `explain of ${what}`)
        holds(inspect(explained.create, { depth: 9 }).includes('to be seen'), 'explain hides what is not sensitive')
        same(explained.index.access, 'index', 'the access of a query by an index')
        same(explained.between.access, 'key', 'the access of a query by the key')
        holds(explained.get.roundTrips === 1, 'explain of get does not say one round trip')
      },
    },
  ),

  ...cases(
    'P16',
    'secrecy of unique values',
    { Badge },
    {
      'no event or error shows one': {
        requires: 'transact:store',
        run: async (t) => {
          const calls: CallEvent[] = []
          const requests: RequestEvent[] = []
          const db = await t.connect(
            { Badge },
            { onCall: (event) => calls.push(event), onRequest: (event) => requests.push(event) },
          )
          const errors: unknown[] = []
          const fails = (work: Promise<unknown>): Promise<unknown> =>
            work.then(
              () => holds(false, 'the call was to fail'),
              (error: unknown) => errors.push(error),
            )
          const one = { tenant: t.id, owner: `${WORD} one`, code: `${WORD} code` }
          const two = { ...one, owner: `${WORD} two` }
          await db.Badge.create(one)
          await fails(db.Badge.create(two))
          await fails(db.Badge.putMany([two]))
          await fails(db.Badge.upsert(two))
          await fails(db.transact((b) => [b.Badge.create(two)]))
          await fails(db.transact((b) => [b.Badge.check(one, { if: (o, { eq }) => eq(o.code, WORD) })]))
          await fails(db.transact((b) => [b.Badge.delete(one), b.Badge.put(one)], { token: `${WORD} token` }))
          await fails(db.transact((b) => [b.Badge.put({ ...two, code: NUMBER as never })]))
          await db.transactGet((b) => [b.Badge.get(one), b.Badge.get(two)])
          for (const [at, error] of errors.entries()) hides(error, `error ${at}`)
          hides([calls, requests], 'an event')
          hides([db.Badge.explain.create(two), db.Badge.explain.delete(one)], 'explain')
        },
      },
    },
  ),
]
