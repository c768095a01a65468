import type { Comparison, OperationResult, StoreResult } from '../../result.js'
import { drawPanel, type Lane } from '../charts/lanes.js'
import { logScale } from '../charts/scale.js'
import { milliseconds, rate, times } from '../figures.js'
import { html, type Markup } from '../html.js'
import { drawFigures, drawTable } from '../table.js'

/** The library's time against the vendor's client's, with the band over the rounds. */
export function ratioSection({ settings, stores }: Comparison): Markup | undefined {
  const measured = stores.filter(({ vendor, operations }) => vendor !== undefined && operations.length > 0)
  if (measured.length === 0) return undefined
  const ratios = measured.flatMap(({ operations }) =>
    operations.flatMap(({ ratio }) => (ratio === undefined ? [] : [ratio.least, ratio.greatest])),
  )
  const scale = logScale(ratios, [0.5, 2])
  return html`<section id="ratio"><h2>What does it cost beside the vendor's own client?</h2>
<p>The time of isomodel's call divided by that of the same work written by hand with the vendor's client, against the same engine, in
${settings.rounds} rounds by turns. <span class="key"><svg width="14" height="14"><circle class="dot" cx="7" cy="7" r="4.5"/></svg> median of the rounds</span>,
<span class="key"><svg width="26" height="14"><line class="band" x1="3" x2="23" y1="7" y2="7"/></svg> least to greatest</span>.
At 1 both take the same time; to the right isomodel takes longer. The hand-written side validates nothing, keeps no write token
and no revision, and lays its data out for these patterns alone.</p>
<div class="panels">${measured.map((store) =>
    drawPanel({
      title: `${store.name} against ${store.vendor?.client ?? ''}`,
      caption: html`By hand: ${store.vendor?.layout}.`,
      lanes: store.operations.map(laneOf),
      scale,
      tick: (value) => `${value}x`,
      baseline: 1,
    }),
  )}</div>
${drawFigures('All figures', measured.map(table))}</section>`
}

function laneOf({ operation, ratio }: OperationResult): Lane {
  if (ratio === undefined) return { label: operation, marks: [], says: 'not measured', note: 'not measured' }
  return {
    label: operation,
    marks: [
      { kind: 'band', from: ratio.least, to: ratio.greatest },
      { kind: 'dot', value: ratio.median },
    ],
    says: `${times(ratio.median)}, from ${times(ratio.least)} to ${times(ratio.greatest)}`,
  }
}

function table({ name, operations }: StoreResult): Markup {
  const head = [
    'Operation',
    'p50, ms',
    "vendor's p50, ms",
    'calls/s',
    "vendor's calls/s",
    'ratio',
    'from',
    'to',
    "vendor's errors",
  ]
  const rows = operations.map(({ operation, library, vendor, ratio }) => [
    operation,
    milliseconds(library.latency.p50),
    milliseconds(vendor?.latency.p50),
    rate(library.throughput),
    rate(vendor?.throughput ?? 0),
    ...(ratio === undefined ? ['', '', ''] : [times(ratio.median), times(ratio.least), times(ratio.greatest)]),
    vendor?.errors,
  ])
  return html`<h3>${name}</h3>${drawTable(head, rows)}`
}
