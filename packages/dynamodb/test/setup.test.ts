import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import { defineEntity } from '@isomodel/core'
import { newToken } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { engineNames, runEngine } from './support/engines.js'
import { open } from './support/open.js'

const schema = z.object({ id: z.string(), a: z.string(), b: z.string(), until: z.date().optional() })
const key = { partition: ['id'] } as const
const Plain = defineEntity({ name: 'Plain', schema, key })
const One = defineEntity({ name: 'One', schema, key, indexes: { byA: { partition: ['a'] } } })
const Two = defineEntity({
  name: 'Two',
  schema,
  key,
  indexes: {
    byA: { partition: ['a'] },
    near: { partition: ['id'], sort: ['b'], scope: 'local' },
    byB: { partition: ['b'] },
  },
  ttl: 'until',
})
const Three = defineEntity({
  name: 'Three',
  schema,
  key,
  indexes: { byA: { partition: ['a'] }, byB: { partition: ['b'] } },
  ttl: 'until',
})

describe.each(engineNames)('tables on %s', (name) => {
  const running = runEngine(name)

  it('are created with the indexes of all entities, once', async () => {
    const { client } = running()
    await using db = await open(client, [Plain, One, Two], { setup: false })
    expect(await db.driver.check(db.call)).toEqual({
      ok: false,
      problems: [
        {
          what: `table ${db.table}`,
          expected: 'there, for Plain, One, Two',
          found: 'missing',
          remedy: expect.stringContaining('db.setup()'),
        },
      ],
    })
    expect(await db.driver.setup(db.call)).toEqual({
      created: [
        `table ${db.table} with indexes gsi1, gsi2, lsi1`,
        `time to live of table ${db.table} on attribute _ttl`,
      ],
    })
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: db.table }))
    expect(table).toMatchObject({
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    })
    expect(await db.driver.check(db.call)).toEqual({ ok: true, problems: [] })
    db.look()
    expect(await db.driver.setup(db.call)).toEqual({ created: [] })
    expect(db.look().map(({ command }) => command)).not.toContain('UpdateTable')
  })

  it('get the global indexes that a grown model needs, with what is stored in them', async () => {
    const { client } = running()
    await using before = await open(client, [One])
    await before.driver.write(
      {
        kind: 'put',
        entity: One.model,
        key: { id: '1' },
        values: { id: '1', a: 'x', b: 'y' },
        guard: { exists: 'any' },
        token: newToken(),
        now: 0,
        returning: 'none',
      },
      before.call,
    )
    await using db = await open(client, [One, Three], { setup: false, table: before.table })
    const report = await db.driver.check(db.call)
    expect(report.problems.map(({ what }) => what)).toEqual([
      `global index gsi2 of table ${db.table}`,
      `time to live of table ${db.table}`,
    ])
    expect(report.problems[0]?.remedy).toBe(
      'Run db.setup(), which adds it; then db.fillIndexes() puts the entities from before into it.',
    )
    expect(await db.driver.setup(db.call)).toEqual({
      created: [`global index gsi2 of table ${db.table}`, `time to live of table ${db.table} on attribute _ttl`],
    })
    expect(await db.driver.check(db.call)).toEqual({ ok: true, problems: [] })
  })

  it('cannot get a local index later: nothing is changed, and the ways out are named', async () => {
    const { client } = running()
    await using before = await open(client, [Plain])
    await using db = await open(client, [Two], { setup: false, table: before.table })
    const missing = `local index lsi1 of table ${db.table}`
    expect((await db.driver.check(db.call)).problems).toContainEqual({
      what: missing,
      expected: 'there, for Two.near',
      found: 'missing',
      remedy:
        "Declare the index scope: 'global' and run db.setup(), or create a new table and copy the data: DynamoDB makes local indexes only together with their table.",
    })
    await expect(db.driver.setup(db.call)).rejects.toMatchObject({ code: 'MODEL_MISMATCH' })
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: db.table }))
    expect(table?.GlobalSecondaryIndexes ?? []).toEqual([])
  })

  it('of another layout are refused with the difference', async () => {
    const { client } = running()
    await using db = await open(client, [One], { setup: false })
    const attribute = (AttributeName: string, AttributeType: 'S' | 'N') => ({ AttributeName, AttributeType })
    await client.send(
      new CreateTableCommand({
        TableName: db.table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [attribute('pk', 'S'), attribute('sk', 'N'), attribute('gsi1pk', 'S')],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'gsi1',
            KeySchema: [{ AttributeName: 'gsi1pk', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    )
    expect((await db.driver.check(db.call)).problems).toMatchObject([
      {
        what: `key of table ${db.table}`,
        expected: 'pk (S, HASH), sk (S, RANGE)',
        found: 'pk (S, HASH), sk (N, RANGE)',
      },
      {
        what: `key of global index gsi1 of table ${db.table}`,
        expected: 'gsi1pk (S, HASH), gsi1sk (S, RANGE)',
        found: 'gsi1pk (S, HASH)',
      },
    ])
    await expect(db.driver.setup(db.call)).rejects.toThrow(
      /does not fit the model.*expected pk \(S, HASH\), sk \(S, RANGE\), found pk \(S, HASH\), sk \(N, RANGE\)/,
    )
    // A write finds out, too.
    const op = {
      kind: 'put',
      entity: One.model,
      key: { id: '1' },
      values: { id: '1', a: 'x', b: 'y' },
      guard: { exists: 'any' },
      token: newToken(),
      now: 0,
      returning: 'none',
    } as const
    await expect(db.driver.write(op, db.call)).rejects.toMatchObject({
      code: 'MODEL_MISMATCH',
      outcome: 'not committed',
    })
  })

  it('with a projection that leaves fields out, or another TTL attribute, do not fit', async () => {
    const { client } = running()
    await using db = await open(client, [Three], { setup: false })
    const attributes = ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk']
    const index = (name: string, ProjectionType: 'ALL' | 'KEYS_ONLY') => ({
      IndexName: name,
      KeySchema: [
        { AttributeName: `${name}pk`, KeyType: 'HASH' as const },
        { AttributeName: `${name}sk`, KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType },
    })
    await client.send(
      new CreateTableCommand({
        TableName: db.table,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [index('gsi1', 'ALL'), index('gsi2', 'KEYS_ONLY')],
      }),
    )
    await client.send(
      new UpdateTimeToLiveCommand({
        TableName: db.table,
        TimeToLiveSpecification: { AttributeName: 'other', Enabled: true },
      }),
    )
    expect((await db.driver.check(db.call)).problems).toMatchObject([
      { what: `projection of global index gsi2 of table ${db.table}`, expected: 'ALL', found: 'KEYS_ONLY' },
      { what: `time to live of table ${db.table}`, found: expect.stringMatching(/^ENABL(ED|ING) on attribute other$/) },
    ])
  })

  it('that are missing say so in every call', async () => {
    await using db = await open(running().client, [One], { setup: false })
    const request = { entity: One.model, key: { id: '1' } }
    const remedy = /no table t.*await db\.setup\(\)/
    await expect(db.driver.get([request], db.strong)).rejects.toThrow(remedy)
    await expect(db.driver.get([request, { ...request, key: { id: '2' } }], db.strong)).rejects.toThrow(remedy)
    const op = {
      ...request,
      kind: 'delete',
      guard: { exists: 'any' },
      token: newToken(),
      now: 0,
      returning: 'none',
    } as const
    await expect(db.driver.write(op, db.call)).rejects.toThrow(remedy)
    await expect(db.driver.writeBatch([op], db.call)).rejects.toThrow(remedy)
  })

  it('are set up by several at once', async () => {
    const { client } = running()
    await using db = await open(client, [Two], { setup: false })
    const reports = await Promise.all([1, 2, 3].map(() => db.driver.setup(db.call)))
    expect(reports.flatMap(({ created }) => created).filter((line) => line.startsWith('table'))).toHaveLength(1)
    expect(await db.driver.check(db.call)).toEqual({ ok: true, problems: [] })
    await client.send(new DeleteTableCommand({ TableName: db.table }))
  })
})
