import { defineEntity, type Scan } from '@isomodel/core'
import { z } from 'zod'
import { type Case, cases } from '../case.js'
import { holds, refused, same } from '../check.js'
import { pagesOf } from '../p09-paging/walk.js'
import { shared } from './shared.js'

const schema = z.object({
  group: z.string(),
  id: z.string(),
  n: z.int(),
  note: z.string().optional(),
  until: z.date().optional(),
})
const key = { partition: ['group'], sort: ['id'] } as const
const Scanned = defineEntity({ name: 'P10Scanned', schema, key, ttl: 'until', revision: true })
/** Lies in the same partitions, and sorts before and behind. */
const Before = defineEntity({ name: 'P10A', schema, key: { ...key, partitionName: 'P10Scanned' } })
const Behind = defineEntity({ name: 'P10Z', schema, key: { ...key, partitionName: 'P10Scanned' } })
const Single = defineEntity({ name: 'P10Single', schema, key: { partition: ['id'] } })
const entities = { Scanned, Before, Behind, Single }

type One = z.output<typeof schema>
type Found = { readonly group: string; readonly id: string }

const idOf = ({ group, id }: Found): string => `${group}/${id}`
const idsOf = (found: readonly Found[]): string[] => found.map(idOf).sort()

/** So many entities over a few partitions, some of them with `#`, and others of other kinds beside each. */
function crowd(count: number): One[] {
  return Array.from({ length: count }, (_, at) => ({
    group: `g#${at % 7}`,
    id: `i-${String(at).padStart(5, '0')}`,
    n: at,
    ...(at % 3 === 0 ? { note: 'third' } : {}),
  }))
}

const own: readonly Case[] = cases(
  'P10',
  'scans',
  {},
  {
    'gives every entity of a kind once, and no other': async (t) => {
      const db = await t.fresh().connect(entities)
      await db.setup()
      const all = crowd(250)
      await db.Scanned.putMany(all)
      await db.Before.putMany(all.slice(0, 60))
      await db.Behind.putMany(all.slice(0, 60))
      await db.Single.putMany(all.slice(0, 30))
      for (const segments of [1, 3]) {
        const scan = db.Scanned.scan({ allowScan: true, segments })
        same(idsOf(await scan.all()), idsOf(all), `a scan of ${segments} segments`)
        same(await scan.count(), 250, 'the count')
        const walked: One[] = []
        for await (const one of scan) walked.push(one)
        same(idsOf(walked), idsOf(all), 'a walk')
        for (const size of [1, 7, 249, 250, 1_000]) {
          if (size === 1 && segments === 3) continue
          const pages = await pagesOf(scan, size)
          same(idsOf(pages.flat()), idsOf(all), `pages of ${size}`)
          holds(
            pages.slice(0, -1).every((page) => page.length === size),
            `a page of ${size} is not full`,
          )
        }
      }
      const single = await db.Single.scan({ allowScan: true }).all()
      same(idsOf(single), idsOf(all.slice(0, 30)), 'an entity without sort fields')
      const first = await db.Scanned.scan({ allowScan: true }).first()
      holds(first !== undefined && typeof first.revision === 'string', 'the first has no revision')
    },

    'finds nothing where there is nothing, and never the records of the library': async (t) => {
      const db = await t.fresh().connect(entities)
      await db.setup()
      const scan = db.Scanned.scan({ allowScan: true })
      same(await scan.all(), [], 'all')
      same(await scan.first(), undefined, 'the first')
      same(await scan.count(), 0, 'the count')
      same(await scan.page(), { items: [], cursor: undefined }, 'a page')
    },

    'filters by any condition, and narrows to fields': async (t) => {
      const db = await t.fresh().connect(entities)
      await db.setup()
      const all = crowd(90)
      await db.Scanned.putMany(all)
      const scan = db.Scanned.scan({ allowScan: true })
      const expected = (fits: (one: One) => boolean): string[] => idsOf(all.filter(fits))
      same(
        idsOf(await scan.where((o, { gte }) => gte(o.n, 60)).all()),
        expected(({ n }) => n >= 60),
        'n >= 60',
      )
      const thirds = scan.where((o, { eq }) => eq(o.note, 'third'))
      same(
        idsOf(await thirds.all()),
        expected(({ note }) => note === 'third'),
        'thirds',
      )
      same(
        await thirds.where((o, { eq }) => eq(o.group, 'g#0')).count(),
        all.filter(({ group, note }) => group === 'g#0' && note).length,
        'by a key field',
      )
      same(
        idsOf((await pagesOf(thirds, 4)).flat()),
        expected(({ note }) => note === 'third'),
        'pages of thirds',
      )
      same(await scan.where((o, { in: isIn }) => isIn(o.n, [])).all(), [], 'nothing')
      const [narrow] = await scan
        .where((o, { eq }) => eq(o.n, 5))
        .select('n', 'revision')
        .all()
      same(Object.keys(narrow ?? {}).sort(), ['n', 'revision'], 'the fields')
      same((await thirds.limit(5).all()).length, 5, 'a limit')
      const limited = await pagesOf(thirds.limit(5), 2)
      same(
        limited.map((page) => page.length),
        [2, 2, 1],
        'pages of a limit',
      )
    },

    'leaves out what has expired': async (t) => {
      const db = await t.fresh().connect(entities)
      await db.setup()
      const soon = new Date(t.clock.now() + 1_000)
      await db.Scanned.putMany(crowd(20).map((one) => (one.n % 2 === 0 ? { ...one, until: soon } : one)))
      const scan = db.Scanned.scan({ allowScan: true })
      same(await scan.count(), 20, 'the count before')
      t.clock.advance(1_000)
      same(await scan.count(), 10, 'the count behind')
      same(
        (await scan.all()).every(({ until }) => until === undefined),
        true,
        'whether all are alive',
      )
    },

    'keeps to its budget, and goes on from a cursor': async (t) => {
      const namespace = t.fresh()
      const db = await namespace.connect({ Scanned })
      await db.setup()
      const all = crowd(120)
      await db.Scanned.putMany(all)
      const scan = db.Scanned.scan({ allowScan: true, budget: 50 })
      for (const call of [() => scan.all(), () => scan.count(), () => last(scan)]) {
        await refused(call, 'BUDGET_SPENT', { says: ['50', 'budget', 'page()'] })
      }
      same((await scan.limit(20).all()).length, 20, 'what fits into the budget')
      const other = await namespace.connect({ Scanned })
      const pages = await pagesOf(
        {
          page: (options) =>
            other.Scanned.scan({ allowScan: true, budget: 50 })
              .where((o, { eq }) => eq(o.note, 'third'))
              .page(options),
        },
        1_000,
      )
      holds(pages.length >= 3, `120 entities were read in ${pages.length} pages of at most 50`)
      same(idsOf(pages.flat()), idsOf(all.filter(({ note }) => note === 'third')), 'all pages together')
    },

    'gives what is there throughout once, while others come and go': async (t) => {
      const db = await t.fresh().connect({ Scanned })
      await db.setup()
      const all = crowd(60)
      await db.Scanned.putMany(all)
      const comers = crowd(60).map((one) => ({ ...one, id: `${one.id}x` }))
      const staying = all.filter(({ n }) => n % 5 !== 0)
      const leaving = all.filter(({ n }) => n % 5 === 0)
      const pages = await pagesOf(db.Scanned.scan({ allowScan: true }), 9, async (page, at) => {
        const [come, go] = [comers.slice(at * 8, at * 8 + 8), leaving.slice(at * 2, at * 2 + 2)]
        if (come.length > 0) await db.Scanned.putMany(come)
        if (go.length > 0) await db.Scanned.deleteMany(go)
        // What was just given goes too: the cursor points to nothing then.
        const given = page.at(-1)
        if (at === 2 && given !== undefined) await db.Scanned.delete(given)
      })
      const ids = pages.flat().map(idOf)
      same(new Set(ids).size, ids.length, 'how many different ones of all that were given')
      const missing = staying.map(idOf).filter((id) => !ids.includes(id))
      same(missing, [], 'what was there throughout and was not given')
    },

    'is refused where it was not allowed, or misspelt, naming the remedy': async (t) => {
      const db = await t.connect({ Scanned })
      const scan = (options: unknown) => () => db.Scanned.scan(options as never)
      for (const options of [undefined, {}, { allowScan: false }, { budget: 5 }]) {
        await refused(scan(options), 'SCAN_NOT_ALLOWED', { says: ['P10Scanned', 'allowScan: true', 'index'] })
      }
      await refused(scan({ allowScan: true, limit: 5 }), 'VALIDATION', { says: ['"limit"', 'budget'] })
      for (const budget of [0, -1, 1.5, '5', Number.NaN]) {
        await refused(scan({ allowScan: true, budget }), 'VALIDATION', { says: ['budget is a positive whole number'] })
      }
      await refused(scan({ allowScan: true, segments: 0 }), 'VALIDATION', { says: ['segments'] })
    },

    "refuses another scan's cursor": async (t) => {
      const db = await t.fresh().connect({ Scanned, Single })
      await db.setup()
      await db.Scanned.putMany(crowd(10))
      const scan = db.Scanned.scan({ allowScan: true })
      const { cursor } = await scan.page({ size: 3 })
      holds(cursor !== undefined, 'the first page has no cursor')
      const others: Scan<typeof Scanned | typeof Single, unknown>[] = [
        db.Single.scan({ allowScan: true }) as never,
        scan.where((o, { gt }) => gt(o.n, 1)) as never,
        scan.limit(5) as never,
      ]
      for (const other of others) await refused(other.page({ cursor }), 'INVALID_CURSOR')
      await refused(db.Scanned.query({ group: 'g#1' }).page({ cursor }), 'INVALID_CURSOR')
      const query = await db.Scanned.query({ group: 'g#1' }).page({ size: 1 })
      if (query.cursor !== undefined) await refused(scan.page({ cursor: query.cursor }), 'INVALID_CURSOR')
    },

    'says what it would read': async (t) => {
      const db = await t.fresh().connect({ Scanned })
      await db.setup()
      const plan = db.Scanned.scan({ allowScan: true })
        .where((o, { eq }) => eq(o.n, 5))
        .explain()
      same(plan.access, 'scan', 'the access')
      holds(plan.request !== undefined && plan.roundTrips > 0, 'no request is shown')
      holds(plan.pushed !== undefined || plan.residual !== undefined, 'the condition is checked nowhere')
      const scan = db.Scanned.scan({ allowScan: true, budget: 1 })
      await db.Scanned.putMany(crowd(3))
      const { requests } = await t.trips(() => scan.page())
      const { roundTrips } = scan.explain()
      holds(requests.length <= roundTrips, `explain said ${roundTrips}, and a page took ${requests.length}`)
    },
  },
)

export const scans: readonly Case[] = [...own, ...shared]

async function last<R>(walk: AsyncIterable<R>): Promise<R | undefined> {
  let found: R | undefined
  for await (const one of walk) found = one
  return found
}
