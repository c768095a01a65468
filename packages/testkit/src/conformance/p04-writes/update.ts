import { defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { refused, same } from '../check.js'

const Doc = defineEntity({
  name: 'P4Doc',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    title: z.string(),
    note: z.string().nullable().optional(),
    rank: z.int().default(5),
    n: z.int().optional(),
    address: z
      .object({
        city: z.string(),
        zip: z.string().optional(),
        geo: z.object({ lat: z.number(), lon: z.number().optional() }).optional(),
      })
      .nullable()
      .optional(),
    attributes: z.record(z.string(), z.string()).optional(),
    list: z.array(z.int()).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

const doc = (group: string) => ({
  group,
  id: '1',
  title: 'one',
  rank: 1,
  address: { city: 'Oslo', zip: '0150', geo: { lat: 1, lon: 2 } },
  attributes: { color: 'red', size: 'L' },
  list: [1, 2, 3],
})

export const updates: readonly Case[] = cases(
  'P4',
  'update',
  { Doc },
  {
    'an object sets the fields that it names, and no others': async (t, db) => {
      await db.Doc.create(doc(t.id))
      const changed = { ...doc(t.id), title: 'two', note: null, attributes: {} }
      same(
        await db.Doc.update(doc(t.id), { title: 'two', note: null, attributes: {}, n: undefined }),
        changed,
        'what update gave',
      )
      same(await db.Doc.get(doc(t.id)), changed, 'what is stored')
    },

    'a callback sets paths, and leaves what is beside them': async (t, db) => {
      await db.Doc.create(doc(t.id))
      const changed = await db.Doc.update(doc(t.id), (o, { set, at }) => [
        set(o.address.geo.lat, 9.5),
        set(o.address.city, 'Bergen'),
        set(at(o.attributes, 'color'), 'blue'),
        set(at(o.attributes, 'new'), 'x'),
        set(at(o.list, 1), 20),
      ])
      const expected = {
        ...doc(t.id),
        address: { city: 'Bergen', zip: '0150', geo: { lat: 9.5, lon: 2 } },
        attributes: { color: 'blue', size: 'L', new: 'x' },
        list: [1, 20, 3],
      }
      same(changed, expected, 'what update gave')
      same(await db.Doc.get(doc(t.id)), expected, 'what is stored')
    },

    'setIfAbsent sets what is absent, and leaves what is there, null too': async (t, db) => {
      await db.Doc.create({ ...doc(t.id), note: null })
      const changed = await db.Doc.update(doc(t.id), (o, { setIfAbsent, at }) => [
        setIfAbsent(o.title, 'no'),
        setIfAbsent(o.note, 'no'),
        setIfAbsent(o.n, 7),
        setIfAbsent(at(o.attributes, 'color'), 'no'),
        setIfAbsent(at(o.attributes, 'made'), 'yes'),
        setIfAbsent(o.address.geo.lon, 9),
      ])
      const expected = { ...doc(t.id), note: null, n: 7, attributes: { color: 'red', size: 'L', made: 'yes' } }
      same(changed, expected, 'what update gave')
      same(await db.Doc.get(doc(t.id)), expected, 'what is stored')
    },

    'remove drops optional fields and entries; absent ones are fine': async (t, db) => {
      await db.Doc.create(doc(t.id))
      const changed = await db.Doc.update(doc(t.id), (o, { remove, at }) => [
        remove(o.note),
        remove(o.list),
        remove(o.address.zip),
        remove(o.address.geo.lon),
        remove(at(o.attributes, 'color')),
        remove(at(o.attributes, 'never')),
      ])
      const expected = {
        group: t.id,
        id: '1',
        title: 'one',
        rank: 1,
        address: { city: 'Oslo', geo: { lat: 1 } },
        attributes: { size: 'L' },
      }
      same(changed, expected, 'what update gave')
      same(await db.Doc.get(doc(t.id)), expected, 'what is stored')
      const emptied = await db.Doc.update(doc(t.id), (o, { remove, at }) => [
        remove(at(o.attributes, 'size')),
        remove(o.address),
      ])
      same(emptied, { group: t.id, id: '1', title: 'one', rank: 1, attributes: {} }, 'what the second update gave')
    },

    'an update of what is absent is NOT_FOUND and writes nothing': async (t, db) => {
      const key = { group: t.id, id: '1' }
      await refused(db.Doc.update(key, { title: 'x' }), 'NOT_FOUND', { retryable: false })
      await refused(
        db.Doc.update(key, (o, { add }) => add(o.n, 1)),
        'NOT_FOUND',
      )
      await refused(db.Doc.update(key, {}), 'NOT_FOUND')
      same(await db.Doc.get(key), undefined, 'what is stored')
    },

    'orCreate makes a new entity of key, defaults and changes': async (t, db) => {
      const key = { group: t.id, id: '1' }
      const made = { ...key, title: 't', rank: 5, n: 3, list: [1] }
      const change = () =>
        db.Doc.update(key, (o, { set, add, append }) => [set(o.title, 't'), add(o.n, 3), append(o.list, [1])], {
          orCreate: true,
        })
      same(await change(), made, 'what the first update gave')
      same(await change(), { ...made, n: 6, list: [1, 1] }, 'what the second gave')
      same(await db.Doc.get(key), { ...made, n: 6, list: [1, 1] }, 'what is stored')
    },

    'orCreate of what does not fit the schema is refused': async (t, db) => {
      const key = { group: t.id, id: '1' }
      await refused(
        db.Doc.update(key, (o, { add }) => add(o.n, 3), { orCreate: true }),
        'VALIDATION',
        { says: ['title'] },
      )
      same(await db.Doc.get(key), undefined, 'what is stored')
    },

    'a path through a missing parent is INVALID_PATH, and nothing is written': async (t, db) => {
      const bare = { group: t.id, id: '1', title: 'one', rank: 1 }
      await db.Doc.create(bare)
      const still = async (what: string): Promise<void> => same(await db.Doc.get(bare), bare, what)
      await refused(
        db.Doc.update(bare, (o, { set }) => [set(o.title, 'no'), set(o.address.city, 'x')]),
        'INVALID_PATH',
        { path: ['address', 'city'], retryable: false },
      )
      await still('after a field of an absent object')
      await refused(
        db.Doc.update(bare, (o, { set, at }) => [set(at(o.attributes, 'x'), 'y'), set(o.rank, 2)]),
        'INVALID_PATH',
        { path: ['attributes', 'x'] },
      )
      await still('after an entry of an absent record')
      await refused(
        db.Doc.update(bare, (o, { set, at }) => [set(at(o.list, 0), 1), set(o.n, 1)]),
        'INVALID_PATH',
        { path: ['list', 0] },
      )
      await still('after an element of an absent list')
      await refused(
        db.Doc.update(bare, (o, { remove, set }) => [remove(o.address.zip), set(o.title, 'no')]),
        'INVALID_PATH',
      )
      await still('after a removal under an absent object')
      await refused(
        db.Doc.update(bare, (o, { setIfAbsent }) => [setIfAbsent(o.address.zip, 'x')]),
        'INVALID_PATH',
      )
      await refused(
        db.Doc.update(bare, (o, { set }) => [set(o.address.geo.lat, 1)]),
        'INVALID_PATH',
      )
      await refused(
        db.Doc.update(bare, (o, { remove, at }) => remove(at(o.attributes, 'x'))),
        'INVALID_PATH',
      )
      await refused(
        db.Doc.update(bare, (o, { remove, at }) => remove(at(o.list, 0))),
        'INVALID_PATH',
      )
      await still('after more of them')
      // The parent's parent is there, the parent is not.
      await db.Doc.update(bare, { address: { city: 'Oslo' } })
      await refused(
        db.Doc.update(bare, (o, { set }) => [set(o.address.city, 'no'), set(o.address.geo.lon, 1)]),
        'INVALID_PATH',
        { path: ['address', 'geo', 'lon'] },
      )
      same(
        await db.Doc.get(bare),
        { ...bare, address: { city: 'Oslo' } },
        'after a field of an absent object in an object',
      )
    },

    'a path through null is INVALID_PATH, and nothing is written': async (t, db) => {
      const one = { group: t.id, id: '1', title: 'one', rank: 1, address: null }
      await db.Doc.create(one)
      await refused(
        db.Doc.update(one, (o, { set }) => [set(o.title, 'no'), set(o.address.city, 'x')]),
        'INVALID_PATH',
        { path: ['address', 'city'] },
      )
      await refused(
        db.Doc.update(one, (o, { remove }) => remove(o.address.zip)),
        'INVALID_PATH',
      )
      same(await db.Doc.get(one), one, 'what is stored')
      same(
        (await db.Doc.update(one, (o, { set }) => set(o.address, { city: 'Oslo' }))).address,
        { city: 'Oslo' },
        'the parent set as a whole',
      )
    },

    'a parent set in the same update does not count: all see the old entity': async (t, db) => {
      const bare = { group: t.id, id: '1', title: 'one', rank: 1 }
      await db.Doc.create(bare)
      await refused(
        db.Doc.update(bare, (o, { set }) => [set(o.address, { city: 'x' }), set(o.address.zip, '1')]),
        'VALIDATION',
      )
      same(await db.Doc.get(bare), bare, 'what is stored')
    },

    'changes whose paths overlap are refused before they are sent': async (t, db) => {
      await db.Doc.create(doc(t.id))
      const { requests } = await t.trips(async () => {
        await refused(
          db.Doc.update(doc(t.id), (o, { set }) => [set(o.title, 'a'), set(o.title, 'b')]),
          'VALIDATION',
          { path: ['title'] },
        )
        await refused(
          db.Doc.update(doc(t.id), (o, { set, remove }) => [remove(o.address), set(o.address.city, 'b')]),
          'VALIDATION',
        )
        await refused(
          db.Doc.update(doc(t.id), (o, { append, set, at }) => [append(o.list, [4]), set(at(o.list, 0), 1)]),
          'VALIDATION',
        )
        await refused(
          db.Doc.update(doc(t.id), (o, { add, setIfAbsent }) => [add(o.n, 1), setIfAbsent(o.n, 1)]),
          'VALIDATION',
        )
      })
      same(requests.length, 0, 'the round trips')
    },

    'key fields, required and defaulted fields cannot be touched or removed': async (t, db) => {
      await db.Doc.create(doc(t.id))
      const { requests } = await t.trips(async () => {
        await refused(db.Doc.update(doc(t.id), { id: '2' } as never), 'VALIDATION', { path: ['id'] })
        await refused(
          db.Doc.update(doc(t.id), (o, { set }) => set(o.group as never, 'x' as never)),
          'VALIDATION',
          { path: ['group'] },
        )
        await refused(db.Doc.update(doc(t.id), { id: '1' } as never), 'VALIDATION', { path: ['id'] })
        await refused(
          db.Doc.update(doc(t.id), (o, { remove }) => remove(o.title)),
          'VALIDATION',
          { path: ['title'] },
        )
        await refused(
          db.Doc.update(doc(t.id), (o, { remove }) => remove(o.rank)),
          'VALIDATION',
          { path: ['rank'] },
        )
        await refused(
          db.Doc.update(doc(t.id), (o, { remove }) => remove(o.address.city)),
          'VALIDATION',
          { path: ['address', 'city'] },
        )
        await refused(db.Doc.update(doc(t.id), { nothing: 1 } as never), 'VALIDATION', { says: ['nothing'] })
        await refused(
          db.Doc.update(doc(t.id), (o) => (o as never as { readonly nothing: never }).nothing),
          'VALIDATION',
          { says: ['nothing'] },
        )
        await refused(db.Doc.update(doc(t.id), null as never), 'VALIDATION')
        await refused(
          db.Doc.update(doc(t.id), (() => [{ op: '$set', path: ['title'], value: 'x' }]) as never),
          'VALIDATION',
        )
      })
      same(requests.length, 0, 'the round trips')
      same(await db.Doc.get(doc(t.id)), doc(t.id), 'what is stored')
    },

    'an update without changes changes nothing, and still judges its guard': async (t, db) => {
      await db.Doc.create(doc(t.id))
      same(await db.Doc.update(doc(t.id), {}), doc(t.id), 'what an empty object gave')
      same(await db.Doc.update(doc(t.id), () => []), doc(t.id), 'what an empty list gave')
      same(
        await db.Doc.update(doc(t.id), {}, { if: (o, { eq }) => eq(o.title, 'one') }),
        doc(t.id),
        'with a guard that holds',
      )
      await refused(db.Doc.update(doc(t.id), {}, { if: (o, { eq }) => eq(o.title, 'two') }), 'CONDITION_FAILED')
    },
  },
)
