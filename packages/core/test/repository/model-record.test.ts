import { defineEntity, StoreError } from '@isomodel/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { EntityModel } from '../../src/model/model.js'
import { modelDifferences } from '../../src/repository/model-differences.js'
import { extendedRecord, readRecord, recordValues } from '../../src/repository/model-record.js'

const schema = z.object({ id: z.string(), status: z.enum(['placed', 'paid']), at: z.date(), total: z.number() })
const key = { partition: ['id'] } as const
const byStatus = { partition: ['status'], sort: ['at'] } as const
const byTotal = { partition: ['status'], sort: ['total'] } as const
const define = (more: object): EntityModel =>
  (defineEntity as unknown as (definition: object) => { readonly model: EntityModel })({
    name: 'Order',
    schema,
    key,
    ...more,
  }).model

const fills = { fills: true, filled: new Set<string>() }
const leaves = { fills: false, filled: new Set<string>() }
const first = define({ indexes: { byStatus, byTotal } })
const recorded = extendedRecord(first, undefined, leaves)

it('is one text, written and read', () => {
  const values = recordValues('Order', recorded)
  expect(values).toEqual({
    entity: 'Order',
    model:
      '{"version":1,"key":{"partitionName":"Order","partition":[["id","string"]],"sort":[]},"indexes":[' +
      '{"name":"byStatus","number":1,"scope":"global","partitionName":"Order","partition":[["status","string"]],"sort":[["at","date"]],"filled":true},' +
      '{"name":"byTotal","number":2,"scope":"global","partitionName":"Order","partition":[["status","string"]],"sort":[["total","number"]],"filled":true}],"uniques":[]}',
  })
  expect(recordValues('Order', readRecord({ values, token: 't' }))).toEqual(values)
})

it.each(['{"version":2}', '{"version":1}', '{"version":1,"key":{},"indexes":[]}', 'null', 'text', 5])(
  'is refused when it is of another version: %s',
  (model) => {
    const reading = (): unknown => readRecord({ values: { entity: 'Order', model }, token: 't' })
    expect(reading).toThrow(StoreError)
    expect(reading).toThrow(/model of Order .* a version that this one does not know.*upgrade isomodel/)
  },
)

describe('a model that differs is told what is recorded, and the remedy', () => {
  const cases: [string, object, string[]][] = [
    [
      'another key',
      { key: { partition: ['id'], sort: ['at'] }, indexes: { byStatus, byTotal } },
      ['partition Order [id: string], sort [at: date]', 'partition Order [id: string], sort []', 'another entity'],
    ],
    [
      'an index of other fields',
      { indexes: { byStatus: { partition: ['status'] }, byTotal } },
      ['number 1, global, partition Order [status: string], sort []', 'sort [at: date]', 'another name', 'number: 3'],
    ],
    ['indexes in another order', { indexes: { byTotal, byStatus } }, ['number 1', 'number 2', 'number: 2']],
    [
      'an index before others',
      { indexes: { byHand: { partition: ['total'] }, byStatus, byTotal } },
      ['number 1, global, partition Order [total: number]', 'which is byStatus', 'number: 4', 'number: 1', 'number: 2'],
    ],
    ['an index in the place of another', { indexes: { byTotal } }, ['number 1', 'number: 2']],
  ]
  it.each(cases)('%s', (_, definition, says) => {
    const words = modelDifferences(define(definition), recorded)
      .map(({ what, expected, found, remedy }) => [what, expected, found, remedy].join('; '))
      .join('\n')
    for (const each of says) expect(words).toContain(each)
  })

  it('and one that takes other numbers, leaves indexes out or renames an enum does not', () => {
    expect(modelDifferences(define({ indexes: { byTotal: { ...byTotal, number: 2 } } }), recorded)).toEqual([])
    expect(
      modelDifferences(
        define({ indexes: { third: { partition: ['id'], partitionName: 'Ids', number: 3 } } }),
        recorded,
      ),
    ).toEqual([])
    const asText = schema.extend({ status: z.string() })
    expect(modelDifferences(define({ schema: asText, indexes: { byStatus, byTotal } }), recorded)).toEqual([])
  })
})

describe('what an index holds', () => {
  const added = define({ indexes: { byStatus, byTotal, byId: { partition: ['id'], partitionName: 'Ids' } } })
  const filledOf = (record: typeof recorded): unknown => record.indexes.map(({ name, filled }) => [name, filled])

  it('is not sure for one that came later, until it is said', () => {
    const later = extendedRecord(added, recorded, leaves)
    expect(filledOf(later)).toEqual([
      ['byStatus', true],
      ['byTotal', true],
      ['byId', false],
    ])
    expect(extendedRecord(added, later, leaves)).toEqual(later)
    expect(filledOf(extendedRecord(added, later, { fills: false, filled: new Set(['Order.byId']) }))).toEqual([
      ['byStatus', true],
      ['byTotal', true],
      ['byId', true],
    ])
  })

  it('is not sure for one that a model left out, which keeps its number', () => {
    const without = extendedRecord(define({ indexes: { byStatus } }), recorded, leaves)
    expect(filledOf(without)).toEqual([
      ['byStatus', true],
      ['byTotal', false],
    ])
    expect(filledOf(extendedRecord(first, without, leaves))).toEqual([
      ['byStatus', true],
      ['byTotal', false],
    ])
  })

  it('is every entity where the store fills indexes', () => {
    expect(filledOf(extendedRecord(added, recorded, fills))).toEqual([
      ['byStatus', true],
      ['byTotal', true],
      ['byId', true],
    ])
  })
})
