import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'
import { shuffled } from './shelf.js'

const Track = defineEntity({
  name: 'P2Track',
  schema: z.object({
    group: z.string(),
    artist: z.string(),
    disc: z.int(),
    played: z.boolean(),
    at: z.date(),
    id: z.string(),
  }),
  key: { partition: ['group'], sort: ['artist', 'disc', 'played', 'at'] },
  indexes: {
    byTime: { partition: ['group'], sort: ['at', 'artist'] },
    byDisc: { partition: ['group'], sort: ['disc'] },
  },
})

type Row = readonly [artist: string, disc: number, played: boolean, at: number]

/** Ascending field by field; encoded naively, `a` + `b#` and `a#` + `b` or 10 and 9 would swap. */
const rows: readonly Row[] = [
  ['', -1, false, 5],
  ['', 10, true, 0],
  ['a', 2, false, 0],
  ['a', 9, false, -1],
  ['a', 9, false, 0],
  ['a', 9, true, -7],
  ['a', 10, false, 3],
  ['a\0', 1, false, 3],
  ['a b', 1, false, 3],
  ['a!', 1, false, 3],
  ['a#', 1, false, 3],
  ['a#2', 1, false, 3],
  ['aa', 0, false, 1],
  ['\uffff', 1, false, 1],
  ['😀', 1, false, 1],
]

export const compositeOrder: readonly Case[] = cases(
  'P2',
  'order of composite keys',
  { Track },
  {
    'field by field, forward and in reverse': async (t, db) => {
      const tracks = rows.map(([artist, disc, played, at], n) => ({
        group: t.id,
        artist,
        disc,
        played,
        at: new Date(at),
        id: String(n),
      }))
      await db.Track.putMany(shuffled(tracks))
      same(await db.Track.query({ group: t.id }).all(), tracks, 'forward')
      same(await db.Track.query({ group: t.id }).reverse().all(), tracks.toReversed(), 'in reverse')
    },

    'equality on the first fields and a range on the next': async (t, db) => {
      const tracks = rows.map(([artist, disc, played, at], n) => ({
        group: t.id,
        artist,
        disc,
        played,
        at: new Date(at),
        id: String(n),
      }))
      await db.Track.putMany(shuffled(tracks))
      const a = db.Track.query({ group: t.id }).where((o, { eq }) => eq(o.artist, 'a'))
      const ids = async (query: typeof a): Promise<string[]> => (await query.all()).map(({ id }) => id)
      same(await ids(a), ['2', '3', '4', '5', '6'], 'artist a')
      same(await ids(a.where((o, { gte }) => gte(o.disc, 9))), ['3', '4', '5', '6'], 'disc from 9')
      same(await ids(a.where((o, { lt }) => lt(o.disc, 10))), ['2', '3', '4', '5'], 'disc below 10')
      same(await ids(a.where((o, { eq }) => eq(o.disc, 9))), ['3', '4', '5'], 'disc 9')
      same(
        await ids(a.where((o, { and, eq }) => and(eq(o.disc, 9), eq(o.played, false)))),
        ['3', '4'],
        'disc 9, not played',
      )
      same(
        await ids(a.where((o, { and, eq, lt }) => and(eq(o.disc, 9), eq(o.played, false), lt(o.at, new Date(0))))),
        ['3'],
        'and before 1970',
      )
      same(await ids(a.where((o, { eq }) => eq(o.played, true))), ['5'], 'a gap: played, whatever the disc')
      same(await ids(a.where((o, { gt }) => gt(o.at, new Date(-1)))), ['2', '4', '6'], 'a gap of two fields')
      const prefixed = db.Track.query({ group: t.id }).where((o, { beginsWith }) => beginsWith(o.artist, 'a'))
      same(await ids(prefixed), ['2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'], 'artists that begin with a')
      same(await ids(prefixed.where((o, { eq }) => eq(o.disc, 1))), ['7', '8', '9', '10', '11'], 'and disc 1')
      same(
        await ids(
          db.Track.query({ group: t.id })
            .where((o, { gt }) => gt(o.artist, 'a'))
            .reverse()
            .limit(3),
        ),
        ['14', '13', '12'],
        'the last three after a',
      )
      same(
        await ids(db.Track.query({ group: t.id }).where((o, { lte }) => lte(o.artist, 'a'))),
        ['0', '1', '2', '3', '4', '5', '6'],
        'up to a, all of a',
      )
    },

    'an index breaks ties by the key, reversed in reverse': async (t, db) => {
      const tracks = rows.map(([artist, disc, played, at], n) => ({
        group: t.id,
        artist,
        disc,
        played,
        at: new Date(at),
        id: String(n),
      }))
      await db.Track.putMany(shuffled(tracks))
      // By disc, then by artist, played and at of the key.
      const byDisc = [0, 12, 7, 8, 9, 10, 11, 13, 14, 2, 3, 4, 5, 1, 6].map(String)
      await t.settled(
        async () => (await db.Track.query('byDisc', { group: t.id }).all()).map(({ id }) => id),
        byDisc,
        'by disc',
      )
      same(
        (await db.Track.query('byDisc', { group: t.id }).reverse().all()).map(({ id }) => id),
        byDisc.toReversed(),
        'by disc, in reverse',
      )
      // By at and artist, then by disc and played of the key.
      const byTime = [5, 3, 1, 2, 4, 12, 13, 14, 6, 7, 8, 9, 10, 11, 0].map(String)
      await t.settled(
        async () => (await db.Track.query('byTime', { group: t.id }).all()).map(({ id }) => id),
        byTime,
        'by time',
      )
      const third = await db.Track.query('byTime', { group: t.id })
        .where((o, { and, eq, gt }) => and(eq(o.at, new Date(3)), gt(o.artist, 'a')))
        .reverse()
        .all()
      same(
        third.map(({ id }) => id),
        ['11', '10', '9', '8', '7'],
        'at 3, artists after a, in reverse',
      )
    },
  },
)
