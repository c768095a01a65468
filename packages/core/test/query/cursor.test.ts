import { defineEntity } from '@isomodel/core'
import type { QuerySpec } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cursorCodec, queryFingerprint } from '../../src/query/cursor.js'

const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customerId: z.string(), orderId: z.string(), placedAt: z.date() }),
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: { byDate: { partition: ['customerId'], sort: ['placedAt'] } },
}).model

const spec = (change: Partial<QuerySpec> = {}): QuerySpec => ({
  entity: Order,
  index: undefined,
  partition: { customerId: 'c-1' },
  where: undefined,
  reverse: false,
  select: undefined,
  count: false,
  ...change,
})

const SECRET = 'a secret of at least 16'
const POSITION = 'Order#o-1 \u{1F600} $ü'

describe.each([
  ['open', undefined],
  ['sealed', SECRET],
])('an %s cursor', (_, secret) => {
  const codec = cursorCodec(secret)

  it('gives its position back, for its query', async () => {
    const fingerprint = queryFingerprint(spec())
    const cursor = await codec.encode(POSITION, fingerprint)
    expect(cursor).toMatch(/^[\w-]+$/)
    expect(await codec.decode(cursor, fingerprint)).toBe(POSITION)
  })

  it('is refused wherever it is altered or cut', async () => {
    const fingerprint = queryFingerprint(spec())
    const cursor = await codec.encode(POSITION, fingerprint)
    for (let at = 0; at < cursor.length; at++) {
      const other = cursor[at] === 'A' ? 'g' : 'A'
      const altered = cursor.slice(0, at) + other + cursor.slice(at + 1)
      if (Buffer.from(altered, 'base64url').equals(Buffer.from(cursor, 'base64url'))) continue
      await expect(codec.decode(altered, fingerprint), `character ${at}`).rejects.toMatchObject({
        code: 'INVALID_CURSOR',
      })
      await expect(codec.decode(cursor.slice(0, at), fingerprint)).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
    }
    for (const foreign of ['', 'not a cursor!', 'AAAA', 5 as never, null as never]) {
      await expect(codec.decode(foreign, fingerprint)).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
    }
  })

  it('belongs to one query', async () => {
    const cursor = await codec.encode(POSITION, queryFingerprint(spec()))
    const others: Partial<QuerySpec>[] = [
      { partition: { customerId: 'c-2' } },
      { reverse: true },
      { index: Order.indexes[0] },
      { where: { op: 'gt', path: ['placedAt'], value: new Date(0) } },
    ]
    for (const other of others) {
      await expect(codec.decode(cursor, queryFingerprint(spec(other)))).rejects.toThrow('another query')
    }
  })
})

it('keeps what it holds from those without the secret', async () => {
  const fingerprint = queryFingerprint(spec())
  const sealed = await cursorCodec(SECRET).encode(POSITION, fingerprint)
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('Order')
  await expect(cursorCodec('another secret, as long').decode(sealed, fingerprint)).rejects.toThrow('cursorSecret')
  await expect(cursorCodec(undefined).decode(sealed, fingerprint)).rejects.toThrow('cursorSecret')
  const open = await cursorCodec(undefined).encode(POSITION, fingerprint)
  await expect(cursorCodec(SECRET).decode(open, fingerprint)).rejects.toThrow('without a cursorSecret')
})

it('tells conditions apart by their values, not by the order of fields', () => {
  const of = (value: never): string => queryFingerprint(spec({ where: { op: 'eq', path: ['x'], value } }))
  const values = [1, 1n, '1', true, null, new Date(1), new Uint8Array([1]), new Set(['1']), ['1'], { a: 1, b: 2 }]
  expect(new Set(values.map((value) => of(value as never))).size).toBe(values.length)
  expect(of({ b: 2, a: 1 } as never)).toBe(of({ a: 1, b: 2 } as never))
  expect(of(new Set(['b', 'a']) as never)).toBe(of(new Set(['a', 'b']) as never))
})
