import { defineEntity, type StoreError } from '@isomodel/core'
import { newToken, type Stored, type Swap, type Transactions } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { clientAt, engineNames, runEngine } from './support/engines.js'
import { type Opened, open } from './support/open.js'
import { FaultyProxy } from './support/proxy.js'

const Counter = defineEntity({
  name: 'Counter',
  schema: z.object({ id: z.string(), n: z.int() }),
  key: { partition: ['id'] },
})
const entity = Counter.model

const stored = (n: number, id = 'a'): Stored => ({ values: { id, n }, token: newToken() })
const swap = (expected: Swap['expected'], next: Swap['next'], inPlace = false, id = 'a'): Swap => ({
  entity,
  key: { id },
  expected,
  next,
  inPlace,
})

async function commit(db: Opened, ...swaps: readonly Swap[]): Promise<readonly [outcome: string, commands: string]> {
  const { commit } = db.driver.transactions as Transactions
  const outcome = await commit(swaps, db.call)
  return [
    outcome,
    db
      .look()
      .map(({ command }) => command)
      .join(),
  ]
}

describe.each(engineNames)('a commit on %s', (name) => {
  const running = runEngine(name)
  const found = async (db: Opened): Promise<unknown> =>
    (await db.driver.get([{ entity, key: { id: 'a' } }], db.strong))[0]

  it('of one entity is a plain write', async () => {
    await using db = await open(running().client, [Counter])
    const [first, second, other] = [stored(1), stored(2), stored(3)]
    expect(await commit(db, swap('absent', first))).toEqual(['done', 'PutItem'])
    expect(await commit(db, swap('absent', other))).toEqual(['stale', 'PutItem'])
    expect(await commit(db, swap(first, second, true))).toEqual(['done', 'UpdateItem'])
    expect(await commit(db, swap(first, other, true))).toEqual(['stale', 'UpdateItem'])
    expect(await found(db)).toEqual(second)
    db.look()
    expect(await commit(db, swap(first, 'delete'))).toEqual(['stale', 'DeleteItem'])
    expect(await commit(db, swap('any', other))).toEqual(['done', 'PutItem'])
    expect(await commit(db, swap(other, 'delete'))).toEqual(['done', 'DeleteItem'])
    expect(await found(db)).toBeUndefined()
  })

  it('of several, or of a check alone, is a transaction', async () => {
    await using db = await open(running().client, [Counter])
    const first = stored(1)
    expect(await commit(db, swap('absent', first), swap('absent', stored(1, 'b'), false, 'b'))).toEqual([
      'done',
      'TransactWriteItems',
    ])
    expect(await commit(db, swap(first, 'keep'))).toEqual(['done', 'TransactWriteItems'])
    expect(await commit(db, swap('absent', 'keep'))).toEqual(['stale', 'TransactWriteItems'])
  })

  it('of one that meets a transaction is stale, and another failure is one', async () => {
    await using proxy = await FaultyProxy.before(running().engine.address)
    await using db = await open(clientAt(proxy.address), [Counter])
    proxy.set('PutItem', { kind: 'answer', status: 400, type: 'TransactionConflictException' })
    expect(await commit(db, swap('absent', stored(1)))).toEqual(['stale', 'PutItem'])
    proxy.set('PutItem', { kind: 'drop reply' })
    const failure: StoreError = await commit(db, swap('absent', stored(1))).then(
      () => expect.unreachable('it should have failed'),
      (error) => error,
    )
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', outcome: 'unknown' })
  })
})
