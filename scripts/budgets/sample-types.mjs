/**
 * Two programs whose difference is what isomodel's types cost: the same Zod schemas, with and without entities and their
 * operations; both read Zod's output and input types, whose cost is Zod's own. Every entity has field names of its own, since the compiler does equal types only once.
 *
 * @param {number} entities
 * @returns {{ baseline: string, full: string }}
 */
export function sampleTypes(entities) {
  const numbers = Array.from({ length: entities }, (_, index) => index + 1)
  const imports = `import { type Adapter, connect, defineEntity } from '@isomodel/core'\nimport { z } from 'zod'\n`
  const schemas = numbers.map(schema).join('\n')
  const names = numbers.map((n) => `E${n}`).join(', ')
  return {
    baseline: [
      imports,
      schemas,
      ...numbers.map((n) => `export const read${n} = (value: z.output<typeof schema${n}>): string => value.owner${n}`),
      ...numbers.map((n) => `export const write${n} = (value: z.input<typeof schema${n}>): string => value.owner${n}`),
      'export const used: unknown[] = [connect, defineEntity]',
      'export type Used = Adapter',
    ].join('\n'),
    full: [
      imports,
      schemas,
      ...numbers.map(entity),
      'declare const adapter: Adapter',
      `const db = await connect(adapter, { ${names} })`,
      ...numbers.map(operations),
    ].join('\n'),
  }
}

/** Twelve fields. @param {number} n */
const schema = (n) => `const schema${n} = z.object({
  owner${n}: z.string(), item${n}: z.string(), status${n}: z.enum(['open${n}', 'paid${n}', 'done${n}']),
  at${n}: z.date(), total${n}: z.number(), count${n}: z.int(), size${n}: z.bigint(), live${n}: z.boolean(),
  note${n}: z.string().optional(), tags${n}: z.array(z.string()), labels${n}: z.set(z.string()),
  lines${n}: z.array(z.object({ product${n}: z.string(), quantity${n}: z.int() })),
})`

/** @param {number} n */
const entity = (n) => `const E${n} = defineEntity({
  name: 'E${n}', schema: schema${n}, key: { partition: ['owner${n}'], sort: ['item${n}'] },
  indexes: { byStatus${n}: { partition: ['status${n}'], sort: ['at${n}', 'item${n}'] }, byItem${n}: { partition: ['item${n}'] } },
  revision: true, timestamps: true,
})`

/** One of each operation. @param {number} n */
const operations = (n) => `
const key${n} = { owner${n}: 'a', item${n}: 'b' }
const got${n} = await db.E${n}.get(key${n})
if (got${n} === undefined) throw new Error('none')
await db.E${n}.create({
  owner${n}: 'a', item${n}: 'b', status${n}: 'open${n}', at${n}: new Date(0), total${n}: 1, count${n}: 1, size${n}: 1n,
  live${n}: true, tags${n}: [], labels${n}: new Set(['x']), lines${n}: [{ product${n}: 'p', quantity${n}: 1 }],
})
await db.E${n}.update(key${n}, (o, { set, add, at }) => [set(o.status${n}, 'paid${n}'), add(o.total${n}, 5), add(at(o.lines${n}, 0).quantity${n}, 1)], {
  if: (o, { eq }) => eq(o.status${n}, 'open${n}'),
})
await db.E${n}.update(key${n}, { status${n}: 'paid${n}' }, { ifRevision: got${n}.revision })
for await (const o of db.E${n}.query('byStatus${n}', { status${n}: 'paid${n}' }).where((o, { gte }) => gte(o.at${n}, new Date(0))).limit(5)) o.total${n}
await db.E${n}.query({ owner${n}: 'a' }).where((o, { and, beginsWith, gt }) => and(beginsWith(o.item${n}, 'b'), gt(o.total${n}, 1))).all()
await db.E${n}.delete(key${n})`
