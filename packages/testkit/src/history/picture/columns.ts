import type { Placing } from './placing.js'

/** Where a bar begins and ends, in units of the picture. */
export interface Bar {
  readonly from: number
  readonly to: number
  /** The caller heard by the end of the picture; else the bar is open. */
  readonly isClosed: boolean
}

/**
 * The bars of operations along one axis that ends with the fault, and on which only the order of events counts: each event
 * stands `step` behind the one before, and the end of an operation at least as far behind its beginning as `width` says.
 */
export function columns(
  placings: readonly Placing[],
  step: number,
  width: (placing: Placing) => number,
): { readonly bars: readonly Bar[]; readonly end: number } {
  const last = placings.find(({ isBlocked }) => isBlocked)?.returned ?? Number.POSITIVE_INFINITY
  const events = placings
    .flatMap((placing) => [
      { placing, moment: placing.invoked, isEnd: false },
      ...(placing.returned <= last ? [{ placing, moment: placing.returned, isEnd: true }] : []),
    ])
    .sort((one, other) => one.moment - other.moment || Number(one.isEnd) - Number(other.isEnd))

  const [begins, ends] = [new Map<Placing, number>(), new Map<Placing, number>()]
  const earliestEnd = (placing: Placing): number => (begins.get(placing) ?? 0) + width(placing)
  let here = -step
  for (const { placing, isEnd } of events) {
    here += step
    if (isEnd) here = Math.max(here, earliestEnd(placing))
    const known = isEnd ? ends : begins
    known.set(placing, here)
  }
  const end = Math.max(here + step, ...placings.filter((placing) => !ends.has(placing)).map(earliestEnd))
  const bars = placings.map((placing) => ({
    from: begins.get(placing) ?? 0,
    to: ends.get(placing) ?? end,
    isClosed: ends.has(placing),
  }))
  return { bars, end }
}
