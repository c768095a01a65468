import type { Condition, ConditionOperators, OrderedField } from '@isomodel/core'
import { show } from '../../same/show.js'
import { same } from '../check.js'
import type { CaseContext } from '../context.js'

/** An ordered row of values in a store: one partition of a key or an index whose sort field is the value. */
export interface Shelf<V> {
  put(values: readonly V[]): Promise<unknown>
  /** All values, in the store's order. */
  all(reverse: boolean): Promise<V[]>
  where(
    condition: (value: OrderedField<V>, operators: ConditionOperators) => Condition,
    reverse?: boolean,
  ): Promise<V[]>
  /** The values page by page, of this size. */
  pages(size: number, reverse: boolean): Promise<V[][]>
}

/** Puts values on a shelf in a shuffled order and demands them back in order, and every range of them. */
export async function ordered<V>(t: CaseContext, shelf: Shelf<V>, values: readonly V[]): Promise<void> {
  await shelf.put(shuffled(values))
  const last = values.length - 1
  await t.settled(() => shelf.all(false), values, 'forward')
  await t.settled(() => shelf.all(true), values.toReversed(), 'in reverse')
  // The whole row is right by now; of a long one every third value is enough to show that ranges cut it where they say.
  const stride = values.length > 25 ? 3 : 1
  for (const [at, value] of values.entries()) {
    if (at % stride !== 0 && at !== last) continue
    const is = async (name: string, found: Promise<V[]>, expected: readonly V[]): Promise<void> =>
      same(await found, expected, `${name} ${show(value)}`)
    await Promise.all([
      is(
        '=',
        shelf.where((field, { eq }) => eq<V>(field, value)),
        [value],
      ),
      is(
        '<',
        shelf.where((field, { lt }) => lt<V>(field, value as NonNullable<V>)),
        values.slice(0, at),
      ),
      is(
        '<=',
        shelf.where((field, { lte }) => lte<V>(field, value as NonNullable<V>)),
        values.slice(0, at + 1),
      ),
      is(
        '>',
        shelf.where((field, { gt }) => gt<V>(field, value as NonNullable<V>), true),
        values.slice(at + 1).toReversed(),
      ),
      is(
        '>=',
        shelf.where((field, { gte }) => gte<V>(field, value as NonNullable<V>)),
        values.slice(at),
      ),
    ])
    const other = (at * 7 + 3) % values.length
    const [low, high] = [Math.min(at, other), Math.max(at, other)]
    const between = (from: number, to: number): Promise<V[]> =>
      shelf.where((field, operators) =>
        operators.between<V>(field, values[from] as NonNullable<V>, values[to] as NonNullable<V>),
      )
    await is(
      `between ${show(values[low])} and ${show(values[high])}, by`,
      between(low, high),
      values.slice(low, high + 1),
    )
    if (low < high)
      await is(`between ${show(values[high])} and ${show(values[low])}, inverted, by`, between(high, low), [])
    const open = shelf.where((field, { and, gt, lt }) =>
      and(gt<V>(field, values[low] as NonNullable<V>), lt<V>(field, values[high] as NonNullable<V>)),
    )
    await is(
      `> ${show(values[low])} and < ${show(values[high])}, by`,
      open,
      values.slice(low + 1, Math.max(high, low + 1)),
    )
  }
  const size = Math.max(1, Math.floor(last / 4))
  for (const reverse of [false, true]) {
    const pages = await shelf.pages(size, reverse)
    same(pages.flat(), reverse ? values.toReversed() : values, `in pages of ${size}${reverse ? ', in reverse' : ''}`)
  }
}

/** The same values in an order that no sort leaves by chance, the same in every run. */
export function shuffled<V>(values: readonly V[]): V[] {
  const left = [...values]
  const mixed: V[] = []
  for (let seed = 7; left.length > 0; seed = (seed * 1103515245 + 12345) % 2147483648)
    mixed.push(...left.splice(seed % left.length, 1))
  return mixed
}
