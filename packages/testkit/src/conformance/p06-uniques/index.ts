import { defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'

const User = defineEntity({
  name: 'P6User',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    email: z.string().nullable().optional(),
    country: z.string().optional(),
    number: z.int().optional(),
    until: z.date().optional(),
    note: z.string().optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byNote: { partition: ['note'] } },
  uniques: { byEmail: ['email'], byDocument: ['country', 'number'] },
  revision: true,
  ttl: 'until',
})
/** Another kind with a constraint of the same name and fields. */
const Team = defineEntity({
  name: 'P6Team',
  schema: z.object({ group: z.string(), id: z.string(), email: z.string() }),
  key: { partition: ['group'], sort: ['id'] },
  uniques: { byEmail: ['email'] },
})

/** The same kind, from before it had a constraint. */
const Loose = defineEntity({ name: 'P6Team', schema: Team.schema, key: { partition: ['group'], sort: ['id'] } })

const violated = { says: ['byEmail', 'email'], path: ['email'] } as const

export const uniques: readonly Case[] = cases(
  'P6',
  'unique constraints',
  { User, Team },
  {
    'a value that is taken is refused, whatever writes it, and nothing is written': {
      requires: 'transact:store',
      run: async (t, db) => {
        const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ group: t.id, id })) as [Key, Key, Key]
        const email = `${t.id}@example.com`
        await db.User.create({ ...a, email, note: t.id })
        await db.User.create(b)
        const before = await db.User.get(b)
        await refused(db.User.create({ ...c, email }), 'UNIQUE_VIOLATION', violated)
        await refused(db.User.put({ ...b, email }), 'UNIQUE_VIOLATION', violated)
        await refused(db.User.upsert({ ...c, email }), 'UNIQUE_VIOLATION', violated)
        await refused(db.User.update(b, { email, note: 'x' }), 'UNIQUE_VIOLATION', violated)
        await refused(db.User.update(c, { email }, { orCreate: true }), 'UNIQUE_VIOLATION', violated)
        await refused(
          db.transact((w) => [w.User.put({ ...c, email })]),
          'UNIQUE_VIOLATION',
          violated,
        )
        await refused(db.User.putMany([{ ...c, email }]), 'UNIQUE_VIOLATION')
        same(await db.User.get(b), before, 'the one that wanted it')
        same(await db.User.get(c), undefined, 'the one that was not made')
        await db.Team.create({ ...a, email })
      },
    },

    'a value follows its entity: through updates, replacement and deletion': {
      requires: 'transact:store',
      run: async (t, db) => {
        const [a, b] = ['a', 'b'].map((id) => ({ group: t.id, id })) as [Key, Key]
        const [one, two] = [`1${t.id}`, `2${t.id}`]
        await db.User.create({ ...a, email: one })
        await db.User.update(a, { email: two })
        await db.User.create({ ...b, email: one })
        await refused(db.User.update(a, { email: one }), 'UNIQUE_VIOLATION', violated)
        await db.User.put({ ...b, note: 'none' })
        await db.User.update(a, { email: one })
        await db.User.update(a, (o, { remove }) => remove(o.email))
        await db.User.update(b, { email: one })
        await db.User.delete(b)
        await db.User.put({ ...a, email: one })
        await db.User.put({ ...a, email: one, note: 'again' })
        same((await db.User.update(a, { note: 'once more' })).email, one, 'who has it in the end')
        await db.User.deleteMany([a])
        await db.User.putMany([{ ...b, email: one }])
        await refused(db.User.create({ ...a, email: one }), 'UNIQUE_VIOLATION', violated)
      },
    },

    'absent and null fields are free, and several fields count together': {
      requires: 'transact:store',
      run: async (t, db) => {
        const at = (id: string): Key => ({ group: t.id, id })
        for (const id of ['1', '2']) await db.User.create(at(id))
        for (const id of ['3', '4']) await db.User.create({ ...at(id), email: null, country: t.id })
        await db.User.create({ ...at('5'), country: t.id, number: 1 })
        await db.User.create({ ...at('6'), country: t.id, number: 2 })
        await db.User.create({ ...at('7'), country: `${t.id}#1`, number: 1 })
        const error = await refused(db.User.update(at('6'), { number: 1 }), 'UNIQUE_VIOLATION')
        same(error.path, ['country'], 'the path of the error')
        await db.User.update(at('6'), (o, { remove }) => remove(o.number))
        await db.User.update(at('5'), { number: 2 })
      },
    },

    'a guard is judged first': {
      requires: 'transact:store',
      run: async (t, db) => {
        const [a, b, none] = ['a', 'b', 'none'].map((id) => ({ group: t.id, id })) as [Key, Key, Key]
        const email = t.id
        await db.User.create({ ...a, email })
        await db.User.create({ ...b, note: 'here' })
        await refused(db.User.create({ ...b, email }), 'ALREADY_EXISTS')
        await refused(db.User.update(none, { email }), 'NOT_FOUND')
        await refused(db.User.put({ ...b, email }, { ifRevision: 'x' }), 'REVISION_MISMATCH')
        await refused(db.User.update(b, { email }, { if: (o, { eq }) => eq(o.note, 'gone') }), 'CONDITION_FAILED')
        await refused(
          db.User.update(b, { email }, { if: (o, { eq }) => eq(o.note, 'here') }),
          'UNIQUE_VIOLATION',
          violated,
        )
        const old = await db.User.put({ ...a, email, note: 'new' }, { return: 'old' })
        same(old?.email, email, 'the old entity')
        same((await db.User.delete(a, { return: 'old' }))?.note, 'new', 'the deleted entity')
      },
    },

    'of many at once exactly one has it': {
      requires: 'transact:store',
      run: async (t, db) => {
        for (let round = 0; round < 3; round++) {
          const email = `${t.id}-${round}`
          const created = await Promise.allSettled(
            Array.from({ length: 40 }, (_, at) => db.User.create({ group: t.id, id: `${round}-${at}`, email })),
          )
          const codes = created.map((each) =>
            each.status === 'fulfilled' ? 'done' : each.reason instanceof StoreError ? each.reason.code : each.reason,
          )
          same(codes.filter((code) => code === 'done').length, 1, `who of round ${round} has it`)
          same(codes.filter((code) => code === 'UNIQUE_VIOLATION').length, 39, 'who was refused')
          const there = (await db.User.query({ group: t.id }).all()).filter((one) => one.email === email)
          same(there.length, 1, 'how many are stored with it')
        }
      },
    },

    'a value passes from one to another in one transaction, and is taken once': {
      requires: 'transact:store',
      run: async (t, db) => {
        const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ group: t.id, id })) as [Key, Key, Key]
        const [one, two] = [`1${t.id}`, `2${t.id}`]
        await db.User.create({ ...a, email: one })
        await db.User.create({ ...b, email: two })
        await db.transact((w) => [w.User.update(a, { email: two }), w.User.update(b, { email: one })])
        same([(await db.User.get(a))?.email, (await db.User.get(b))?.email], [two, one], 'who has what')
        await db.transact((w) => [w.User.delete(a), w.User.create({ ...c, email: two })])
        await refused(
          db.transact((w) => [w.User.create({ ...a, email: 'x' + t.id }), w.User.put({ ...b, email: 'x' + t.id })]),
          'UNIQUE_VIOLATION',
          violated,
        )
        same(await db.User.get(a), undefined, 'what was not made')
      },
    },

    'a holder that has expired does not block, and gives nothing back that another has': {
      requires: 'transact:store',
      run: async (t, db) => {
        const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ group: t.id, id })) as [Key, Key, Key]
        const email = t.id
        await db.User.create({ ...a, email, until: t.clock.in(1_000) })
        await refused(db.User.create({ ...b, email }), 'UNIQUE_VIOLATION', violated)
        t.clock.advance(1_000)
        await db.User.create({ ...b, email })
        await db.User.create({ ...a, note: 'afresh' })
        await refused(db.User.create({ ...c, email }), 'UNIQUE_VIOLATION', violated)
        await db.User.update(b, { until: t.clock.in(5_000) })
        t.clock.advance(3_000)
        await refused(db.User.create({ ...c, email }), 'UNIQUE_VIOLATION', violated)
        await db.User.update(b, (o, { remove }) => remove(o.until))
        t.clock.advance(10_000)
        await refused(db.User.create({ ...c, email }), 'UNIQUE_VIOLATION', violated)
        await db.User.delete(b)
        await db.User.create({ ...c, email })
      },
    },

    'explain says what a write takes at most, and one that touches no value takes one': {
      requires: 'transact:store',
      run: async (t, db) => {
        const a = { group: t.id, id: 'a' }
        const whole = { ...a, email: t.id }
        const trips = async (work: () => Promise<unknown>): Promise<number> => (await t.trips(work)).requests.length
        const moved = { email: `x${t.id}` }
        const { explain } = db.User
        const writes = [
          [explain.create(whole), () => db.User.create(whole)],
          [explain.update(a, moved), () => db.User.update(a, moved)],
          [explain.put(whole), () => db.User.put(whole)],
          [explain.delete(a), () => db.User.delete(a)],
        ] as const
        for (const [{ roundTrips }, write] of writes) {
          const taken = await trips(write)
          holds(taken > 1 && taken <= roundTrips, `explain said ${roundTrips}, and it took ${taken}`)
        }
        await db.User.create(whole)
        same(explain.update(a, { note: 'x' }).roundTrips, 1, 'what explain says of another update')
        same(await trips(() => db.User.update(a, { note: 'x' })), 1, 'the round trips of another update')
      },
    },

    'a constraint that came later holds of what was there before, once it is filled': {
      requires: 'transact:store',
      run: async (t) => {
        const namespace = t.fresh()
        const before = await namespace.connect({ Team: Loose })
        await before.setup()
        const [a, b, c] = ['a', 'b', 'c'].map((id) => ({ group: t.id, id })) as [Key, Key, Key]
        await before.Team.putMany([
          { ...a, email: 'x' },
          { ...b, email: 'y' },
        ])
        const db = await namespace.connect({ Team })
        same((await db.setup()).unfilled, ['P6Team.byEmail'], 'what setup calls unfilled')
        const { filled } = await db.fillIndexes()
        same(filled, ['P6Team.byEmail'], 'what was filled')
        same(await db.check(), { ok: true, problems: [] }, 'what check finds')
        await refused(db.Team.create({ ...c, email: 'x' }), 'UNIQUE_VIOLATION', violated)
        await db.Team.update(a, { email: 'z' })
        await db.Team.create({ ...c, email: 'x' })
      },
    },

    'a constraint that what is stored breaks is not filled, and the entity is named': {
      requires: 'transact:store',
      run: async (t) => {
        const namespace = t.fresh()
        const before = await namespace.connect({ Team: Loose })
        await before.setup()
        await before.Team.putMany(['a', 'b'].map((id) => ({ group: t.id, id, email: 'x' })))
        const db = await namespace.connect({ Team })
        await db.setup()
        const error = await refused(db.fillIndexes(), 'UNIQUE_VIOLATION', violated)
        holds(error.key !== undefined && error.key.group === t.id, 'the error does not name the entity')
        holds(!(await db.check()).ok, 'check finds all well')
        await db.Team.delete(error.key as unknown as Key)
        await db.fillIndexes()
        same(await db.check(), { ok: true, problems: [] }, 'what check finds once it is resolved')
      },
    },
  },
)

interface Key {
  readonly group: string
  readonly id: string
}
