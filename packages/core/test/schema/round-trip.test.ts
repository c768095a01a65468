import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { StoreError } from '../../src/errors/store-error.js'
import { compileObject } from '../../src/schema/compile.js'
import { checkStored, fromStorage, toStorage } from '../../src/schema/validate.js'
import type { Values } from '../../src/schema/value.js'
import { anyValue } from '../support/arbitraries.js'
import { samples } from '../support/schemas.js'

/** Without the entries that hold undefined, which say that nothing is there. */
function present(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(present)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, present(inner)]])),
  )
}

/** Whether Zod has gaps there: a Date, a set, bytes are objects without fields to it, and it drops a field `__proto__`. */
function isBeyondZod(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (value instanceof Date || value instanceof Set || value instanceof Uint8Array) return true
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(isBeyondZod)
}

function attempt(schema: z.ZodType, value: unknown): { readonly values: Values } | { readonly refused: string } {
  try {
    return { values: toStorage(schema, value) }
  } catch (error) {
    if (error instanceof StoreError && error.code === 'VALIDATION') return { refused: error.message }
    throw error
  }
}

describe('any schema', () => {
  it('accepts what fits it; what it stores is stored as it is, and fits again', () => {
    const cases = samples().chain(({ schema, values }) => fc.tuple(fc.constant(z.object({ field: schema })), values))
    fc.assert(
      fc.property(cases, ([schema, value]) => {
        const type = compileObject(schema, 'Entity')
        const stored = toStorage(schema, { field: value })
        expect(checkStored(type, schema, stored)).toBeUndefined()
        expect(fromStorage(schema, stored)).toBe(stored)
        // Vitest's own equality asks a value for its constructor, which is a field here.
        expect(isDeepStrictEqual(toStorage(schema, stored), stored)).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('says what Zod says, of what fits and of what does not, where Zod has no gap of its own', () => {
    const plain = fc.constantFrom('a', 'b.c', 'd#', '$e', 'kind')
    const cases = fc
      .tuple(samples(plain), samples(plain))
      .chain(([one, other]) =>
        fc.tuple(fc.constant(z.object({ field: one.schema })), fc.oneof(one.values, other.values, anyValue)),
      )
    let fit = 0
    let unfit = 0
    fc.assert(
      fc.property(cases, ([schema, value]) => {
        fc.pre(!isBeyondZod(value))
        const given = { field: present(value) }
        const ours = attempt(schema, given)
        const zods = schema.safeParse(given)
        expect([zods.success, ours]).toEqual([
          zods.success,
          zods.success ? { values: present(zods.data) } : { refused: expect.any(String) },
        ])
        if (zods.success) fit++
        else unfit++
      }),
      { numRuns: 2_000 },
    )
    expect(Math.min(fit, unfit)).toBeGreaterThan(200)
  })
})
