import { describe, expect, it } from 'vitest'
import type { Call, Stored, UpdateOp, WriteOp } from '../../src/driver/contract.js'
import { readModifyWrite } from '../../src/driver/read-modify-write.js'
import { newToken } from '../../src/driver/token.js'
import { StoreError } from '../../src/errors/store-error.js'
import type { Values } from '../../src/schema/value.js'
import { date, entity, int, object, optional, string } from '../support/build-model.js'

const type = object({ id: string, count: optional(int), until: optional(date) })
const counter = entity({ name: 'Counter', type, partition: ['id'], ttl: 'until' })
const call: Call = { signal: undefined, sent: () => () => undefined }

/** One register with compare-and-swap by token, slow enough for others to get in between. */
class Register {
  stored: Stored | undefined
  reads = 0
  swaps = 0

  io(op: WriteOp): Parameters<typeof readModifyWrite>[1] {
    return {
      read: async () => {
        this.reads++
        await new Promise(setImmediate)
        return this.stored
      },
      swap: async (expected: Stored | undefined, next: Values | undefined) => {
        this.swaps++
        await new Promise(setImmediate)
        if (this.stored?.token !== expected?.token) return false
        this.stored = next === undefined ? undefined : { values: next, token: op.token }
        return true
      },
    }
  }
}

const increment = (more: Partial<UpdateOp> = {}): UpdateOp => ({
  kind: 'update',
  entity: counter,
  key: { id: 'a' },
  guard: { exists: 'any' },
  token: newToken(),
  now: 1_000,
  returning: 'new',
  changes: [{ op: 'add', path: ['count'], value: 1 }],
  orCreate: { id: 'a', count: 1 },
  ...more,
})

describe('readModifyWrite', () => {
  it('loses none of 30 concurrent increments', async () => {
    const register = new Register()
    const run = (): Promise<unknown> => {
      const op = increment()
      return readModifyWrite(op, register.io(op), call)
    }
    await Promise.all(Array.from({ length: 30 }, run))
    expect(register.stored?.values).toStrictEqual({ id: 'a', count: 30 })
  })

  it('starts an expired entity afresh, in place of the stored one', async () => {
    const register = new Register()
    register.stored = { values: { id: 'a', count: 5, until: new Date(999) }, token: 'T1' }
    const op = increment()
    expect(await readModifyWrite(op, register.io(op), call)).toStrictEqual({
      status: 'done',
      new: { values: { id: 'a', count: 1 }, token: op.token },
    })
    expect(register.stored).toStrictEqual({ values: { id: 'a', count: 1 }, token: op.token })
  })

  it('refuses without writing', async () => {
    const register = new Register()
    const op = increment({ guard: { exists: 'present', token: 'T0' } })
    expect(await readModifyWrite(op, register.io(op), call)).toStrictEqual({ status: 'refused', reason: 'NOT_FOUND' })
    expect(register.swaps).toBe(0)
  })

  it('writes nothing to delete nothing', async () => {
    const register = new Register()
    const { changes: _, orCreate: __, ...rest } = increment()
    const op: WriteOp = { ...rest, kind: 'delete' }
    expect(await readModifyWrite(op, register.io(op), call)).toStrictEqual({ status: 'done' })
    expect(register.swaps).toBe(0)
  })

  it('gives up with CONFLICT, retryable and not committed, when others are always faster', async () => {
    const op = increment()
    let swaps = 0
    const swap = async (): Promise<boolean> => ++swaps < 0
    const always = readModifyWrite(op, { read: async () => undefined, swap }, call, { base: 1, cap: 2, attempts: 12 })
    await expect(always).rejects.toMatchObject({ code: 'CONFLICT', retryable: true, outcome: 'not committed' })
    expect(swaps).toBe(12)
  })

  it('passes an error of the swap on, and does not write again', async () => {
    const op = increment()
    const lost = new StoreError('lost', { code: 'UNAVAILABLE', outcome: 'unknown' })
    let swaps = 0
    const swap = async (): Promise<boolean> => {
      swaps++
      throw lost
    }
    await expect(readModifyWrite(op, { read: async () => undefined, swap }, call)).rejects.toBe(lost)
    expect(swaps).toBe(1)
  })

  it('stops when the signal fires between attempts', async () => {
    const controller = new AbortController()
    const swap = async (): Promise<boolean> => {
      controller.abort()
      return false
    }
    const op = increment()
    const stopped = readModifyWrite(op, { read: async () => undefined, swap }, { ...call, signal: controller.signal })
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED', outcome: 'not committed' })
  })
})
