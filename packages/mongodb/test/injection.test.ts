import { connect, type Db } from '@isomodel/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mongodb } from '../src/index.js'
import { onEachEngine } from './support/engines.js'
import { Thing } from './support/thing.js'

const HOSTILE = [
  '$gt',
  '{"$gt":""}',
  '$where: 1',
  'a#b',
  '.*',
  '^',
  '$$ROOT',
  '$text',
  "'; drop",
  '\u0000',
  '__proto__',
]

onEachEngine((running) => {
  let db: Db<{ Thing: typeof Thing }>

  beforeAll(async () => {
    db = await connect(mongodb({ client: running().client, database: running().database() }), { Thing })
    await db.setup()
    await db.Thing.putMany(HOSTILE.map((text, rank) => ({ owner: text, rank, total: 0, lines: [], text })))
  })
  afterAll(() => db.close())

  it.each(HOSTILE)('takes %j for a value, wherever it stands', async (text) => {
    const rank = HOSTILE.indexOf(text)
    expect(await db.Thing.query({ owner: text }).all()).toMatchObject([{ text }])
    for (const found of [
      await db.Thing.query({ owner: text })
        .where((o, { eq }) => eq(o.text, text))
        .all(),
      await db.Thing.query({ owner: text })
        .where((o, { contains }) => contains(o.text, text))
        .all(),
      await db.Thing.query({ owner: text })
        .where((o, { beginsWith }) => beginsWith(o.text, text))
        .all(),
    ]) {
      expect(found).toMatchObject([{ text }])
    }
    const key = { owner: text, rank }
    await db.Thing.update(key, { stock: { [text]: 1 } })
    const updated = await db.Thing.update(key, (o, { add, at }) => [add(at(o.stock, text), 1)], {
      if: (o, { eq, at }) => eq(at(o.stock, text), 1),
    })
    expect(Object.entries(updated.stock ?? {})).toEqual([[text, 2]])
  })

  it('finds nothing by an operator that came as a value', async () => {
    const owner = { $gt: '' } as unknown as string
    await expect(db.Thing.get({ owner, rank: 0 })).rejects.toMatchObject({ code: 'VALIDATION' })
    expect(() => db.Thing.query({ owner })).toThrow(expect.objectContaining({ code: 'VALIDATION' }))
  })
})
