import { connect, defineEntity } from '@isomodel/core'
import { type BatchOp, type Driver, newToken, type Values } from '@isomodel/core/driver'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { mongodb } from '../src/index.js'
import { noting, quiet } from './support/calls.js'
import { onEachEngine } from './support/engines.js'

const A = defineEntity({
  name: 'A',
  schema: z.object({ id: z.string(), text: z.string() }),
  key: { partition: ['id'] },
})
const B = defineEntity({
  name: 'B',
  schema: z.object({ id: z.string(), text: z.string() }),
  key: { partition: ['id'] },
})
const MIB = 1024 * 1024

const base = { guard: { exists: 'any' }, now: 0, returning: 'none' } as const
const put = (entity: typeof A | typeof B, id: string, text: string): BatchOp => ({
  ...base,
  kind: 'put',
  entity: entity.model,
  key: { id },
  values: { id, text },
  token: newToken(),
})
const remove = (entity: typeof A | typeof B, id: string): BatchOp => ({
  ...base,
  kind: 'delete',
  entity: entity.model,
  key: { id },
  token: newToken(),
})

onEachEngine((running) => {
  let driver: Driver
  let database: string

  beforeAll(async () => {
    database = running().database()
    const adapter = mongodb({ client: running().client, database })
    driver = await adapter.open({ entities: [A.model, B.model] }, { now: Date.now })
    await driver.setup(quiet)
  })
  beforeEach(async () => {
    await running().client.db(database).collection('A').deleteMany({})
  })
  afterAll(() => driver.close())

  const textOf = async (entity: typeof A | typeof B, id: string): Promise<unknown> => {
    const [stored] = await driver.get([{ entity: entity.model, key: { id } }], quiet)
    return stored === 'throttled' ? stored : (stored?.values as Values | undefined)?.text
  }

  it('sends one command for the puts and one for the deletes of each collection', async () => {
    await driver.write(put(A, 'gone', 'x'), quiet)
    const commands: string[] = []
    const outcomes = await driver.writeBatch(
      [put(A, '1', 'a'), put(B, '1', 'b'), remove(A, 'gone'), put(A, '2', 'c'), remove(B, 'never')],
      noting(commands),
    )
    expect(outcomes).toEqual(Array(5).fill({ status: 'done' }))
    expect(commands.sort()).toEqual(['delete', 'delete', 'update', 'update'])
    expect(await textOf(A, '1')).toBe('a')
    expect(await textOf(B, '1')).toBe('b')
    expect(await textOf(A, 'gone')).toBeUndefined()
  })

  it('divides what would not fit into one command', async () => {
    const commands: string[] = []
    const large = 'x'.repeat(5 * MIB)
    const outcomes = await driver.writeBatch(
      ['1', '2', '3', '4', '5', '6', '7'].map((id) => put(A, id, large)),
      noting(commands),
    )
    expect(outcomes).toEqual(Array(7).fill({ status: 'done' }))
    expect(commands).toEqual(['update', 'update', 'update'])
    await driver.writeBatch([put(A, 'whole', 'x'.repeat(16 * MIB - 200))], quiet)
    expect(String(await textOf(A, 'whole')).length).toBe(16 * MIB - 200)
  })

  it('refuses one item and writes the others', async () => {
    const outcomes = await driver.writeBatch([put(A, '1', 'x'.repeat(16 * MIB)), put(A, '2', 'b')], quiet)
    expect(outcomes).toMatchObject([{ status: 'failed', error: { code: 'LIMIT_EXCEEDED' } }, { status: 'done' }])
    expect(await textOf(A, '2')).toBe('b')
  })

  it('says which item the server refused, and why', async () => {
    const native = running().client.db(database)
    await native.collection('A').createIndex({ text: 1 }, { unique: true, name: 'foreign' })
    const outcomes = await driver.writeBatch([put(A, '1', 'same'), put(A, '2', 'other'), put(A, '3', 'same')], quiet)
    expect(outcomes).toMatchObject([
      { status: 'done' },
      { status: 'done' },
      { status: 'failed', error: { code: 'UNIQUE_VIOLATION', outcome: 'not committed' } },
    ])
    await expect(driver.write(put(A, '4', 'same'), quiet)).rejects.toMatchObject({ code: 'UNIQUE_VIOLATION' })
    const giving = { ...put(A, '2', 'same'), returning: 'old' as const }
    await expect(driver.write(giving, quiet)).rejects.toMatchObject({ code: 'UNIQUE_VIOLATION' })
    expect(await textOf(A, '2')).toBe('other')
    await native.collection('A').dropIndex('foreign')
  })

  it('takes any number of items', { timeout: 120_000 }, async () => {
    await using db = await connect(mongodb({ client: running().client, database }), { A, B })
    const items = Array.from({ length: 2_500 }, (_, at) => ({ id: `i${at}`, text: String(at) }))
    await db.A.putMany(items)
    const found = await db.A.getMany(items.map(({ id }) => ({ id })))
    expect(found).toEqual(items)
    await db.A.deleteMany(items.map(({ id }) => ({ id })))
    expect(await running().client.db(database).collection('A').countDocuments()).toBe(0)
  })
})
