/** A position on an axis, in percent of its length. */
export interface Scale {
  readonly ticks: readonly { readonly value: number; readonly at: number }[]
  readonly at: (value: number) => number
}

/** A logarithmic axis that holds all values, from one tick to another. Ticks are 1, 2 and 5 times powers of ten. */
export function logScale(values: readonly number[], around: readonly number[] = []): Scale {
  const known = [...values, ...around].filter((value) => value > 0 && Number.isFinite(value))
  const least = known.length === 0 ? 1 : Math.min(...known)
  const most = known.length === 0 ? 10 : Math.max(...known)
  const all = niceValues(least, most)
  const [from, to] = [Math.log(all[0] as number), Math.log(all.at(-1) as number)]
  const at = (value: number): number => ((Math.log(value) - from) / (to - from)) * 100
  return { at, ticks: thin(all).map((value) => ({ value, at: at(value) })) }
}

/** A linear axis from 0 in whole steps. */
export function linearScale(values: readonly number[]): Scale {
  const most = Math.max(1, ...values)
  const step = [1, 2, 5, 10, 20, 50, 100].find((size) => most / size <= 6) ?? Math.ceil(most / 6)
  const end = Math.ceil(most / step) * step
  const at = (value: number): number => (value / end) * 100
  const ticks = Array.from({ length: end / step + 1 }, (_, n) => ({ value: n * step, at: at(n * step) }))
  return { at, ticks }
}

/** From the last nice value at or below the least to the first at or above the most; at least two. */
function niceValues(least: number, most: number): readonly number[] {
  const nice: number[] = []
  for (let power = Math.floor(Math.log10(least)); (nice.at(-1) ?? 0) <= most; power++) {
    for (const digit of [1, 2, 5]) nice.push(Number(`${digit}e${power}`))
  }
  const from = Math.max(
    0,
    nice.findLastIndex((value) => value <= least * (1 + 1e-9)),
  )
  const to = Math.max(
    from + 1,
    nice.findIndex((value) => value >= most * (1 - 1e-9)),
  )
  return nice.slice(from, to + 1)
}

const MOST_TICKS = 7

/** Powers of ten alone where there would be too many labels. */
function thin(values: readonly number[]): readonly number[] {
  if (values.length <= MOST_TICKS) return values
  return values.filter((value) => Number.isInteger(Math.round(Math.log10(value) * 1e6) / 1e6))
}
