import type { Bar } from './columns.js'
import type { Placing } from './placing.js'

export interface Lane {
  readonly process: string
  /** The numbers of its operations; their bars do not meet. */
  readonly members: readonly number[]
}

/** A lane for each process, by name (p2 before p10); more where operations of one process meet. */
export function lanes(placings: readonly Placing[], bars: readonly Bar[]): readonly Lane[] {
  const numbers = placings.map((_, at) => at)
  const processes = [...Map.groupBy(numbers, (at) => placings[at]?.process ?? '')]
  return processes
    .sort(([one], [other]) => BY_NAME.compare(one, other))
    .flatMap(([process, members]) => {
      const made: { readonly members: number[]; end: number }[] = []
      for (const at of members) {
        const { from, to } = bars[at] ?? { from: 0, to: 0 }
        const free = made.find(({ end }) => end <= from)
        if (free === undefined) made.push({ members: [at], end: to })
        else {
          free.members.push(at)
          free.end = to
        }
      }
      return made.map((lane) => ({ process, members: lane.members }))
    })
}

const BY_NAME = new Intl.Collator('en', { numeric: true })
