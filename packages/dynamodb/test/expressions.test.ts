import { type Change, type Condition, newToken, type UpdateOp, type Values, type WriteOp } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { layouts } from '../src/layout.js'
import { planQuery } from '../src/planner.js'
import { explainWrite } from '../src/writer.js'
import { NOW, Sample } from './support/sample.js'

const layout = layouts({ entities: [Sample.model] }, () => 'shop').get('Sample')!
const key = { id: 'a', seq: 1 }
const token = newToken()

interface Shown {
  readonly command: string
  readonly input: {
    readonly UpdateExpression?: string
    readonly ConditionExpression?: string
    readonly FilterExpression?: string
    readonly KeyConditionExpression?: string
    readonly ProjectionExpression?: string
    readonly ExpressionAttributeNames?: Record<string, string>
    readonly ExpressionAttributeValues?: Record<string, unknown>
  }
}

function write(op: Partial<UpdateOp> & { readonly kind?: 'update' }): {
  readonly shown: Shown
  readonly roundTrips: number
  readonly reason: string | undefined
}
function write(op: Partial<WriteOp>): {
  readonly shown: Shown
  readonly roundTrips: number
  readonly reason: string | undefined
} {
  const base = {
    kind: 'update',
    entity: Sample.model,
    key,
    token,
    now: NOW,
    guard: { exists: 'present' },
    changes: [],
    returning: 'none',
  }
  const { request, roundTrips, reason } = explainWrite(layout, { ...base, ...op } as WriteOp)
  return { shown: request as Shown, roundTrips, reason }
}

/** An expression with its values in place, for reading. */
function read(shown: Shown, expression: string | undefined): string {
  return (expression ?? '').replace(/:\d+/g, (name) =>
    JSON.stringify(Object.values(shown.input.ExpressionAttributeValues?.[name] ?? {})[0]),
  )
}

function updated(...changes: Change[]): string {
  const { shown, roundTrips } = write({ changes })
  expect(roundTrips).toBe(1)
  return `${read(shown, shown.input.UpdateExpression)} IF ${read(shown, shown.input.ConditionExpression)}`.replaceAll(
    `"${token}"`,
    'T',
  )
}

const live = `(begins_with(#_token, "1")) AND (NOT (#expires <= "${NOW}"))`.replaceAll(/[()]/g, '')
const plain = (text: string): string => text.replaceAll(/[()]/g, '')

describe('updates', () => {
  it('set, remove and keep with the token, on a live entity only', () => {
    expect(updated({ op: 'set', path: ['pk'], value: 'x' })).toBe(
      `SET #_token = T, #_pk = "x" IF begins_with(#_token, "1") AND NOT (#expires <= "${NOW}")`,
    )
    expect(updated({ op: 'setIfAbsent', path: ['score'], value: 0.1 }, { op: 'remove', path: ['raw'] })).toContain(
      'SET #_token = T, #score = if_not_exists(#score, "0.1") REMOVE #raw',
    )
    expect(plain(updated())).toBe(`SET #_token = T IF ${live}`)
  })

  it('guard a sum by the bounds of the field, and start from nothing where that is in range', () => {
    expect(updated({ op: 'add', path: ['count'], value: 5 })).toContain(
      'SET #_token = T, #count = if_not_exists(#count, "0") + "5" IF begins_with(#_token, "1") AND NOT (#expires <= "4102444800500") AND (attribute_not_exists(#count) OR (#count >= "-25" AND #count <= "15"))',
    )
    expect(updated({ op: 'add', path: ['count'], value: 25 })).toContain('#count = #count + "25" IF')
    expect(updated({ op: 'add', path: ['big'], value: -1n })).toContain(
      '(#big >= "-9223372036854775807" AND #big <= "9223372036854775808")',
    )
  })

  it('demand parents and elements', () => {
    expect(updated({ op: 'set', path: ['deep', 'far', 'x'], value: 1 })).toContain('attribute_type(#deep.#far, "M")')
    expect(updated({ op: 'set', path: ['items', 2, 'q'], value: 1 })).toContain('attribute_type(#items[2], "M")')
    expect(updated({ op: 'set', path: ['list', 2], value: 'x' })).toContain('attribute_exists(#list[2])')
    expect(updated({ op: 'set', path: ['list', 409_599], value: 'x' })).toContain('attribute_exists(#list[409599])')
    expect(updated({ op: 'append', path: ['list'], values: ['x'] })).toContain(
      '#list = list_append(if_not_exists(#list, []), [{"S":"x"}]) IF',
    )
  })

  it('remove elements from the end', () => {
    expect(updated({ op: 'remove', path: ['list', 0] }, { op: 'remove', path: ['list', 2] })).toContain(
      'REMOVE #list[2], #list[0]',
    )
  })

  it('change sets by their members, beside the one that keeps the set there', () => {
    expect(updated({ op: 'addToSet', path: ['tags'], values: new Set(['x']) })).toContain('ADD #tags ["_","x"]')
    expect(updated({ op: 'deleteFromSet', path: ['tags'], values: new Set(['x', '_']) })).toContain(
      'DELETE #tags ["x","___"]',
    )
    expect(updated({ op: 'deleteFromSet', path: ['tags'], values: new Set() })).not.toContain('DELETE')
  })

  it('move the TTL attribute with the field, rounded up', () => {
    expect(updated({ op: 'set', path: ['expires'], value: new Date(1_001) })).toContain(
      '#expires = "1001", #_ttl = "2"',
    )
    expect(updated({ op: 'set', path: ['expires'], value: null })).toContain('REMOVE #_ttl')
    expect(updated({ op: 'remove', path: ['expires'] })).toContain('REMOVE #expires, #_ttl')
  })

  it('move index entries where the call says all of them, or the guard does', () => {
    expect(updated({ op: 'set', path: ['title'], value: 'b' })).toContain('#title = "b", #lsi1sk = "Sample#b#')
    expect(updated({ op: 'remove', path: ['kind'] })).toContain('REMOVE #kind, #gsi1pk, #gsi1sk')
    const guarded = write({
      changes: [{ op: 'set', path: ['flag'], value: true }],
      guard: { exists: 'present', condition: { op: 'eq', path: ['weight'], value: 5 } },
    })
    expect(guarded.roundTrips).toBe(1)
    expect(read(guarded.shown, guarded.shown.input.UpdateExpression)).toContain('#gsi3pk = "Sample#1"')
  })

  it.each<[string, Partial<UpdateOp>, RegExp]>([
    ['a sum of doubles', { changes: [{ op: 'add', path: ['score'], value: 0.1 }] }, /^score: DynamoDB adds in decimal/],
    [
      'an index of unknown fields',
      { changes: [{ op: 'set', path: ['flag'], value: true }] },
      /index byFlag is made of fields that are neither in the key nor in the call/,
    ],
    [
      'a set inside',
      { changes: [{ op: 'setIfAbsent', path: ['expires'], value: new Date(NOW) }] },
      /^expires is the expiry/,
    ],
    [
      'a list that loses and changes',
      {
        changes: [
          { op: 'remove', path: ['list', 0] },
          { op: 'set', path: ['list', 1], value: 'x' },
        ],
      },
      /^list loses elements/,
    ],
    [
      'an element that no list has',
      { changes: [{ op: 'set', path: ['items', 2 ** 40, 'q'], value: 1 }] },
      /^items\[1099511627776\]\.q is an element that no list of DynamoDB has/,
    ],
    [
      'a condition that DynamoDB judges otherwise',
      { guard: { exists: 'present', condition: { op: 'eq', path: ['mixed'], value: { t: new Set(['a', 'b']) } } } },
      /cannot judge the condition exactly/,
    ],
    [
      'a condition of more than an expression takes',
      {
        guard: {
          exists: 'present',
          condition: {
            op: 'or',
            conditions: Array.from({ length: 400 }, (_, i) => ({ op: 'eq', path: ['count'], value: i })),
          },
        },
      },
      /more than fits/,
    ],
  ])('need a read for %s', (_, op, reason) => {
    const { roundTrips, reason: said, shown } = write(op)
    expect(roundTrips).toBe(2)
    expect(said).toMatch(reason)
    expect(shown.command).toBe('GetItem')
  })

  it('create in the same request where that comes to the same', () => {
    const { shown, roundTrips } = write({
      guard: { exists: 'any' },
      changes: [{ op: 'add', path: ['count'], value: 1 }],
      orCreate: { ...key, count: 1, level: 1 },
    })
    expect(roundTrips).toBe(1)
    expect(read(shown, shown.input.UpdateExpression)).toContain('#level = if_not_exists(#level, "1")')
    expect(read(shown, shown.input.ConditionExpression)).toMatch(
      /^attribute_not_exists\(#pk\) OR \(begins_with\(#_token, "1"\) AND .*attribute_exists\(#level\)/,
    )
  })

  it('say that creating takes another request where it does not', () => {
    const { roundTrips, reason, shown } = write({
      guard: { exists: 'any' },
      changes: [{ op: 'add', path: ['count'], value: 1 }],
      orCreate: { ...key, count: 7, level: 1 },
    })
    expect([roundTrips, shown.command]).toEqual([2, 'UpdateItem'])
    expect(reason).toBe(
      'One when the entity is there; creating it takes two: count is created otherwise than it is changed.',
    )
  })
})

function filtered(where: Condition): {
  readonly filter: string
  readonly residual: Condition | undefined
  readonly access: string
} {
  const { request, residual, access } = planQuery(layout, {
    entity: Sample.model,
    index: undefined,
    partition: { id: 'a' },
    where,
    reverse: false,
    select: undefined,
    count: false,
  })
  const shown = request as Shown
  return { filter: access === 'none' ? '' : read(shown, shown.input.FilterExpression), residual, access }
}

describe('conditions', () => {
  it.each<[Condition, string]>([
    [{ op: 'eq', path: ['title'], value: null }, '#title = true'],
    [{ op: 'ne', path: ['title'], value: 'x' }, 'attribute_exists(#title) AND #title <> "x"'],
    [{ op: 'lt', path: ['at'], value: new Date(5) }, '#at < "5"'],
    [{ op: 'between', path: ['score'], low: 1, high: 2 }, '#score >= "1" AND #score <= "2"'],
    [{ op: 'gte', path: ['flag'], value: true }, '#flag IN (true)'],
    [{ op: 'beginsWith', path: ['title'], value: '' }, 'attribute_type(#title, "S")'],
    [{ op: 'contains', path: ['tags'], value: '_' }, 'contains(#tags, "___")'],
    [{ op: 'contains', path: ['bigs'], value: 5n }, 'contains(#bigs, "5")'],
    [{ op: 'contains', path: ['list'], value: 'x' }, 'contains(#list, "x")'],
    [{ op: 'notExists', path: ['record', 'x.y'] }, 'attribute_not_exists(#record.#3)'],
    [{ op: 'eq', path: ['mixed', 't'], value: 'x' }, '#mixed.#t = "x"'],
    [{ op: 'not', condition: { op: 'eq', path: ['items', 0, 'q'], value: 1 } }, 'NOT (#items[0].#q = "1")'],
  ])('$0.op of $0.path is judged by DynamoDB', (condition, expression) => {
    expect(filtered(condition)).toEqual({ filter: expression, residual: undefined, access: 'key' })
  })

  it.each<[Condition]>([
    [{ op: 'eq', path: ['at'], value: 5 }],
    [{ op: 'lt', path: ['at'], value: 5 }],
    [{ op: 'lt', path: ['mixed'], value: 5n }],
    [{ op: 'contains', path: ['mixed'], value: 'x' }],
    [{ op: 'contains', path: ['items'], value: { q: 1 } }],
    [{ op: 'eq', path: ['mixed'], value: { t: new Set(['a']) } }],
    [{ op: 'lt', path: ['score'], value: 1e200 }],
    [{ op: 'eq', path: ['mixed', '$date'], value: 5 }],
    [{ op: 'eq', path: ['list', 2 ** 40], value: 'x' }],
    [{ op: 'exists', path: ['items', 409_600, 'q'] }],
  ])('$0.op of $0.path is left to core', (condition) => {
    expect(filtered(condition)).toEqual({ filter: '', residual: condition, access: 'key' })
  })

  it('splits what goes beyond 100 values', () => {
    const values = Array.from({ length: 150 }, (_, i) => i)
    expect(filtered({ op: 'in', path: ['score'], values }).filter.match(/IN \(/g)).toHaveLength(2)
  })

  it('keeps what does not fit into one expression for core', () => {
    const many = (field: string): Condition => ({
      op: 'in',
      path: [field],
      values: Array.from({ length: 500 }, (_, i) => i),
    })
    const { filter, residual } = filtered({
      op: 'and',
      conditions: [many('score'), { op: 'exists', path: ['flag'] }, many('count')],
    })
    expect(filter.length).toBeGreaterThan(0)
    expect(filter).toContain('attribute_exists(#flag)')
    expect(residual).toMatchObject({ op: 'in' })
  })

  it('plans nothing where nothing fits', () => {
    expect(filtered({ op: 'in', path: ['score'], values: [] }).access).toBe('none')
    expect(filtered({ op: 'lt', path: ['flag'], value: false }).access).toBe('none')
    expect(filtered({ op: 'between', path: ['seq'], low: 2, high: 1 }).access).toBe('none')
  })

  it('fetch only what is asked for, and what rows are made of', () => {
    const { request } = planQuery(layout, {
      entity: Sample.model,
      index: Sample.model.indexes[0],
      partition: { kind: 'a' },
      where: { op: 'eq', path: ['big'], value: 5 },
      reverse: true,
      select: ['pk'],
      count: false,
    })
    const { input } = request as Shown
    const names: Values = { ...input.ExpressionAttributeNames }
    const projected = input.ProjectionExpression?.split(', ').map((name) => names[name])
    expect(projected).toEqual(['_pk', 'big', 'expires', 'gsi1sk', '_token'])
  })
})
