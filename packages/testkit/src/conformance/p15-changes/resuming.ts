import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'
import { brief, changesOf, entities, FEED } from './watched.js'

const SECRET = 'a secret of the conformance suite'

export const resuming: readonly Case[] = cases(
  'P15',
  'resuming',
  entities,
  {
    'a feed goes on behind a position, also on another connection': async (t, db) => {
      const first = await db.changes(['Watched', 'Beside'])
      const start = first.position
      await db.Watched.put({ group: t.id, id: 1, n: 1 })
      await changesOf(first, t.id, 1)
      const { position } = first
      await first.close()
      // While nobody follows.
      await db.Watched.put({ group: t.id, id: 1, n: 2 })
      await db.Beside.put({ group: t.id, id: 'b', n: 3 })
      const other = await t.connect(entities)
      await using second = await other.changes(['Beside', 'Watched'], { after: position })
      const expected = [
        ['Watched', 'update', 1, 1, 2],
        ['Beside', 'insert', 'b', undefined, 3],
      ]
      same((await changesOf(second, t.id, 2)).map(brief).sort(), expected.toSorted(), 'the changes behind the position')
      await using again = await other.changes(['Watched', 'Beside'], { after: start })
      const all = [['Watched', 'insert', 1, undefined, 1], ...expected]
      same((await changesOf(again, t.id, 3)).map(brief).sort(), all.toSorted(), 'the changes from the start')
    },

    'nothing is lost where a feed is opened anew for each batch': async (t, db) => {
      let { position } = await db.changes(['Watched', 'Beside'])
      const ids = Array.from({ length: 40 }, (_, id) => id)
      const writing = Promise.all(ids.map((id) => db.Watched.put({ group: t.id, id, n: id })))
      const seen = new Set<unknown>()
      for (const until = Date.now() + 20_000; seen.size < ids.length && Date.now() < until; ) {
        await using feed = await db.changes(['Watched', 'Beside'], { after: position })
        const batch = await feed.read({ limit: 7, wait: 500 })
        for (const { key } of batch.changes) if (key.group === t.id) seen.add(key.id)
        position = batch.position
        same(feed.position, position, 'the position of the feed')
      }
      await writing
      same([...seen].sort(byNumber), ids, 'the entities that were seen')
    },

    'a position is of its entities, and of nobody who altered it': async (t, db) => {
      await using feed = await db.changes(['Watched', 'Beside'])
      await db.Watched.put({ group: t.id, id: 1, n: 1 })
      await changesOf(feed, t.id, 1)
      const { position } = feed
      await refused(db.changes(['Watched'], { after: position }), 'INVALID_CURSOR')
      for (const after of ['', 'x', position.slice(0, -3), `${position}A`]) {
        await refused(db.changes(['Watched', 'Beside'], { after }), 'INVALID_CURSOR')
      }
      await refused(db.changes(['Watched', 'Beside'], { after: 7 as never }), 'INVALID_CURSOR')
      const { cursor } = await db.Watched.query({ group: t.id }).page({ size: 1 })
      if (cursor !== undefined) await refused(db.changes(['Watched', 'Beside'], { after: cursor }), 'INVALID_CURSOR')
      const sealing = await t.connect(entities, { cursorSecret: SECRET })
      await refused(sealing.changes(['Watched', 'Beside'], { after: position }), 'INVALID_CURSOR')
      await using sealed = await sealing.changes(['Watched', 'Beside'])
      // In a group of its own: a position at which nothing was read yet may repeat what came shortly before.
      const group = `${t.id}/sealed`
      await db.Watched.put({ group, id: 2, n: 2 })
      await using reopened = await sealing.changes(['Watched', 'Beside'], { after: sealed.position })
      same(
        (await changesOf(reopened, group, 1)).map(brief),
        [['Watched', 'insert', 2, undefined, 2]],
        'a sealed position',
      )
    },
  },
  FEED,
)

function byNumber(a: unknown, b: unknown): number {
  return Number(a) - Number(b)
}
