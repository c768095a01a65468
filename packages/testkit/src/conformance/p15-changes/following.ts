import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { entities, FEED } from './watched.js'

export const following: readonly Case[] = cases(
  'P15',
  'following',
  entities,
  {
    'a loop gets what is written, and ends when the feed is closed': async (t, db) => {
      const feed = await db.changes(['Watched'])
      const seen: number[] = []
      const loop = (async () => {
        for await (const { changes } of feed) {
          for (const { key } of changes) if (key.group === t.id) seen.push(key.id)
          if (seen.length === 3) await feed.close()
        }
      })()
      for (const id of [1, 2, 3]) await db.Watched.put({ group: t.id, id, n: id })
      await loop
      same(seen, [1, 2, 3], 'what the loop saw')
      await refused(feed.read(), 'CLOSED')
      await feed.close()
    },

    'a read waits as long as it is told, and can be given up': async (t, db) => {
      await using feed = await db.changes(['Watched'])
      const started = Date.now()
      const none = await feed.read({ wait: 300 })
      if (none.changes.length === 0) holds(Date.now() - started >= 250, 'the read did not wait')
      const giving = new AbortController()
      const waiting = feed.read({ wait: 60_000, signal: giving.signal })
      setTimeout(() => giving.abort(), 50)
      await refused(waiting, 'ABORTED')
      await refused(feed.read({ wait: 60_000, deadline: 100 }), 'TIMEOUT')
      await db.Watched.put({ group: t.id, id: 1, n: 1 })
      // Nothing was lost with what was given up.
      let found = 0
      for (const until = Date.now() + 15_000; found === 0 && Date.now() < until; ) {
        const { changes } = await feed.read({ wait: 1_000 })
        found += changes.filter(({ key }) => key.group === t.id).length
      }
      same(found, 1, 'the changes after it')
    },

    'a loop takes as many at a time as it is told, and its signal ends it': async (t, db) => {
      for (const id of [1, 2, 3, 4, 5]) await db.Watched.put({ group: t.id, id, n: id })
      await using feed = await db.changes(['Watched'])
      for (const id of [6, 7, 8, 9]) await db.Watched.put({ group: t.id, id, n: id })
      const ending = new AbortController()
      const seen: number[] = []
      const loop = (async () => {
        for await (const { changes } of feed.iterate({ limit: 2, wait: 500, signal: ending.signal })) {
          holds(changes.length <= 2, `a batch has ${changes.length} changes, and was to have 2 at most`)
          for (const { key } of changes) if (key.group === t.id && key.id > 5) seen.push(key.id)
          if (seen.length === 4) ending.abort()
        }
      })()
      await refused(loop, 'ABORTED')
      same(seen, [6, 7, 8, 9], 'what the loop saw')
    },

    'closing the connection ends its feeds': async (t) => {
      const db = await t.connect(entities)
      const feed = await db.changes(['Watched'])
      const waiting = feed.read({ wait: 60_000 })
      setTimeout(() => void db.close(), 50)
      await refused(waiting, 'CLOSED')
      await refused(feed.read(), 'CLOSED')
      await refused(db.changes(['Watched']), 'CLOSED')
    },

    'what cannot be followed is refused, and the message says why': async (t, db) => {
      const { message } = await refused(db.changes(['Silent']), 'VALIDATION')
      holds(message.includes('changes: true'), `the message ${JSON.stringify(message)} does not say what to do`)
      await refused(db.changes([] as never), 'VALIDATION')
      await refused(db.changes('Watched' as never), 'VALIDATION')
      await refused(db.changes(['Nobody' as never]), 'VALIDATION', { says: ['Nobody'] })
      await refused(db.changes(['Watched', 'Watched']), 'VALIDATION')
      await refused(db.changes(['Watched'], { from: 'now' } as never), 'VALIDATION')
      await using feed = await db.changes(['Watched'])
      await refused(feed.read({ limit: 0 }), 'VALIDATION')
      await refused(feed.read({ wait: -1 }), 'VALIDATION')
      await refused(feed.read({ wait: 'long' as never }), 'VALIDATION')
      await refused(feed.read({ size: 1 } as never), 'VALIDATION')
      const waiting = feed.read({ wait: 200 })
      await refused(feed.read(), 'VALIDATION')
      await waiting
      await db.Watched.put({ group: t.id, id: 1, n: 1 })
    },
  },
  FEED,
)
