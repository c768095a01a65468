import { show } from '../../same/show.js'
import type { NotLinearizable } from '../verdict.js'
import { type Bar, columns } from './columns.js'
import { type Placing, shown, summary } from './placing.js'

const MOST = 40
const LONGEST = 60

/**
 * A history that fails, for a terminal: a line for each operation with its place in the longest order, and a bar from its
 * invocation to its return. At most 40 operations, the last ones.
 *
 * ```text
 * Not linearizable (counter, "a"): no order of these 3 operations explains their answers.
 * The longest that does has 2 and ends in 2; `get a → 1` of p3, which had returned, has no place in it.
 *
 *   1  p1  add a 1 → 1  ├──┤
 *   2  p2  add a 1 → 2   ├───┤
 *   ✗  p3  get a → 1          ├─┤
 * ```
 */
export function drawText<S, I, O>(verdict: NotLinearizable<S, I, O>): string {
  const { placings, leftOut } = shown(verdict, MOST)
  const { bars } = columns(placings, 1, () => 2)
  const labels = placings.map(({ label }) => cut(label))
  const processWidth = Math.max(...placings.map(({ process }) => process.length))
  const labelWidth = Math.max(...labels.map((label) => label.length))
  const placeWidth = Math.max(...placings.map((placing) => mark(placing).length))
  const lines = placings.map((placing, at) => {
    const head = [
      mark(placing).padStart(placeWidth),
      placing.process.padEnd(processWidth),
      labels[at]?.padEnd(labelWidth),
    ]
    return `  ${head.join('  ')}  ${drawBar(bars[at] as Bar)}`
  })
  const before = leftOut === 0 ? [] : [`  (${leftOut} before them, the first of the order)`]
  return [...summary(verdict, show(verdict.state)), '', ...before, ...lines].join('\n')
}

/** ✗ for the one that has no place, ? for one that need not have happened, · for one that was still under way. */
function mark({ place, isBlocked, isUnknown }: Placing): string {
  if (place !== undefined) return String(place)
  if (isBlocked) return '✗'
  return isUnknown ? '?' : '·'
}

const cut = (label: string): string => {
  const plain = label.replace(/\p{Cc}/gu, ' ')
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1)}…` : plain
}

const drawBar = ({ from, to, isClosed }: Bar): string =>
  `${' '.repeat(from)}├${'─'.repeat(to - from - 1)}${isClosed ? '┤' : '…'}`
