import { defineEntity } from '@isomodel/core'
import {
  type Condition,
  compareText,
  evaluate,
  type Fetched,
  indexText,
  keyText,
  type QuerySpec,
  type Values,
} from '@isomodel/core/driver'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { call, open, put, remove, update } from './support/drive.js'
import { texts } from './support/random-op.js'
import { eachServer } from './support/server.js'

const Note = defineEntity({
  name: 'Note',
  schema: z.object({
    book: z.string(),
    page: z.number(),
    topic: z.string().optional(),
    at: z.date().optional(),
    body: z.string().optional(),
    until: z.date().optional(),
  }),
  key: { partition: ['book'], sort: ['page'] },
  indexes: { byTopic: { partition: ['topic'], sort: ['at'] }, byBook: { partition: ['book'], sort: ['topic'] } },
})
const Lasting = defineEntity({
  name: 'Lasting',
  schema: z.object({ id: z.string(), n: z.int(), until: z.date() }),
  key: { partition: ['id'], sort: ['n'] },
  ttl: 'until',
})
const model = Note.model
const [byTopic, byBook] = model.indexes

const query = (more: Partial<QuerySpec> = {}): QuerySpec => ({
  entity: model,
  index: undefined,
  partition: { book: 'b' },
  where: undefined,
  reverse: false,
  select: undefined,
  count: false,
  ...more,
})

eachServer((server) => {
  /** All rows of a query by pages of a size, and the round trips of each page. */
  async function walk(
    driver: Awaited<ReturnType<typeof open>>['driver'],
    spec: QuerySpec,
    limit: number,
  ): Promise<{ values: Values[]; trips: number[] }> {
    const plan = driver.plan(spec)
    const values: Values[] = []
    const trips: number[] = []
    let after: string | undefined
    do {
      const at = call()
      const page: Fetched = await driver.fetch(
        plan,
        { limit, now: Date.now(), ...(after === undefined ? {} : { after }) },
        at,
      )
      expect(page.rows.length).toBeLessThanOrEqual(limit)
      values.push(...page.rows.map((row) => row.stored.values))
      if (page.next !== undefined) expect(page.rows.at(-1)?.position()).toBe(page.next)
      trips.push(at.sentCommands.length)
      after = page.next
    } while (after !== undefined)
    return {
      values: plan.residual === undefined ? values : values.filter((one) => evaluate(plan.residual as Condition, one)),
      trips,
    }
  }

  it('gives exactly the rows of a range, in order, page by page, both ways', { timeout: 120_000 }, async () => {
    await using opened = await open(server.options(), [Note])
    const { driver } = opened
    const books = ['b', 'b#', 'b!', 'b$', '', 'ä\u{1f600}']
    const notes = fc.sample(
      fc.record({
        book: fc.constantFrom(...books),
        page: fc
          .oneof(fc.integer({ min: -20, max: 20 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
          .map((n) => (n === 0 ? 0 : n)),
        topic: fc.oneof(texts, fc.constantFrom('t', 'to', 'top')),
        at: fc.constantFrom(new Date(0), new Date(1), new Date(-62_200_000_000_000), new Date(8.64e15)),
      }),
      { numRuns: 150, seed: 7 },
    )
    const stored = new Map(notes.map((note) => [JSON.stringify([note.book, note.page]), { ...note }]))
    const outcomes = await driver.writeBatch(
      [...stored.values()].map((note) => put(model, note) as never),
      call(),
    )
    expect(outcomes.every(({ status }) => status === 'done')).toBe(true)

    const all = [...stored.values()]
    const spec = fc
      .record({
        index: fc.constantFrom(undefined, byTopic, byBook),
        one: fc.constantFrom(...all),
        other: fc.constantFrom(...all),
        op: fc.constantFrom(
          'eq' as const,
          'lt' as const,
          'lte' as const,
          'gt' as const,
          'gte' as const,
          'between' as const,
          'none' as const,
        ),
        reverse: fc.boolean(),
      })
      .map(({ index, one, other, op, reverse }): QuerySpec => {
        const field = (index ?? model.key).sort[0]!.name
        const [low, high] = [one[field as 'page'], other[field as 'page']]
        const where: Condition | undefined =
          op === 'none'
            ? undefined
            : op === 'between'
              ? { op, path: [field], low, high }
              : { op, path: [field], value: low }
        const partition = Object.fromEntries(
          (index ?? model.key).partition.map(({ name }) => [name, one[name as 'book']]),
        )
        return query({ index, partition, where, reverse })
      })
    await fc.assert(
      fc.asyncProperty(spec, fc.integer({ min: 1, max: 9 }), async (asked, limit) => {
        const { index, partition, where, reverse } = asked
        const place = (note: Values): string =>
          index === undefined ? keyText(model, note).sort : indexText(model, index, note)!.sort
        const expected = all
          .filter((note) => Object.entries(partition).every(([name, value]) => note[name as 'book'] === value))
          .filter((note) => where === undefined || evaluate(where, note))
          .sort((a, b) => compareText(place(a), place(b)))
        const { values, trips } = await walk(driver, asked, limit)
        expect(values).toEqual(reverse ? expected.reverse() : expected)
        expect(Math.max(...trips)).toBeLessThanOrEqual(2)
      }),
      { numRuns: 200 },
    )
  })

  it('asks for nothing when nothing can be found', async () => {
    await using opened = await open(server.options(), [Note])
    const plan = opened.driver.plan(query({ where: { op: 'between', path: ['page'], low: 2, high: 1 } }))
    expect(plan).toMatchObject({ access: 'none', roundTrips: 0 })
    const at = call()
    expect(await opened.driver.fetch(plan, { limit: 5, now: 0 }, at)).toEqual({ rows: [] })
    expect(at.sentCommands).toEqual([])
  })

  it('counts by the members alone where that is exact', async () => {
    await using opened = await open(server.options(), [Note, Lasting])
    for (let page = 0; page < 5; page++) await opened.driver.write(put(model, { book: 'b', page }), call())
    const plan = opened.driver.plan(query({ count: true }))
    expect(plan.roundTrips).toBe(1)
    const at = call()
    expect((await opened.driver.fetch(plan, { limit: 10, now: 0 }, at)).rows).toHaveLength(5)
    expect(at.sentCommands).toEqual(['ZRANGE'])

    await opened.driver.write(put(Lasting.model, { id: 'x', n: 1, until: new Date(5) }), call())
    const expiring = opened.driver.plan(query({ entity: Lasting.model, partition: { id: 'x' }, count: true }))
    expect(expiring.roundTrips).toBe(2)
    const { rows } = await opened.driver.fetch(expiring, { limit: 10, now: 0 }, call())
    expect(rows.map((row) => row.stored.values)).toEqual([{ until: new Date(5) }])
  })

  it('fetches only the fields that are asked for, and those that the filter needs', async () => {
    await using opened = await open(server.options(), [Note])
    await opened.driver.write(put(model, { book: 'b', page: 1, body: 'x'.repeat(1000), topic: 't' }), call())
    const plan = opened.driver.plan(
      query({ select: ['page'], where: { op: 'eq', path: ['topic'], value: 't' }, index: undefined }),
    )
    const { rows } = await opened.driver.fetch(plan, { limit: 5, now: 0 }, call())
    expect(rows.map((row) => row.stored.values)).toEqual([{ book: 'b', page: 1, topic: 't' }])
  })

  it('never gives a row that has left its place of the index since the members were read', async () => {
    await using opened = await open(server.options(), [Note])
    const { driver } = opened
    for (let page = 0; page < 4; page++) {
      await driver.write(put(model, { book: 'b', page, topic: 't', at: new Date(page) }), call())
    }
    const plan = driver.plan(query({ index: byTopic, partition: { topic: 't' } }))
    let interfered = false
    const at = call()
    const interfering = {
      ...at,
      sent: (request: { command: string }) => (reply?: unknown) => {
        void reply
        if (request.command !== 'ZRANGE' || interfered) return
        interfered = true
        const set = { op: 'set' as const, path: ['topic'], value: 'other' }
        void driver.write(update(model, { key: { book: 'b', page: 1 }, changes: [set] }), call())
        void driver.write(remove(model, { key: { book: 'b', page: 2 } }), call())
      },
    }
    const { rows } = await driver.fetch(plan, { limit: 10, now: 0 }, interfering)
    expect(interfered).toBe(true)
    expect(rows.map((row) => row.stored.values.page)).toEqual([0, 3])
  })
})
