import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { root, run } from '../scripts/run/processes.mjs'

const PROGRAM = `import { type Adapter, connect, type Db, defineEntity, type Repository } from '@isomodel/core'
import { z } from 'zod'
const Order = defineEntity({
  name: 'Order',
  schema: z.object({ customerId: z.string(), orderId: z.string(), total: z.number(), lines: z.array(z.string()), status: z.enum(['placed', 'paid']) }),
  key: { partition: ['customerId'], sort: ['orderId'] },
  indexes: { byStatus: { partition: ['status'] } },
})
declare const orders: Repository<typeof Order>
const Stamped = defineEntity({ name: 'Stamped', schema: z.object({ id: z.string(), tags: z.set(z.string()) }), key: { partition: ['id'] }, revision: true, timestamps: true })
declare const stamped: Repository<typeof Stamped>
declare const db: Db<{ Order: typeof Order; Stamped: typeof Stamped }>
const Member = defineEntity({ name: 'Member', schema: z.object({ id: z.string(), email: z.string() }), key: { partition: ['id'] }, uniques: { byEmail: ['email'] } })
declare const portable: Adapter
const key = { customerId: 'c-1', orderId: 'o-1' }
const schema = z.object({ id: z.string(), box: z.object({}), at: z.date() })
`

/** A mistake on a line of its own, and what the compiler's message about it must hold. */
const MISTAKES: readonly (readonly [string, readonly string[]])[] = [
  [`orders.create({ ...key, total: 1, lines: [], status: 'lost' })`, [`'"lost"' is not assignable`, '"paid"']],
  [`orders.get({ customerId: 'c-1' })`, [`Property 'orderId' is missing`]],
  [`orders.query('byStat', { status: 'paid' })`, [`'"byStat"' is not assignable`, `'"byStatus"'`]],
  [`orders.query('byStatus', {})`, [`Property 'status' is missing`]],
  [`orders.query('byStatus', { state: 'paid' })`, [`'state' does not exist`]],
  [`orders.query({ customerId: 'c' }).where((o, { eq }) => eq(o.nope, 1))`, [`Property 'nope' does not exist`]],
  [
    `orders.query({ customerId: 'c' }).where((o, { gt }) => gt(o.total, '1'))`,
    [`'string' is not assignable to parameter of type 'number'`],
  ],
  [`orders.query({ customerId: 'c' }).where((o, { gt }) => gt(o.lines, []))`, [`ListField<string`, `OrderedField`]],
  [`orders.update(key, (o, { set }) => [set(o.status, 'lost')])`, [`'"lost"' is not assignable`, '"paid"']],
  [`orders.update(key, (o, { add }) => [add(o.status, 1)])`, ['StringField', `NumericField`]],
  [
    `orders.update(key, (o, { set }) => [set(o.orderId, 'o-2')])`,
    ['orderId is a key field and cannot be updated: create the entity under its new key'],
  ],
  [`orders.update(key, (o, { addToSet }) => [addToSet(o.lines, new Set(['x']))])`, ['ListField', 'SetField']],
  [`stamped.update({ id: '1' }, { revision: 'x' })`, [`'revision' does not exist`]],
  [`stamped.update({ id: '1' }, { createdAt: new Date() })`, [`'createdAt' does not exist`]],
  [`defineEntity({ name: 'E', schema, key: { partition: ['id'], sort: ['id'] } })`, ['id is in the key twice']],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'] }, indexes: { a: { partition: ['at'] }, b: { partition: ['at'] } } })`,
    ['has the fields and the scope of another index'],
  ],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'] }, uniques: { byBox: ['box'] } })`,
    ['box has no order'],
  ],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'] }, uniques: { byAt: ['att'] } })`,
    [`'"att"' is not assignable`],
  ],
  [
    `orders.update(key, { orderId: 'o-2' })`,
    ['orderId is a key field and cannot be updated: create the entity under its new key'],
  ],
  [`db.collection(['Order', 'Oder'], { customerId: 'c' })`, [`'"Oder"' is not assignable`, '"Stamped"']],
  [
    `db.collection(['Order', 'Stamped'], { customerId: 'c' })`,
    ['Stamped is not in the partition of Order: give both the same partitionName'],
  ],
  [`db.collection(['Order'], 'byStat', { status: 'paid' })`, [`'"byStat"' is not assignable`, `'"byStatus"'`]],
  [`db.collection(['Order'], { orderId: 'c' })`, ["'orderId' does not exist"]],
  [`defineEntity({ name: 'E', schema, key: { partition: ['idd'] } })`, [`'"idd"' is not assignable`, '"box"']],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['box'] } })`,
    ['box is absent in some entities, or has no order'],
  ],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'], srot: ['at'] } })`,
    ['srot is no option of a key; there are partition, sort and partitionName'],
  ],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'] }, indexes: { byAt: { partition: ['at'], scop: 'local' } } })`,
    ['scop is no option of an index; there are partition, sort, partitionName, scope and number'],
  ],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'] }, indexes: { byBox: { partition: ['box'] } } })`,
    ['box has no order'],
  ],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'] }, index: {} })`,
    [`'index' does not exist`, `'indexes'`],
  ],
  [`defineEntity({ name: 'E', schema, key: { partition: ['id'] }, ttl: 'id' })`, ['id is no Date field']],
  [
    `defineEntity({ name: 'E', schema, key: { partition: ['id'] }, revision: 'at' })`,
    ['at is a field of the schema too: rename'],
  ],
  [
    `db.transact((t) => [t.Order.delete(key)])`,
    [
      "transact needs 'transact:store', which this db is not known to have: connect a store with transactions, ask db.supports first",
    ],
  ],
  [`db.transactGet((t) => [t.Order.get(key)])`, ["transactGet needs 'transact:store'"]],
  [
    `db.changes(['Order'])`,
    [
      "changes needs 'changes:exact', which this db is not known to have: connect a store with a change feed, ask db.supports first",
    ],
  ],
  [
    `orders.query('byStatus', { status: 'paid' }).consistency('strong')`,
    ["a strong read by a global index needs 'index:strong'", 'Query by the key or a local index'],
  ],
  [
    `connect(portable, { Member, Order })`,
    ["Member has uniques, which need 'transact:store': connect it to a store with transactions"],
  ],
]

const folder = mkdtempSync(join(root, 'test/.messages-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('the compiler says of each mistake what is wrong, in words of the model', async () => {
  writeFileSync(join(folder, 'program.ts'), PROGRAM + MISTAKES.map(([line]) => `${line}\n`).join(''))
  const options = { noEmit: true, customConditions: ['isomodel-source'], types: ['node'] }
  const config = { extends: '../../tsconfig.base.json', compilerOptions: options, files: ['program.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { output } = await run('tsc', ['-p', folder, '--pretty', 'false'])
  const messages = messagesByLine(output)
  const first = PROGRAM.split('\n').length
  for (const [at, [mistake, wanted]] of MISTAKES.entries()) {
    const message = messages.get(first + at) ?? 'nothing'
    for (const text of wanted) expect(message, mistake).toContain(text)
  }
  expect(messages.size, output).toBe(MISTAKES.length)
})

/** tsc's messages by line of the program; what follows a message indented belongs to it. */
function messagesByLine(output: string): Map<number, string> {
  const messages = new Map<number, string>()
  let current = 0
  for (const text of output.split('\n')) {
    const [, line] = /program\.ts\((\d+),\d+\): error/.exec(text) ?? []
    if (line !== undefined) current = Number(line)
    else if (!text.startsWith(' ')) continue
    messages.set(current, `${messages.get(current) ?? ''}${text}\n`)
  }
  return messages
}
