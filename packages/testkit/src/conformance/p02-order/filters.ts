import { type Condition, type ConditionOperators, defineEntity, type OrderedField } from '@isomodel/core'
import { z } from 'zod'
import { show } from '../../same/show.js'
import { type Case, cases } from '../case.js'
import { same } from '../check.js'
import * as samples from './samples.js'

const Measured = defineEntity({
  name: 'P2Measured',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    text: z.string().optional(),
    number: z.number().optional(),
    big: z.bigint().optional(),
    flag: z.boolean().optional(),
    day: z.date().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    kind: z.enum(['aa', '😀', 'b', 'ä', 'B', 'a']).optional(),
  }),
  key: { partition: ['group'], sort: ['id'] },
})

type Field = Exclude<keyof z.output<typeof Measured.schema>, 'group' | 'id'>
type Compare = (field: OrderedField<unknown>, operators: ConditionOperators, value: NonNullable<unknown>) => Condition

/** Each comparison with the part of the ascending ids, around that of the value, which it must find. */
const comparisons: readonly (readonly [
  name: string,
  compare: Compare,
  expected: (ids: readonly number[], at: number) => readonly number[],
])[] = [
  ['<', (field, { lt }, value) => lt(field, value), (ids, at) => ids.slice(0, at)],
  ['<=', (field, { lte }, value) => lte(field, value), (ids, at) => ids.slice(0, at + 1)],
  ['>', (field, { gt }, value) => gt(field, value), (ids, at) => ids.slice(at + 1)],
  ['>=', (field, { gte }, value) => gte(field, value), (ids, at) => ids.slice(at)],
  ['= (between)', (field, { between }, value) => between(field, value, value), (ids, at) => [ids[at] as number]],
]

/** Compares fields that no key or index orders, in filters and in guards. */
const filtered =
  (field: Field, all: readonly NonNullable<unknown>[]) =>
  async (
    t: {
      readonly id: string
      readonly limits: { readonly number?: { readonly largest: number; readonly smallest: number } }
    },
    db: { readonly Measured: Repo },
  ): Promise<void> => {
    const { largest = Number.MAX_VALUE, smallest = 0 } = t.limits.number ?? {}
    const values = all.filter(
      (value) =>
        typeof value !== 'number' || value === 0 || (Math.abs(value) <= largest && Math.abs(value) >= smallest),
    )
    const absent = { group: t.id, id: values.length }
    await db.Measured.putMany([...values.map((value, id) => ({ group: t.id, id, [field]: value })), absent])
    const ids = values.map((_, id) => id)
    for (const [at, value] of values.entries()) {
      for (const [name, compare, expected] of comparisons) {
        const condition = (o: { readonly [P in Field]: unknown }, operators: ConditionOperators): Condition =>
          compare(o[field] as OrderedField<unknown>, operators, value)
        const found = await db.Measured.query({ group: t.id })
          .where(condition as never)
          .all()
        same(
          found.map(({ id }) => id),
          expected(ids, at),
          `${field} ${name} ${show(value)}`,
        )
      }
    }
  }

type Repo = import('@isomodel/core').Repository<typeof Measured>

export const filterOrder: readonly Case[] = cases(
  'P2',
  'order in filters',
  { Measured },
  {
    'strings by code point': filtered(
      'text',
      samples.strings.filter((_, at) => at % 3 !== 1),
    ),
    'numbers by value': filtered(
      'number',
      samples.numbers.filter((_, at) => at % 2 === 0),
    ),
    'bigints by value': filtered('big', samples.bigints),
    'false before true': filtered('flag', samples.booleans),
    'dates by time': filtered('day', samples.dates),
    'bytes unsigned, a prefix first': filtered('bytes', samples.bytes),
    'enums by value': filtered('kind', samples.kinds),
  },
)
