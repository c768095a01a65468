import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { pagesOf } from './walk.js'

const schema = z.object({ group: z.string(), id: z.int(), n: z.int(), name: z.string() })
const definition = {
  schema,
  key: { partition: ['group'], sort: ['id'] },
  indexes: { byN: { partition: ['group'], sort: ['n'] }, byName: { partition: ['group'], sort: ['name'] } },
} as const
const Mark = defineEntity({ name: 'P9Mark', ...definition })
const Other = defineEntity({ name: 'P9Other', ...definition })

const SECRET = 'a secret of more than sixteen'
const marks = (group: string) => Array.from({ length: 30 }, (_, id) => ({ group, id, n: id % 7, name: `name ${id}` }))
const idsOf = (found: readonly { readonly id: number }[]): number[] => found.map(({ id }) => id)

/** The text that a cursor spells out, as far as base64 does. */
const readable = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('latin1')

export const cursors: readonly Case[] = cases(
  'P9',
  'cursors',
  { Mark, Other },
  {
    'a cursor goes on where its page ended, with any size, on any handle': async (t, db) => {
      await db.Mark.putMany(marks(t.id))
      const query = db.Mark.query({ group: t.id })
      const { cursor } = await query.page({ size: 7 })
      holds(cursor !== undefined, 'there is no cursor')
      same(idsOf((await query.page({ size: 3, cursor })).items), [7, 8, 9], 'three more')
      same(idsOf((await query.page({ size: 3, cursor })).items), [7, 8, 9], 'the same three again')
      same(
        idsOf((await query.page({ size: 100, cursor })).items),
        Array.from({ length: 23 }, (_, n) => n + 7),
        'all the rest',
      )
      same(idsOf((await query.select('id').page({ size: 2, cursor })).items), [7, 8], 'with fewer fields')
      const other = await t.connect({ Mark })
      same(
        idsOf((await other.Mark.query({ group: t.id }).page({ size: 2, cursor })).items),
        [7, 8],
        'on another handle',
      )
      await db.Mark.delete({ group: t.id, id: 6 })
      same(idsOf((await query.page({ size: 2, cursor })).items), [7, 8], 'when the entity it stands behind is gone')
    },

    'a cursor is bound to its query': async (t, db) => {
      await db.Mark.putMany(marks(t.id))
      await db.Mark.putMany(marks(`${t.id}2`))
      await db.Other.putMany(marks(t.id))
      const query = db.Mark.query({ group: t.id })
      const { cursor } = await query.page({ size: 5 })
      const { requests } = await t.trips(async () => {
        await refused(db.Other.query({ group: t.id }).page({ cursor }), 'INVALID_CURSOR', { retryable: false })
        await refused(db.Mark.query({ group: `${t.id}2` }).page({ cursor }), 'INVALID_CURSOR')
        await refused(db.Mark.query('byN', { group: t.id }).page({ cursor }), 'INVALID_CURSOR')
        await refused(query.reverse().page({ cursor }), 'INVALID_CURSOR')
        await refused(query.where((o, { gt }) => gt(o.id, 1)).page({ cursor }), 'INVALID_CURSOR')
        await refused(query.where((o, { eq }) => eq(o.n, 1)).page({ cursor }), 'INVALID_CURSOR')
      })
      same(requests.length, 0, 'the round trips')
      const filtered = await query.where((o, { gt }) => gt(o.n, 1)).page({ size: 2 })
      await refused(query.where((o, { gt }) => gt(o.n, 2)).page({ cursor: filtered.cursor }), 'INVALID_CURSOR')
      await refused(query.where((o, { gte }) => gte(o.n, 1)).page({ cursor: filtered.cursor }), 'INVALID_CURSOR')
      await refused(query.page({ cursor: filtered.cursor }), 'INVALID_CURSOR')
      await t.settled(() => db.Mark.query('byN', { group: t.id }).count(), 30, 'how many the index holds')
      const byN = await db.Mark.query('byN', { group: t.id }).page({ size: 2 })
      await refused(db.Mark.query('byName', { group: t.id }).page({ cursor: byN.cursor }), 'INVALID_CURSOR')
    },

    'an altered cursor is refused, wherever it was altered': async (t, db) => {
      await db.Mark.putMany(marks(t.id))
      for (const options of [{}, { cursorSecret: SECRET }]) {
        const { Mark: repository } = await t.connect({ Mark }, options)
        const query = repository.query({ group: t.id })
        const { cursor = '' } = await query.page({ size: 5 })
        for (let at = 0; at < cursor.length; at += 1) {
          const altered = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`
          // The last character's lowest bits may carry nothing, so that another one can spell the same bytes.
          if (Buffer.from(altered, 'base64url').equals(Buffer.from(cursor, 'base64url'))) continue
          await refused(query.page({ cursor: altered }), 'INVALID_CURSOR')
        }
        for (const altered of [
          cursor.slice(1),
          cursor.slice(0, -4),
          cursor + cursor,
          `${cursor}AAAA`,
          cursor.toUpperCase(),
          '',
          'x',
          'null',
          '{}',
          '../../etc',
          'é',
          '{"$gt":""}',
          cursor.split('').reverse().join(''),
        ]) {
          await refused(query.page({ cursor: altered }), 'INVALID_CURSOR')
        }
        for (const foreign of [1, {}, [], true, new Date(), { $gt: '' }])
          await refused(query.page({ cursor: foreign as never }), 'INVALID_CURSOR')
      }
    },

    'a cursor of another format version is refused': async (t, db) => {
      await db.Mark.putMany(marks(t.id))
      const query = db.Mark.query({ group: t.id })
      const { cursor = '' } = await query.page({ size: 5 })
      const bytes = Buffer.from(cursor, 'base64url')
      for (const version of [0, 2, 255]) {
        const other = Buffer.from(bytes)
        other[0] = version
        await refused(query.page({ cursor: other.toString('base64url') }), 'INVALID_CURSOR', {
          says: [String(version)],
        })
      }
    },

    'with a secret a cursor shows no key, and is of that secret only': async (t, db) => {
      await db.Mark.putMany(marks(t.id))
      const sealed = await t.connect({ Mark }, { cursorSecret: SECRET })
      const query = sealed.Mark.query('byName', { group: t.id })
      await t.settled(() => query.count(), 30, 'how many the index holds')
      const { cursor = '' } = await query.page({ size: 5 })
      holds(!readable(cursor).includes('name') && !readable(cursor).includes(t.id), 'the cursor shows a key')
      same(idsOf((await pagesOf(query, 7)).flat()).length, 30, 'a walk with sealed cursors')
      const again = await query.page({ size: 5 })
      same(again.cursor === cursor, false, 'that a cursor is sealed anew each time')
      same(
        idsOf((await query.page({ size: 2, cursor })).items),
        idsOf((await query.page({ size: 2, cursor: again.cursor })).items),
        'what both lead to',
      )
      const same2 = await t.connect({ Mark }, { cursorSecret: SECRET })
      same(
        (await same2.Mark.query('byName', { group: t.id }).page({ size: 2, cursor })).items.length,
        2,
        'a handle with the same secret',
      )
      const otherwise = await t.connect({ Mark }, { cursorSecret: `${SECRET}!` })
      await refused(otherwise.Mark.query('byName', { group: t.id }).page({ cursor }), 'INVALID_CURSOR')
      await refused(db.Mark.query('byName', { group: t.id }).page({ cursor }), 'INVALID_CURSOR')
      const open = await db.Mark.query('byName', { group: t.id }).page({ size: 5 })
      await refused(query.page({ cursor: open.cursor }), 'INVALID_CURSOR')
      await refused(sealed.Mark.query('byN', { group: t.id }).page({ cursor }), 'INVALID_CURSOR')
    },

    'a cursor stands on values of every kind': async (t, db) => {
      const names = ['', '\0', '#', '$', '"', '\\', '\n', 'é', '\uffff', '😀', '{"a":1}', '-1']
      await db.Mark.putMany(names.map((name, id) => ({ group: t.id, id, n: -id, name })))
      const sorted = ['', '\0', '\n', '"', '#', '$', '-1', '\\', '{"a":1}', 'é', '\uffff', '😀']
      const query = db.Mark.query('byName', { group: t.id })
      await t.settled(() => query.count(), names.length, 'how many the index holds')
      same(
        (await pagesOf(query, 1)).flat().map(({ name }) => name),
        sorted,
        'in pages of one',
      )
      same(
        (await pagesOf(query.reverse(), 1)).flat().map(({ name }) => name),
        sorted.toReversed(),
        'in reverse',
      )
    },
  },
)
