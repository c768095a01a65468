import fc from 'fast-check'
import { z } from 'zod'
import { anyValue, byteStrings, finite, int64, moments, names, objectOf, text } from './arbitraries.js'

/** A schema and values that fit it. */
export interface Sample {
  readonly schema: z.ZodType
  readonly values: fc.Arbitrary<unknown>
}

const member = fc.constantFrom('a', 'b', 'c')

const scalars: readonly Sample[] = [
  { schema: z.string(), values: text },
  { schema: z.string().max(3).optional(), values: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }) },
  { schema: z.string().default('standard'), values: fc.option(text, { nil: undefined }) },
  { schema: z.string().trim().toLowerCase(), values: text },
  { schema: z.number(), values: finite },
  { schema: z.int().min(-5).max(5), values: fc.integer({ min: -5, max: 5 }) },
  {
    schema: z.number().gt(0).nullable(),
    values: fc.option(fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true })),
  },
  { schema: z.bigint(), values: int64 },
  { schema: z.boolean(), values: fc.boolean() },
  { schema: z.date(), values: moments },
  { schema: z.instanceof(Uint8Array), values: byteStrings },
  { schema: z.null(), values: fc.constant(null) },
  { schema: z.enum(['a', 'b', 'c']), values: member },
  { schema: z.literal(['a', 1, null]), values: fc.constantFrom('a', 1, null) },
  { schema: z.set(z.string()), values: fc.array(text, { maxLength: 3 }).map((list) => new Set(list)) },
  { schema: z.set(z.int()).max(2), values: fc.array(fc.integer(), { maxLength: 2 }).map((list) => new Set(list)) },
]

type Field = readonly [name: string, sample: Sample]

function shapeOf(fields: readonly Field[]): { [name: string]: z.ZodType } {
  return objectOf(fields.map(([name, { schema }]) => [name, schema as never])) as never
}

const valuesOf = (fields: readonly Field[]): fc.Arbitrary<object> =>
  fc
    .tuple(...fields.map(([name, { values }]) => values.map((value) => [name, value] as const)))
    .map((entries) => objectOf(entries as never))

function objectSample(fields: readonly Field[], extra: readonly Field[]): fc.Arbitrary<Sample> {
  const shape = shapeOf(fields)
  const own = valuesOf(fields)
  const more = fc.tuple(own, valuesOf(extra)).map(([value, others]) => ({ ...others, ...value }))
  return fc.constantFrom<Sample>(
    { schema: z.object(shape), values: more },
    { schema: z.strictObject(shape), values: own },
    { schema: z.looseObject(shape), values: more },
  )
}

/** Schemas of every storable kind, some levels deep, each with values that fit it. `fieldNames` names their fields. */
export function samples(fieldNames: fc.Arbitrary<string> = names): fc.Arbitrary<Sample> {
  const scalar = fc.constantFrom(...scalars)
  const fields = (sample: fc.Arbitrary<Sample>, maxLength: number): fc.Arbitrary<Field[]> =>
    fc.uniqueArray(fc.tuple(fieldNames, sample), { selector: ([name]) => name, maxLength })
  const required = (sample: Sample): Sample => ({
    schema: z.nonoptional(sample.schema),
    values: sample.values.filter((value) => value !== undefined),
  })
  const any: Field = ['extra', { schema: z.looseObject({}), values: anyValue }]
  return fc.letrec<{ sample: Sample }>((tie) => ({
    sample: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      scalar,
      fields(tie('sample'), 4).chain((list) =>
        objectSample(list, list.some(([name]) => name === 'extra') ? [] : [any]),
      ),
      tie('sample')
        .map(required)
        .map(({ schema, values }) => ({ schema: z.array(schema), values: fc.array(values, { maxLength: 3 }) })),
      tie('sample').map(({ schema, values }) => ({
        schema: z.record(z.string(), schema),
        values: fc
          .array(fc.tuple(fieldNames, values), { maxLength: 3 })
          // An entry of undefined is none to this library; to Zod it is one.
          .map((entries) => objectOf(entries.filter(([, value]) => value !== undefined) as never)),
      })),
      fc.tuple(tie('sample').map(required), tie('sample').map(required)).map(([a, b]) => ({
        schema: z.tuple([a.schema, b.schema]),
        values: fc.tuple(a.values, b.values),
      })),
      fc
        .tuple(tie('sample'), tie('sample'))
        .map(([a, b]) => ({ schema: z.union([a.schema, b.schema]), values: fc.oneof(a.values, b.values) })),
      fc.tuple(fields(tie('sample'), 2), fields(tie('sample'), 2)).map(([a, b]) => {
        const [left, right] = [a, b].map((list) => list.filter(([name]) => name !== 'kind')) as [Field[], Field[]]
        const one = z.object({ ...shapeOf(left), kind: z.literal('one') })
        const two = z.object({ ...shapeOf(right), kind: z.enum(['two', 'three']) })
        return {
          schema: z.discriminatedUnion('kind', [one, two]),
          values: fc.oneof(
            valuesOf(left).map((value) => ({ ...value, kind: 'one' })),
            valuesOf(right).map((value) => ({ ...value, kind: 'three' })),
          ),
        }
      }),
      tie('sample').map(({ schema, values }) => ({ schema: schema.nullish(), values: fc.option(values) })),
      tie('sample').map(({ schema, values }) => ({ schema: z.lazy(() => schema).readonly(), values })),
    ),
  })).sample
}
