import { applyChanges, type Change, type Condition, evaluate, type Value, type Values } from '@isomodel/core/driver'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { redisCodec } from '../src/codec.js'
import changePart from '../src/scripts/parts/change.lua'
import conditionPart from '../src/scripts/parts/condition.lua'
import { frame, toArgument, unframe, type Wire } from '../src/wire.js'
import { changes, conditionOn, fields } from './support/random-op.js'
import { eachServer, type Server } from './support/server.js'
import { Thing } from './support/thing.js'

const codec = redisCodec(Thing.model)
const KEY = { home: 'h', id: 1 }

const READ = `
local fields, list = {}, items(ARGV[1])
for i = 1, #list, 2 do fields[list[i]] = list[i + 1] end
local out = {}
for i = 2, #ARGV do out[i - 1] = `
const CONDITIONS = `${conditionPart}${READ} holds(fields, ARGV[i]) and '1' or '0' end return out`
const CHANGES = `${changePart}
local function made(changed, reason)
  if not changed then return reason end
  local list = {}
  for name, text in pairs(changed) do
    list[#list + 1] = name
    list[#list + 1] = text == REMOVED and '' or text
  end
  return join('[', list)
end
${READ} made(applyChanges(fields, (items(ARGV[i])))) end return out`

async function inLua(server: Server, script: string, values: Values, args: readonly Wire[]): Promise<Wire[]> {
  const all = [frame(codec.encode(values)), ...args].map(toArgument)
  const replies = (await server.client.callBuffer('EVAL', script, '0', ...all)) as Buffer[]
  return replies.map((reply) => reply.toString('latin1'))
}

/** Every order of each value with itself, its neighbours and values of other kinds. */
function comparisons(values: Values): Condition[] {
  const others: Value[] = [
    '',
    'a',
    0,
    -1,
    1,
    5e-324,
    0n,
    -1n,
    10n ** 15n,
    true,
    false,
    null,
    new Date(0),
    new Uint8Array(),
  ]
  return Object.entries(values).flatMap(([name, value]) =>
    [value, ...others].flatMap((other): Condition[] => [
      ...(['eq', 'ne'] as const).map((op) => ({ op, path: [name], value: other })),
      ...(['lt', 'lte', 'gt', 'gte'] as const).map((op) => ({ op, path: [name], value: other as string })),
      { op: 'between', path: [name], low: other as string, high: value as string },
      { op: 'between', path: [name], low: value as string, high: other as string },
      { op: 'contains', path: [name], value: other },
    ]),
  )
}

eachServer((server) => {
  it('conditions hold in the scripts where they hold', { timeout: 120_000 }, async () => {
    const cases = fields.chain((values) =>
      fc.tuple(fc.constant(values), fc.array(conditionOn(values), { minLength: 50, maxLength: 50 })),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([some, random]) => {
        const values = { ...some, ...KEY }
        const conditions = [...random, ...comparisons(values)]
        const found = await inLua(server, CONDITIONS, values, conditions.map(codec.condition))
        const wrong = conditions.filter((condition, at) => found[at] !== (evaluate(condition, values) ? '1' : '0'))
        expect(wrong).toEqual([])
      }),
      { numRuns: 100, endOnFailure: true },
    )
  })

  it('changes give in the scripts what they give', { timeout: 120_000 }, async () => {
    const cases = fc.tuple(fields, fc.array(changes, { minLength: 50, maxLength: 50 }))
    await fc.assert(
      fc.asyncProperty(cases, async ([some, lists]) => {
        const values = { ...some, ...KEY }
        const found = await inLua(
          server,
          CHANGES,
          values,
          lists.map((list) => frame(list.map(codec.change))),
        )
        for (const [at, list] of lists.entries()) {
          expect({ list, outcome: outcome(values, found[at] as Wire) }).toEqual({
            list,
            outcome: expected(values, list),
          })
        }
      }),
      { numRuns: 100, endOnFailure: true },
    )
  })

  /** The fields after the changes, as texts by stored name; or the reason why not. */
  function outcome(values: Values, reply: Wire): unknown {
    if (!reply.startsWith('[')) return reply
    const texts = new Map(pairs(codec.encode(values)))
    for (const [name, text] of pairs(unframe(reply))) {
      if (text === '') texts.delete(name)
      else texts.set(name, text)
    }
    return texts
  }

  function expected(values: Values, list: readonly Change[]): unknown {
    const applied = applyChanges(Thing.model.type, values, list)
    return 'reason' in applied ? applied.reason : new Map(pairs(codec.encode(applied.values)))
  }

  function pairs(flat: readonly Wire[]): [Wire, Wire][] {
    return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] as Wire, flat[2 * at + 1] as Wire])
  }
})
