import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { brief, changesOf, entities, FEED, owned } from './watched.js'

export const kinds: readonly Case[] = cases(
  'P15',
  'kinds of changes',
  entities,
  {
    'each write is a change, with the entity before and after': async (t, db) => {
      await using feed = await db.changes(['Watched', 'Beside'])
      const key = { group: t.id, id: 1 }
      const full = {
        ...key,
        n: 1,
        note: '#',
        tags: new Set(['b', 'a']),
        big: 2n ** 60n,
        bytes: Uint8Array.of(0, 255),
        at: new Date(-1),
        'a.b': { $x: [1.5, null], '': [] },
      }
      await db.Watched.create(full)
      const changed = await db.Watched.update(key, (o, { add, remove, addToSet }) => [
        add(o.n, 1),
        remove(o.note),
        addToSet(o.tags, new Set(['c'])),
      ])
      await db.Watched.put({ ...key, n: 3 })
      await db.Watched.upsert({ ...key, n: 4, note: 'x' })
      await db.Watched.delete(key)
      const found = await changesOf(feed, t.id, 5)
      const images = found.map(({ entity, kind, key: of, old, new: left }) => ({
        entity,
        kind,
        key: of,
        old,
        new: left,
      }))
      const change = { entity: 'Watched', key }
      same(
        images,
        [
          { ...change, kind: 'insert', old: undefined, new: full },
          { ...change, kind: 'update', old: full, new: changed },
          { ...change, kind: 'update', old: changed, new: { ...key, n: 3 } },
          { ...change, kind: 'update', old: { ...key, n: 3 }, new: { ...key, n: 4, note: 'x' } },
          { ...change, kind: 'delete', old: { ...key, n: 4, note: 'x' }, new: undefined },
        ],
        'the changes',
      )
      for (const { kind, at } of found)
        if (kind !== 'delete') same(at.getTime(), t.clock.now(), `the moment of ${kind}`)
    },

    'an entity written over one that has expired is an expiry and an insert': async (t, db) => {
      await using feed = await db.changes(['Watched', 'Beside'])
      const key = { group: t.id, id: 1 }
      const until = new Date(t.clock.now() + 60_000)
      await db.Watched.put({ ...key, n: 1, until })
      await db.Watched.update(key, (o, { add }) => add(o.n, 1))
      t.clock.advance(60_000)
      await db.Watched.create({ ...key, n: 10 })
      const found = await changesOf(feed, t.id, 4)
      same(
        found.map(brief),
        [
          ['Watched', 'insert', 1, undefined, 1],
          ['Watched', 'update', 1, 1, 2],
          ['Watched', 'expire', 1, 2, undefined],
          ['Watched', 'insert', 1, undefined, 10],
        ],
        'the changes',
      )
      same(found[3]?.at.getTime(), t.clock.now(), 'the moment of the last')
    },

    'the changes of a key are in their order, whoever makes them': async (t, db) => {
      await using feed = await db.changes(['Watched', 'Beside'])
      const ids = [1, 2, 3]
      const writers = 6
      const each = 5
      const add = async (id: number): Promise<void> => {
        for (let at = 0; at < each; at++) {
          await db.Watched.update({ group: t.id, id }, (o, { add: by }) => by(o.n, 1), { orCreate: false })
        }
      }
      await Promise.all(ids.map((id) => db.Watched.create({ group: t.id, id, n: 0 })))
      await Promise.all(Array.from({ length: writers }, (_, at) => add(ids[at % ids.length] as number)))
      const found = await changesOf(feed, t.id, ids.length + writers * each)
      for (const id of ids) {
        const own = found.filter(({ key }) => key.id === id)
        for (const [at, change] of own.entries()) {
          const before = own[at - 1]
          same(change.old, before?.new, `what change ${at} of ${id} found`)
          holds(
            at === 0 ? change.kind === 'insert' : change.kind === 'update',
            `change ${at} of ${id} is ${change.kind}`,
          )
        }
        same(own.at(-1)?.new?.n, (writers / ids.length) * each, `where ${id} ends`)
      }
    },
  },
  FEED,
)

export const transacted: readonly Case[] = cases(
  'P15',
  'changes of transactions',
  owned,
  {
    'batches and transactions are changes too, with revisions': async (t, db) => {
      await using feed = await db.changes(['Owned', 'Beside'])
      await db.Beside.putMany(['a', 'b', 'c'].map((id) => ({ group: t.id, id, n: 0 })))
      await db.transact(
        (x) => [
          x.Beside.update({ group: t.id, id: 'a' }, (o, { add }) => add(o.n, 1)),
          x.Owned.create({ group: t.id, id: 1, n: 7, email: `${t.id}@x` }),
          x.Beside.check({ group: t.id, id: 'c' }),
        ],
        { token: `${t.id}-token` },
      )
      await db.Beside.deleteMany([{ group: t.id, id: 'b' }])
      const found = await changesOf(feed, t.id, 6)
      same(
        found.map(brief).sort(byText),
        [
          ['Beside', 'insert', 'a', undefined, 0],
          ['Beside', 'insert', 'b', undefined, 0],
          ['Beside', 'insert', 'c', undefined, 0],
          ['Beside', 'update', 'a', 0, 1],
          ['Owned', 'insert', 1, undefined, 7],
          ['Beside', 'delete', 'b', 0, undefined],
        ].sort(byText),
        'the changes',
      )
      const updated = found.find(({ kind }) => kind === 'update')
      same(updated?.new, await db.Beside.get({ group: t.id, id: 'a' }), 'the entity after the update')
    },

    'what is not written is no change, nor is a write that changes nothing': async (t, db) => {
      await db.Owned.put({ group: t.id, id: 1, n: 1, email: `${t.id}@y` })
      await db.Beside.put({ group: t.id, id: 'a', n: 1 })
      await using feed = await db.changes(['Owned', 'Beside'])
      const key = { group: t.id, id: 1 }
      await refused(db.Owned.create({ ...key, n: 2 }), 'ALREADY_EXISTS')
      await refused(db.Owned.put({ ...key, n: 2 }, { if: (o, { eq }) => eq(o.n, 9) }), 'CONDITION_FAILED')
      await refused(db.Owned.update({ group: t.id, id: 2 }, { n: 2 }), 'NOT_FOUND')
      await refused(db.Owned.create({ group: t.id, id: 2, n: 2, email: `${t.id}@y` }), 'UNIQUE_VIOLATION')
      await refused(
        db.transact((x) => [x.Beside.delete({ group: t.id, id: 'a' }), x.Owned.create({ ...key, n: 2 })]),
        'ALREADY_EXISTS',
      )
      await db.transact((x) => [x.Beside.check({ group: t.id, id: 'a' }), x.Silent.put({ group: t.id, id: 4 })])
      await db.Owned.delete({ group: t.id, id: 3 })
      await db.Owned.put({ ...key, n: 1, email: `${t.id}@y` })
      await db.Owned.update(key, { n: 1 })
      await db.Silent.put({ group: t.id, id: 5 })
      await db.Silent.delete({ group: t.id, id: 5 })
      await db.Owned.put({ group: t.id, id: 9, n: 9 })
      same((await changesOf(feed, t.id, 1)).map(brief), [['Owned', 'insert', 9, undefined, 9]], 'the changes')
    },
  },
  [...FEED, 'transact:store'],
)

function byText(a: unknown, b: unknown): number {
  const [left, right] = [String(a), String(b)]
  return left < right ? -1 : left > right ? 1 : 0
}
