import { defineEntity } from '@isomodel/core'
import { newToken } from '@isomodel/core/driver'
import type { DynamoDBStreamEvent } from 'aws-lambda'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { changesOf, type LambdaStreamEvent } from '../src/index.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({
    id: z.string(),
    total: z.number(),
    raw: z.instanceof(Uint8Array).optional(),
    parts: z.array(z.object({ raw: z.instanceof(Uint8Array) })).optional(),
    until: z.date().optional(),
  }),
  key: { partition: ['id'] },
  revision: true,
  ttl: 'until',
  changes: true,
})

const NOW = 1_790_000_000_000
const base = { _entity: { S: 'Order' }, pk: { S: 'Order#o-1' }, sk: { S: 'Order' }, id: { S: 'o-1' } }
const token = newToken(NOW)
const image = (total: number, more: object = {}) => ({
  ...base,
  _token: { S: token },
  total: { N: String(total) },
  ...more,
})
const event = (...records: object[]): LambdaStreamEvent => ({
  Records: records.map((dynamodb, at) => ({
    dynamodb: { ApproximateCreationDateTime: NOW / 1_000, SequenceNumber: String(at), ...dynamodb },
  })),
})

describe('changesOf', () => {
  it('gives the changes of an event, typed by entity and kind', () => {
    const old = { ...image(1), _token: { S: newToken(NOW - 1) } }
    const changes = changesOf(
      { Order },
      event(
        { NewImage: image(1, { raw: { B: 'AP8=' }, parts: { L: [{ M: { raw: { B: '' } } }] } }) },
        { OldImage: old, NewImage: image(2) },
        { OldImage: image(2) },
      ),
    )
    const order = { id: 'o-1', revision: token }
    expect(changes).toEqual([
      {
        entity: 'Order',
        kind: 'insert',
        key: { id: 'o-1' },
        old: undefined,
        new: { ...order, total: 1, raw: Uint8Array.of(0, 255), parts: [{ raw: new Uint8Array() }] },
        at: new Date(NOW),
        sequenceNumber: '0',
      },
      expect.objectContaining({ kind: 'update', new: { ...order, total: 2 }, sequenceNumber: '1' }),
      expect.objectContaining({ kind: 'delete', old: { ...order, total: 2 }, new: undefined, sequenceNumber: '2' }),
    ])
    const [first] = changes
    if (first?.kind === 'insert') expectTypeOf(first.new.total).toBeNumber()
  })

  it('tells what DynamoDB itself removed', () => {
    const removed = event({ OldImage: image(1) })
    const records = removed.Records.map((record) => ({
      ...record,
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    }))
    expect(changesOf({ Order }, { Records: records })).toMatchObject([{ kind: 'expire', old: { total: 1 } }])
  })

  it('leaves out what is of no entity named', () => {
    expect(
      changesOf(
        { Order },
        event({ NewImage: { _entity: { S: 'isomodel_unique' } } }, { NewImage: { a: { S: '' } } }, {}),
      ),
    ).toEqual([])
  })

  it('refuses what is no event, and says which entity cannot be read', () => {
    for (const bad of [undefined, null, {}, { Records: 1 }, { Records: [null] }]) {
      expect(() => changesOf({ Order }, bad as never)).toThrow(expect.objectContaining({ code: 'VALIDATION' }))
    }
    expect(() => changesOf({ Order }, event({ NewImage: { ...image(1), _token: { S: '9x' } } }))).toThrow(
      expect.objectContaining({ code: 'CORRUPT', entity: 'Order', key: { id: 'o-1' } }),
    )
  })

  it('goes past what cannot be read where it is told to', () => {
    const seen: unknown[] = []
    const changes = changesOf(
      { Order },
      event({ NewImage: { ...image(1), _token: { S: '9x' } } }, { NewImage: image(2) }),
      { unreadable: ({ code }, sequenceNumber) => seen.push([code, sequenceNumber]) },
    )
    expect(seen).toEqual([['CORRUPT', '0']])
    expect(changes).toMatchObject([{ kind: 'insert', new: { total: 2 }, sequenceNumber: '1' }])
  })

  it('refuses a stream that holds less than what writes found and left', () => {
    const mismatch = expect.objectContaining({ code: 'MODEL_MISMATCH' })
    const unreadable = () => expect.unreachable()
    for (const StreamViewType of ['KEYS_ONLY', 'NEW_IMAGE', 'OLD_IMAGE']) {
      const one = event({ NewImage: image(1), StreamViewType })
      expect(() => changesOf({ Order }, one, { unreadable })).toThrow(mismatch)
    }
    const [record] = event({ NewImage: image(1) }).Records
    expect(() => changesOf({ Order }, { Records: [{ ...record, eventName: 'MODIFY' }] })).toThrow(mismatch)
  })

  it('refuses an entity that is in no feed', () => {
    const Plain = defineEntity({ name: 'Plain', schema: z.object({ id: z.string() }), key: { partition: ['id'] } })
    expect(() => changesOf({ Plain }, event())).toThrow(/Plain is in no change feed: declare changes: true on it/)
  })

  it('takes what the types of Lambda call a stream event', () => {
    expectTypeOf<DynamoDBStreamEvent>().toExtend<LambdaStreamEvent>()
  })
})
