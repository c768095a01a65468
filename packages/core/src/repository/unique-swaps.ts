import type { Stored, Swap } from '../driver/contract.js'
import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { type Holding, holderIn, holdingsOf, recordOf, swapRecord } from './unique-record.js'

/** How an entity of a commit changes. */
export interface Change {
  readonly entity: EntityModel
  readonly before: Stored | undefined
  readonly after: Stored | undefined
}

/** What is known of the records of unique values: those that were looked at, and what was there. */
export type KnownRecords = ReadonlyMap<string, Stored | undefined>

/** The swaps of records that go with a commit, and the values that they are about. */
export interface UniqueSwaps {
  readonly swaps: readonly Swap[]
  readonly values: readonly string[]
}

/**
 * The values that entities give back and take. Where a record was not looked at, a value that is taken is expected to be
 * free: when it is not, the commit is stale, and the records are looked at before the next try. A value may pass from one
 * entity to another in one commit.
 *
 * @throws whatever `refuse` makes of the first change that takes what another holds.
 */
export async function uniqueSwaps(
  changes: readonly Change[],
  known: KnownRecords,
  now: number,
  refuse: (at: number, error: StoreError) => Error,
): Promise<UniqueSwaps> {
  const before = changes.map(({ entity, before }) => holdingsOf(entity, before))
  const after = changes.map(({ entity, after }) => holdingsOf(entity, after))
  const freed = new Map<string, Holding>()
  for (const [at, holdings] of before.entries()) {
    for (const [value, holding] of holdings) if (!isKept(holding, after[at]?.get(value))) freed.set(value, holding)
  }
  const swaps = new Map<string, Swap>()
  for (const [at, holdings] of after.entries()) {
    for (const [value, holding] of holdings) {
      if (isKept(before[at]?.get(value), holding)) continue
      const record = known.get(value)
      const holder = holderIn(record, now)
      const other = holder !== undefined && holder !== holding.holder && freed.get(value)?.holder !== holder
      if (other || swaps.has(value)) throw refuse(at, violation(changes[at] as Change, holding))
      const own = freed.get(value)
      const expected = known.has(value) ? (record ?? 'absent') : own === undefined ? 'absent' : await recordOf(own)
      swaps.set(value, swapRecord(value, expected, await recordOf(holding)))
    }
  }
  for (const [value, holding] of freed) {
    if (swaps.has(value)) continue
    const mine = await recordOf(holding)
    const record = known.get(value)
    // Another may have taken it when its holder had expired: then it is not ours to give back. But the holder may also have
    // taken it since the records were looked at, so the commit asks whether the record is still that.
    const isOurs = !known.has(value) || record?.token === mine.token
    swaps.set(value, isOurs ? swapRecord(value, mine, 'delete') : swapRecord(value, record ?? 'absent', 'keep'))
  }
  return { swaps: [...swaps.values()], values: [...swaps.keys()] }
}

/** Whether a holding needs no writing: same holder, same expiry. */
function isKept(before: Holding | undefined, after: Holding | undefined): boolean {
  return (
    before !== undefined &&
    after !== undefined &&
    before.holder === after.holder &&
    before.until?.getTime() === after.until?.getTime()
  )
}

function violation({ entity }: Change, { unique }: Holding): StoreError {
  const fields = unique.fields.map(({ name }) => name)
  return new StoreError(
    `Another ${entity.name} has this ${fields.join(', ')}, which ${unique.name} keeps unique. Choose another, or change or delete the one that has it.`,
    { code: 'UNIQUE_VIOLATION', path: [fields[0] as string] },
  )
}
