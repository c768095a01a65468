import {
  type BatchOp,
  type Condition,
  compareValues,
  type Driver,
  evaluate,
  getOwn,
  isExpired,
  type KeyField,
  newToken,
  type QuerySpec,
  type Value,
  type Values,
} from '@isomodel/core/driver'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { conditions, type Dates, entityOf, keys, sortConditions } from './support/arbitrary.js'
import { quiet } from './support/calls.js'
import { datesOf, onEachEngine } from './support/engines.js'
import { thing } from './support/thing.js'

/** Ahead of every server's clock, whose TTL monitor would remove what this one still shows. */
const NOW = 4_000_000_000_000

interface Asked {
  readonly index: string | undefined
  /** Whose partition is asked for: that of the entity at this place. */
  readonly like: number
  readonly where: Condition | undefined
  readonly reverse: boolean
  readonly page: number
  readonly select: readonly string[] | undefined
}

const asked = (dates: Dates): fc.Arbitrary<Asked> =>
  fc.constantFrom(undefined, ...thing.indexes.map(({ name }) => name)).chain((index) => {
    const model = thing.indexes.find(({ name }) => name === index) ?? thing.key
    const onSort = sortConditions(
      model.sort.map(({ name }) => name),
      dates,
    )
    return fc.record({
      index: fc.constant(index),
      like: fc.nat({ max: 11 }),
      where: fc.option(
        fc
          .array(fc.oneof(onSort, conditions(dates)), { minLength: 1, maxLength: 3 })
          .map((parts): Condition => ({ op: 'and', conditions: parts })),
        { nil: undefined },
      ),
      reverse: fc.boolean(),
      page: fc.integer({ min: 1, max: 5 }),
      select: fc.option(fc.constantFrom<readonly string[]>([], ['text'], ['lines', 'stock']), { nil: undefined }),
    })
  })

const populations = (dates: Dates): fc.Arbitrary<readonly Values[]> =>
  fc.uniqueArray(
    keys.chain((key) => entityOf(key, NOW, dates)),
    { minLength: 8, maxLength: 16, selector: ({ owner, rank }) => `${String(owner)} ${String(rank)}` },
  )

onEachEngine((running, name) => {
  let driver: Driver

  beforeAll(async () => {
    const { client, database } = running()
    driver = await mongodb({ client, database: database() }).open({ entities: [thing] }, { now: () => NOW })
    await driver.setup(quiet)
  })
  afterAll(() => driver.close())

  it('gives the rows that fit, in order, page by page', { timeout: 300_000 }, async () => {
    const dates = datesOf(name)
    await fc.assert(
      fc.asyncProperty(
        populations(dates),
        fc.array(asked(dates), { minLength: 10, maxLength: 10 }),
        async (entities, queries) => {
          await driver.writeBatch(entities.map(put), quiet)
          for (const query of queries) {
            const partition = entities[query.like % entities.length] as Values
            const spec = specOf(query, partition)
            if (spec === undefined) continue
            const expected = reference(entities, spec)
            expect(await walk(driver, spec, query.page)).toEqual(expected)
          }
          await driver.writeBatch(entities.map(remove), quiet)
        },
      ),
      { numRuns: name === 'secantusdb-py' ? 25 : 100 },
    )
  })
})

function specOf({ index: indexName, where, reverse, select }: Asked, like: Values): QuerySpec | undefined {
  const index = thing.indexes.find(({ name }) => name === indexName)
  const partition: { [field: string]: Value } = {}
  for (const { name } of (index ?? thing.key).partition) {
    const value = getOwn(like, name) ?? null
    if (value === null) return undefined
    partition[name] = value
  }
  const needed = where === undefined ? [] : fieldsOf(where)
  const fields = select === undefined ? undefined : [...new Set([...select, ...needed])]
  return { entity: thing, index, partition, where, reverse, select: fields, count: false }
}

/** All that a query gives, by keyset pages, filtered as core filters. */
async function walk(driver: Driver, spec: QuerySpec, limit: number): Promise<readonly Values[]> {
  const plan = driver.plan(spec)
  const rows: Values[] = []
  if (plan.access === 'none') return rows
  let after: string | undefined
  do {
    const fetched = await driver.fetch(plan, { limit, now: NOW, ...(after === undefined ? {} : { after }) }, quiet)
    for (const { stored } of fetched.rows) {
      if (isExpired(thing, stored.values, NOW)) continue
      if (plan.residual !== undefined && !evaluate(plan.residual, stored.values)) continue
      rows.push(shown(stored.values, spec))
    }
    after = fetched.next
  } while (after !== undefined)
  return rows
}

function reference(entities: readonly Values[], spec: QuerySpec): readonly Values[] {
  const { index, where, partition, reverse } = spec
  const sort = [...(index ?? thing.key).sort, ...(index?.ties ?? [])]
  const named = [...(index?.partition ?? []), ...(index?.sort ?? [])]
  return entities
    .filter(
      (values) =>
        named.every((field) => (getOwn(values, field.name) ?? null) !== null) &&
        Object.entries(partition).every(
          ([field, value]) => compareValues(getOwn(values, field) ?? null, value) === 0,
        ) &&
        !isExpired(thing, values, NOW) &&
        (where === undefined || evaluate(where, values)),
    )
    .sort((a, b) => compareBy(sort, a, b) * (reverse ? -1 : 1))
    .map((values) => shown(values, spec))
}

function compareBy(fields: readonly KeyField[], a: Values, b: Values): number {
  for (const { name } of fields) {
    const order = compareValues(a[name] as Value, b[name] as Value) as number
    if (order !== 0) return order
  }
  return 0
}

function shown(values: Values, { select }: QuerySpec): Values {
  if (select === undefined) return values
  const wanted = ['owner', 'rank', ...select]
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted.includes(name)))
}

function fieldsOf(condition: Condition): readonly string[] {
  if ('conditions' in condition) return condition.conditions.flatMap(fieldsOf)
  return 'condition' in condition ? fieldsOf(condition.condition) : [String(condition.path[0])]
}

function put(values: Values): BatchOp {
  return { ...remove(values), kind: 'put', values }
}

function remove({ owner, rank }: Values): BatchOp & { kind: 'delete' } {
  return {
    kind: 'delete',
    entity: thing,
    key: { owner: owner as Value, rank: rank as Value },
    guard: { exists: 'any' },
    token: newToken(),
    now: NOW,
    returning: 'none',
  }
}
