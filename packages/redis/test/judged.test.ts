import { judge, newToken, type Stored, type Values, type WriteOp } from '@isomodel/core/driver'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { indexMembers, Keys } from '../src/keys.js'
import { fromBytes } from '../src/wire.js'
import { call, open, put, read, remove } from './support/drive.js'
import { changes, conditionOn, fields } from './support/random-op.js'
import { eachServer } from './support/server.js'
import { Thing } from './support/thing.js'

const model = Thing.model
const NOW = 3_000

/** A write on a Thing: its kind, its guard and its changes, given what is there. */
const opOn = (key: Values, current: Stored | undefined): fc.Arbitrary<WriteOp> => {
  const conditions = conditionOn(current?.values ?? {})
  const real = current?.token ?? newToken()
  // A revision comes from outside: the empty text, and one whose characters end in the bytes of the real one.
  const forged = [...real].map((char) => String.fromCharCode(char.charCodeAt(0) + 0x100)).join('')
  const token = fc.oneof({ weight: 3, arbitrary: fc.constant(real) }, fc.constantFrom(newToken(), '', forged))
  const guard = fc.oneof(
    { weight: 2, arbitrary: fc.constant({}) },
    fc.record({ token, condition: conditions }, { requiredKeys: [] }),
  )
  const returning = fc.constantFrom('old' as const, 'new' as const, 'none' as const)
  const common = { entity: model, key, now: NOW }
  return fc.oneof(
    fc
      .record({
        values: fields,
        guard,
        returning,
        exists: fc.constantFrom('absent' as const, 'present' as const, 'any' as const),
      })
      .map(({ values, guard: held, returning: wanted, exists }): WriteOp => {
        const judged = exists === 'absent' ? { exists } : { exists, ...held }
        return {
          kind: 'put',
          ...common,
          values: { ...values, ...key },
          guard: judged,
          token: newToken(),
          returning: wanted,
        }
      }),
    fc.record({ changes, guard, returning, orCreate: fc.option(fields, { nil: undefined }) }).map(
      ({ changes: made, guard: held, returning: wanted, orCreate }): WriteOp => ({
        kind: 'update',
        ...common,
        changes: made,
        guard: { exists: orCreate === undefined ? 'present' : 'any', ...held },
        token: newToken(),
        returning: wanted,
        ...(orCreate === undefined ? {} : { orCreate: { ...orCreate, ...key } }),
      }),
    ),
    fc.record({ guard, returning, exists: fc.constantFrom('present' as const, 'any' as const) }).map(
      ({ guard: held, returning: wanted, exists }): WriteOp => ({
        kind: 'delete',
        ...common,
        guard: { exists, ...held },
        token: newToken(),
        returning: wanted,
      }),
    ),
  )
}

eachServer((server) => {
  it('judges and changes as the reference does, and keeps every index member right', { timeout: 300_000 }, async () => {
    const options = server.options()
    await using opened = await open(options, [Thing])
    const { driver } = opened
    const keys = new Keys(options.namespace, 1)
    let id = 0

    await fc.assert(
      fc.asyncProperty(fc.option(fields, { nil: undefined, freq: 8 }), fc.gen(), async (initial, gen) => {
        const key: Values = { home: 'h#1', id: id++ }
        const before = initial === undefined ? undefined : { ...initial, ...key }
        if (before !== undefined) await driver.write(put(model, before, { now: NOW }), call())
        const current = await read(driver, model, key)
        expect(current?.values).toEqual(before)

        const op = gen(opOn, key, current)
        const expected = judge(op, current)
        const at = call()
        const outcome = await driver.write(op, at)

        expect(at.sentCommands).toEqual(['EVALSHA'])
        expect(outcome.status === 'refused' ? outcome.reason : 'done').toBe(
          expected.status === 'refused' ? expected.reason : 'done',
        )
        const after = await read(driver, model, key)
        if (expected.status === 'refused') {
          expect(outcome).toEqual(expected)
          expect(after).toEqual(current)
        } else {
          expect(after?.values).toEqual(expected.next)
          if (after !== undefined) expect(after.token).toBe(op.token)
          if (outcome.status === 'done') {
            expect(outcome.new).toEqual(op.returning === 'new' ? after : undefined)
            expect(outcome.old).toEqual(op.returning === 'old' ? expected.live : undefined)
          }
        }
        await expectPlaces(key, after)
        await driver.write(remove(model, { key }), call())
      }),
      { numRuns: 300, endOnFailure: true },
    )

    /** The sets hold exactly what the one entity's values say. */
    async function expectPlaces(key: Values, stored: Stored | undefined): Promise<void> {
      const member = fromBytes(keys.place(model, key).member)
      const until = stored?.values.until
      const [inKeys, expiry, ...inIndexes] = await Promise.all([
        server.client.zrange(keys.all(0), '0', '-1'),
        server.client.zrange(keys.expiry(0), '0', '-1', 'WITHSCORES'),
        ...['g1', 'g2', 'g3', 'g4'].map((id) => server.client.zrange(keys.index(0, id), '0', '-1')),
      ])
      expect(inKeys).toEqual(stored === undefined ? [] : [member])
      expect(expiry).toEqual(until instanceof Date ? [member, String(until.getTime())] : [])
      const expected = stored === undefined ? [] : indexMembers(model, stored.values)
      const found = inIndexes.flatMap((members, at) => members.flatMap((one) => [`g${at + 1}`, one]))
      expect(found).toEqual(expected.map(fromBytes))
    }
  })
})
