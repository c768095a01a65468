import { inspect } from 'node:util'
import { connect, defineEntity, StoreError } from '@isomodel/core'
import { memory } from '@isomodel/memory'
import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { cursorCodec } from '../packages/core/src/query/cursor.js'

const Item = defineEntity({
  name: 'Item',
  schema: z.object({
    group: z.string(),
    id: z.string(),
    n: z.int().default(0),
    at: z.date().optional(),
    five: z.number().multipleOf(5).optional(),
    few: z.array(z.string()).min(1).max(2).optional(),
    some: z.set(z.string()).max(2).optional(),
    cents: z.codec(z.int(), z.number(), { decode: (c) => c / 100, encode: (p) => Math.round(p * 100) }).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
  revision: true,
})
const key = { group: 'g', id: '1' }

async function open(options: Parameters<typeof connect>[2] = {}) {
  const db = await connect(memory(), { Item }, options)
  await db.setup()
  return db
}

async function refusal(call: Promise<unknown>): Promise<StoreError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof StoreError)) throw new Error(`no StoreError: ${String(error)}`)
  return error
}

describe('a call', () => {
  it('refuses what is no signal before anything is written, and takes null for none', async () => {
    await using db = await open()
    for (const signal of [new AbortController(), {}, 'soon'] as never[]) {
      const error = await refusal(db.Item.put(key, { signal }))
      expect([error.code, error.outcome]).toEqual(['VALIDATION', 'not committed'])
      expect(error.message).toContain('controller.signal')
    }
    expect(await db.Item.get(key)).toBeUndefined()
    await db.Item.put(key, { signal: null as never })
    expect(await db.Item.get(key)).toBeDefined()
  })

  it('is not undone by an observer that throws, which is told', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    await using db = await open({
      onRequest: () => {
        throw new Error('no space left')
      },
    })
    await db.Item.put(key)
    expect(await db.Item.get(key)).toMatchObject(key)
    expect(warned.mock.calls[0]?.[0]).toContain('onRequest threw: no space left')
  })

  it('refuses an option that it does not have, naming those that it has', async () => {
    await using db = await open()
    await db.Item.put(key)
    const wrong: [call: () => Promise<unknown>, name: string][] = [
      [() => db.Item.update(key, { n: 1 }, { ifRevison: 'x' } as never), 'ifRevison'],
      [() => db.Item.put(key, { If: 1 } as never), 'If'],
      [() => db.Item.delete(key, { condition: 1 } as never), 'condition'],
      [() => db.Item.create(key, { if: () => 1 } as never), 'if'],
      [() => db.Item.get(key, { consistent: true } as never), 'consistent'],
      [() => db.Item.query({ group: 'g' }).page({ limit: 3 } as never), 'limit'],
      [() => db.transact((t) => [t.Item.delete(key, { ifRevison: 'x' } as never)]), 'ifRevison'],
      [async () => db.Item.explain.put(key, { If: 1 } as never), 'If'],
    ]
    for (const [call, name] of wrong) {
      const error = await refusal(call())
      expect(error.code).toBe('VALIDATION')
      expect(error.message).toContain(`has no option "${name}"; there are `)
    }
    expect(await db.Item.get(key)).toMatchObject({ n: 0 })
    expect((await refusal(db.Item.put(key, 'new' as never))).message).toContain('an object; it got string')
  })

  it('refuses an option that setup and check do not have', async () => {
    await using db = await open()
    expect((await refusal(db.setup({ filled: ['Item.by'] } as never))).message).toContain(
      'setup has no option "filled"',
    )
    expect((await refusal(db.check({ filled: [] } as never))).message).toContain('check has no option "filled"')
  })

  it('passes over no option of an item of a transaction, and of explain', async () => {
    await using db = await open()
    const items: ((t: never) => unknown)[] = [
      (t: { Item: { create(...given: unknown[]): unknown } }) => [t.Item.create(key, { if: false })],
      (t: { Item: { checkAbsent(...given: unknown[]): unknown } }) => [t.Item.checkAbsent(key, { iff: 3 })],
    ]
    for (const item of items) {
      const error = await refusal(db.transact(item as never))
      expect([error.code, error.message]).toEqual([
        'VALIDATION',
        expect.stringContaining('takes no options in a transaction'),
      ])
    }
    const get = (t: { Item: { get(...given: unknown[]): unknown } }): unknown => [t.Item.get(key, { consistncy: 3 })]
    expect((await refusal(db.transactGet(get as never))).message).toContain('takes no options in a transaction')
    const explain = db.Item.explain.create as (...given: unknown[]) => unknown
    expect((await refusal((async () => explain(key, { iff: 1 }))())).message).toContain('create has no option "iff"')
  })

  it('keeps the options that it was given', async () => {
    await using db = await open()
    await db.Item.putMany(['1', '2', '3', '4', '5', '6'].map((id) => ({ group: 'g', id, n: 1 })))
    const options: { return: 'old' | 'new' } = { return: 'old' }
    const update = db.Item.update(key, { n: 2 }, options as { return: 'old' })
    options.return = 'new'
    expect((await update)?.n).toBe(1)
    const query = db.Item.query({ group: 'g' })
    const { cursor } = await query.page({ size: 1 })
    const page = { cursor, size: 3 }
    const asked = query.page(page)
    page.size = 1
    expect((await asked).items.length).toBe(3)
  })

  it('that is given up while it reads has changed nothing', async () => {
    const controller = new AbortController()
    await using db = await open({ onRequest: ({ command }) => command === 'get' && controller.abort() })
    await db.Item.put({ ...key, few: ['a'] })
    const append = db.Item.update(key, (o, { append }) => append(o.few, ['b']), { signal: controller.signal })
    const error = await refusal(append)
    expect([error.code, error.outcome]).toEqual(['ABORTED', 'not committed'])
  })

  it('shows no key of a sensitive record', async () => {
    const Secret = defineEntity({
      name: 'Secret',
      schema: z.object({ id: z.string(), r: z.record(z.string(), z.int().max(5)), s: z.string() }),
      key: { partition: ['id'] },
      sensitive: ['r'],
    })
    await using db = await connect(memory(), { Secret })
    await db.Secret.put({ id: '1', r: { S3CR3T: 1 }, s: 'x' })
    const calls: (() => Promise<unknown>)[] = [
      () => db.Secret.put({ id: '1', r: { S3CR3T: 'q', 'S3CR3T two': 'q' }, s: 'x' } as never),
      () => db.Secret.putMany([{ id: '1', r: { S3CR3T: 'q' }, s: 'x' } as never]),
      () => db.Secret.update({ id: '1' }, (o, { add, at }) => add(at(o.r, 'S3CR3T'), 9)),
      () => db.Secret.update({ id: '1' }, (o, { set, at }) => [set(at(o.r, 'S3CR3T'), 1), set(at(o.r, 'S3CR3T'), 2)]),
      () => db.transact((t) => [t.Secret.update({ id: '1' }, (o, { add, at }) => add(at(o.r, 'S3CR3T'), 9))]),
      async () => db.Secret.query({ id: '1' }).where((o, { eq, at }) => eq(at(o.r, 'S3CR3T'), 'x' as never)),
    ]
    for (const call of calls) {
      const error = await refusal(call())
      expect(inspect(error, { depth: 8 }).replace(/\n\s+at .*/g, '')).not.toContain('S3CR3T')
      expect(error.path?.[0]).toBe('r')
    }
  })

  it('passes over nothing that it was given', async () => {
    await using db = await open()
    const holed: unknown[] = [key]
    holed[2] = { group: 'g', id: '2' }
    const untyped = db.Item as unknown as { [operation: string]: (...given: unknown[]) => Promise<unknown> }
    const given: [string, unknown[], string][] = [
      ['putMany', [holed], 'item 1'],
      ['getMany', [holed], 'The key is an object'],
      ['deleteMany', [holed], 'item 1'],
      ['update', [key, new Map([['n', 1]])], 'update takes the changes as an object'],
      ['update', [key, new Date()], 'update takes the changes as an object'],
      ['update', [key, { n: 1 }, { orCreate: 'false' }], 'orCreate is true or false, not "false"'],
      ['put', [key, []], 'takes its options as an object; it got a list'],
      ['delete', [key, { return: 'new' }], "delete returns 'old' or 'none'"],
    ]
    for (const [operation, args, says] of given) {
      const error = await refusal((async () => untyped[operation]?.(...args))())
      expect([operation, error.code]).toEqual([operation, 'VALIDATION'])
      expect(error.message).toContain(says)
    }
    expect(await db.Item.query({ group: 'g' }).count()).toBe(0)
    const throwing = Object.defineProperty({ ...key }, 'n', {
      enumerable: true,
      get: () => {
        throw new Error('not today')
      },
    })
    expect((await refusal(db.Item.put(throwing as never))).message).toContain('thrown while the call was prepared')
    const query = db.Item.query({ group: 'g' })
    const limited = await refusal((async () => query.limit('5' as never))())
    expect(limited.message).toBe('Item.query.limit: limit is a positive whole number, not "5".')
  })

  it('says whose fault an exception in a callback is', async () => {
    await using db = await open()
    await db.Item.put(key)
    const own = (): never => {
      throw new RangeError('my own')
    }
    for (const call of [
      () => db.Item.update(key, own),
      () => db.Item.delete(key, { if: own }),
      async () => db.Item.query({ group: 'g' }).where(own),
      () => db.transact(own),
      async () => db.Item.query({ group: 'g' }).where((o) => (Number(o.n) > 5) as never),
    ]) {
      const error = await refusal(call())
      expect([error.code, error.outcome]).toEqual(['VALIDATION', 'not committed'])
    }
    const error = await refusal(db.Item.update(key, own))
    expect(error.message).toMatch(/callback of update threw: my own/)
    expect(error.cause).toBeInstanceOf(RangeError)
  })

  it('refuses conditions and changes that are no such thing', async () => {
    await using db = await open()
    const query = db.Item.query({ group: 'g' })
    for (const condition of [
      { op: 'and', conditions: 'x' },
      { op: 'eq', value: 1 },
      { op: 'eq', path: 'n', value: 1 },
      null,
    ]) {
      expect((await refusal((async () => query.where(condition as never))())).code).toBe('VALIDATION')
    }
    let deep: object = { op: 'exists', path: ['n'] }
    for (let depth = 0; depth < 20_000; depth++) deep = { op: 'not', condition: deep }
    const error = await refusal((async () => query.where(deep as never))())
    expect([error.code, error.message]).toEqual([
      'VALIDATION',
      expect.stringContaining('more than 1000 conditions deep'),
    ])
    const change = { op: 'set', path: 'n', value: 1 } as never
    expect((await refusal(db.Item.update(key, () => [change]))).message).toContain('has no path')
  })
})

describe('connect', () => {
  const untyped = connect as unknown as (...given: unknown[]) => Promise<unknown>

  it.each([
    ['nothing', [], /takes an adapter first, as in connect\(memory\(\)/],
    ['no adapter', [{}, { Item }], /takes an adapter first/],
    ['no entities', [memory()], /takes the entities by name/],
    ['a list of entities', [memory(), [Item]], /takes the entities by name/],
    ['what is no entity', [memory(), { Item: z.object({}) }], /Item is not an entity; give what defineEntity returned/],
    [
      'a misspelt option',
      [memory(), { Item }, { readPolcy: 'strict' }],
      /no option "readPolcy"; there are now, .*readPolicy/,
    ],
    ['no options', [memory(), { Item }, null], /takes its options as an object; it got null/],
  ])('refuses %s, saying what it takes', async (_, given, message) => {
    await expect(untyped(...given)).rejects.toThrow(message)
  })

  it('refuses entities that share a partition over different fields, of the key and of an index', async () => {
    const define = (name: string, field: 'a' | 'b') =>
      defineEntity({
        name,
        schema: z.object({ id: z.string(), a: z.string(), b: z.string() }),
        key: { partition: ['id'] },
        indexes: { by: { partition: [field], partitionName: 'Shared' } },
      })
    const entities = { X: define('X', 'a'), Y: define('Y', 'b') }
    const message =
      'index by of Y shares the partition Shared with index by of X, whose fields are [a: string] and not [b: string]'
    await expect(connect(memory(), entities)).rejects.toThrow(message)
    await using _ = await connect(memory(), { X: define('X', 'a'), Y: define('Y', 'a') })
  })
})

describe('a query', () => {
  it('refuses more than the partition fields, and says where they go', async () => {
    await using db = await open()
    const error = await refusal((async () => db.Item.query({ group: 'g', id: '1' } as never))())
    expect(error.message).toContain('ask for id in where')
  })

  it('keeps the dates and bytes that it was given', async () => {
    await using db = await open()
    await db.Item.put({ ...key, at: new Date(2_000) })
    const since = new Date(1_000)
    const query = db.Item.query({ group: 'g' }).where((o, { gte }) => gte(o.at, since))
    since.setTime(3_000)
    expect(await query.count()).toBe(1)
  })

  it('keeps the paths that it was given, as an update does', async () => {
    await using db = await open()
    await db.Item.put({ ...key, n: 1 })
    const path = ['n']
    const query = db.Item.query({ group: 'g' }).where({ op: 'eq', path, value: 2 })
    const update = db.Item.update(key, () => [{ op: 'set', path, value: 2 }])
    path[0] = 'id'
    expect(await update).toMatchObject({ id: '1', n: 2 })
    expect(await query.count()).toBe(1)
    for (const wrong of [['few', -1], ['few', 1.5], 'few', [undefined]]) {
      const error = await refusal(
        (async () => db.Item.query({ group: 'g' }).where({ op: 'exists', path: wrong } as never))(),
      )
      expect(error.message).toContain('list places from 0')
    }
  })

  it('keeps its limit over all pages', async () => {
    await using db = await open()
    await db.Item.putMany(Array.from({ length: 12 }, (_, n) => ({ group: 'g', id: `${10 + n}` })))
    const query = db.Item.query({ group: 'g' }).limit(5)
    const sizes: number[] = []
    let cursor: string | undefined
    do {
      const page = await query.page({ size: 2, cursor })
      sizes.push(page.items.length)
      cursor = page.cursor
    } while (cursor !== undefined)
    expect(sizes).toEqual([2, 2, 1])
    expect((await query.page()).cursor).toBeUndefined()
    const { cursor: ofFive } = await query.page({ size: 2 })
    const other = db.Item.query({ group: 'g' }).limit(6)
    expect((await refusal(other.page({ cursor: ofFive }))).code).toBe('INVALID_CURSOR')
  })

  it('walks under a deadline that never comes', async () => {
    await using db = await open()
    await db.Item.put(key)
    const seen: string[] = []
    for await (const { id } of db.Item.query({ group: 'g' }).iterate({ deadline: Number.POSITIVE_INFINITY }))
      seen.push(id)
    expect(seen).toEqual(['1'])
  })
})

describe("an update, by the schema's own checks", () => {
  it('never leaves what the schema refuses', async () => {
    await using db = await open()
    await db.Item.put({ ...key, five: 5, few: ['a'], some: new Set(['a']) })
    const before = await db.Item.get(key)
    for (const call of [
      () => db.Item.update(key, (o, { add }) => add(o.five, 1)),
      () => db.Item.update(key, (o, { append }) => append(o.few, ['b', 'c'])),
      () => db.Item.update(key, (o, { remove, at }) => remove(at(o.few, 0))),
      () => db.Item.update(key, (o, { addToSet }) => addToSet(o.some, new Set(['b', 'c']))),
      () => db.transact((t) => [t.Item.update(key, (o, { append }) => append(o.few, ['b', 'c']))]),
    ]) {
      const error = await refusal(call())
      expect([error.code, error.outcome]).toEqual(['INVALID_VALUE', 'not committed'])
    }
    expect(await db.Item.get(key)).toEqual(before)
  })

  it('does what the schema takes, in two round trips, and loses none of many', async () => {
    await using db = await open()
    await db.Item.put({ ...key, five: 0, few: ['a'] })
    const appended = await db.Item.update(key, (o, { append, add }) => [append(o.few, ['b']), add(o.five, 10)])
    expect([appended.few, appended.five]).toEqual([['a', 'b'], 10])
    await Promise.all(Array.from({ length: 30 }, () => db.Item.update(key, (o, { add }) => add(o.five, 5))))
    expect((await db.Item.get(key))?.five).toBe(160)
    const old = await db.Item.update(key, (o, { add }) => add(o.five, 5), {
      return: 'old',
      if: (o, { eq }) => eq(o.five, 160),
    })
    expect(old?.five).toBe(160)
    expect(db.Item.explain.update(key, (o, { add }) => add(o.five, 5)).roundTrips).toBe(2)
    expect(db.Item.explain.update(key, (o, { add }) => add(o.n, 5)).roundTrips).toBe(1)
    const made = await db.Item.update({ group: 'g', id: 'new' }, (o, { add }) => add(o.five, 5), { orCreate: true })
    expect(made.five).toBe(5)
    expect((await refusal(db.Item.update({ group: 'g', id: 'none' }, (o, { add }) => add(o.five, 5)))).code).toBe(
      'NOT_FOUND',
    )
  })

  const Shape = defineEntity({
    name: 'Shape',
    schema: z
      .object({
        id: z.string(),
        range: z.object({ lo: z.int(), hi: z.int() }).refine(({ lo, hi }) => lo <= hi, 'lo is above hi'),
        parts: z.array(z.object({ n: z.int(), m: z.int() }).refine(({ n, m }) => n !== m, 'n is m')),
        unique: z.array(z.int()).refine((list) => new Set(list).size === list.length, 'has a value twice'),
        piped: z.number().pipe(z.number().max(5)),
        lazy: z.lazy(() => z.array(z.int()).max(2)),
        words: z.record(z.string().regex(/^[a-z]+$/), z.int()),
        a: z.int().optional(),
        b: z.int().optional(),
      })
      .refine(({ a, b }) => a === undefined || b !== undefined, 'a needs b'),
    key: { partition: ['id'] },
    revision: true,
  })
  const shape = { id: '1', range: { lo: 1, hi: 5 }, parts: [{ n: 1, m: 2 }], unique: [1, 2], piped: 4, lazy: [1, 2] }
  const whole = { ...shape, words: { one: 1 }, a: 1, b: 1 }

  it('never leaves what a schema around the change refuses', async () => {
    await using db = await connect(memory(), { Shape })
    const before = await db.Shape.put(whole)
    const changes: Parameters<typeof db.Shape.update>[1][] = [
      (o, { set }) => set(o.range.lo, 6),
      (o, { add }) => add(o.range.lo, 5),
      (o, { set, at }) => set(at(o.parts, 0).n, 2),
      (o, { set, at }) => set(at(o.unique, 0), 2),
      (o, { add }) => add(o.piped, 2),
      (o, { append }) => append(o.lazy, [3]),
      (o, { remove }) => remove(o.b),
    ]
    for (const change of changes) {
      const error = await refusal(db.Shape.update({ id: '1' }, change))
      expect([error.code, error.outcome]).toEqual(['INVALID_VALUE', 'not committed'])
    }
    const error = await refusal(db.Shape.update({ id: '1' }, (o, { set, at }) => set(at(o.words, 'TWO'), 2)))
    expect([error.code, error.path]).toEqual(['VALIDATION', ['words', 'TWO']])
    expect(await db.Shape.get({ id: '1' })).toEqual(before)
    const both = await db.Shape.update({ id: '1' }, (o, { set, remove }) => [
      set(o.range.lo, 3),
      set(o.range.hi, 3),
      remove(o.a),
      remove(o.b),
    ])
    expect(both).toMatchObject({ range: { lo: 3, hi: 3 } })
  })

  it('lets what did not fit before be changed elsewhere', async () => {
    const store = memory()
    const { refine: _, ...unfit } = { ...whole, refine: 0, range: { lo: 9, hi: 1 }, b: undefined }
    const Loose = defineEntity({
      name: 'Shape',
      schema: z.looseObject({ id: z.string() }),
      key: { partition: ['id'] },
      revision: true,
    })
    await using before = await connect(store, { Loose })
    await before.Loose.put(unfit as never)
    await using db = await connect(store, { Shape })
    const changed = await db.Shape.update({ id: '1' }, (o, { set }) => [set(o.range.hi, 2), set(o.piped, 1)])
    expect(changed).toMatchObject({ range: { lo: 9, hi: 2 }, piped: 1 })
  })

  it("refuses add on a codec's field, whose unit is another", async () => {
    await using db = await open()
    await db.Item.put({ ...key, cents: 1.5 })
    expect((await refusal(db.Item.update(key, (o, { add }) => add(o.cents, 1)))).message).toContain('storage form')
  })
})

describe('a forged cursor', () => {
  /** Another position behind the same query's fingerprint, with a checksum that is right. */
  async function forged(cursor: string, position: string): Promise<string> {
    const fingerprint = Buffer.from(cursor, 'base64url').subarray(10, 21).toString()
    return cursorCodec(undefined).encode(position, fingerprint)
  }

  it('shows nothing that the query leaves out', async () => {
    await using db = await open()
    await db.Item.putMany(['1', '2', '3', '4', '5'].map((id) => ({ group: 'g', id })))
    const middle = db.Item.query({ group: 'g' }).where((i, { between }) => between(i.id, '2', '4'))
    const { cursor } = await middle.page({ size: 1 })
    const page = (position: string) => forged(cursor ?? '', position).then((cursor) => middle.page({ cursor }))
    expect((await page('Item#3')).items).toMatchObject([{ id: '4' }])
    for (const position of ['Item#1', 'Item#5', 'Item#3#x', 'Item', '', 'Other#3', 'Item#$0', '\u0000']) {
      const error = await refusal(page(position))
      expect([position, error.code]).toEqual([position, 'INVALID_CURSOR'])
    }
    const limited = middle.limit(2)
    const { cursor: first } = await limited.page({ size: 1 })
    for (const position of ['1:Item#5', '9:Item#3', '0:Item#3', 'Item#3']) {
      const cursor = await forged(first ?? '', position)
      expect((await refusal(limited.page({ cursor }))).code).toBe('INVALID_CURSOR')
    }
  })
})
