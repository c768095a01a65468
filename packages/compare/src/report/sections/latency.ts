import type { Comparison, OperationResult, StoreResult } from '../../result.js'
import { drawPanel, type Lane, type Mark } from '../charts/lanes.js'
import { logScale } from '../charts/scale.js'
import { milliseconds, rate } from '../figures.js'
import { html, type Markup } from '../html.js'
import { drawFigures, drawTable } from '../table.js'

/** p50, p95 and p99 of every operation, a panel for each store, all on one axis. */
export function latencySection({ settings, stores }: Comparison): Markup {
  const measured = stores.filter(({ operations }) => operations.length > 0)
  const values = measured.flatMap(({ operations }) =>
    operations.flatMap(({ library }) => Object.values(library.latency)),
  )
  const scale = logScale(values.filter((value) => value !== undefined))
  return html`<section id="latency"><h2>How long does a call take?</h2>
<p>Of isomodel's calls on the generated shop, ${settings.concurrency} in flight, on one logarithmic axis in milliseconds:
<span class="key"><svg width="14" height="14"><circle class="dot" cx="7" cy="7" r="4.5"/></svg> p50</span>
<span class="key"><svg width="14" height="14"><circle class="ring" cx="7" cy="7" r="4.5"/></svg> p95</span>
<span class="key"><svg width="14" height="14"><line class="tick" x1="7" x2="7" y1="2" y2="12"/></svg> p99</span>.
A quantile is drawn where at least ten samples are expected beyond it. Each panel is about one engine on this machine; panels are
not to be ranked against each other.</p>
<div class="panels">${measured.map((store) =>
    drawPanel({
      title: store.name,
      caption: `${store.engine?.name ?? ''} ${store.engine?.version ?? ''}. ${store.engine?.caveat ?? ''}`,
      lanes: store.operations.map(laneOf),
      scale,
      tick: (value) => String(value),
    }),
  )}</div>
${drawFigures('All figures', measured.map(table))}</section>`
}

function laneOf({ operation, library }: OperationResult): Lane {
  const { p50, p95, p99 } = library.latency
  const marks: Mark[] = []
  const last = p99 ?? p95
  if (p50 !== undefined && last !== undefined) marks.push({ kind: 'range', from: p50, to: last })
  if (p99 !== undefined) marks.push({ kind: 'tick', value: p99 })
  if (p95 !== undefined) marks.push({ kind: 'ring', value: p95 })
  if (p50 !== undefined) marks.push({ kind: 'dot', value: p50 })
  const says = `p50 ${milliseconds(p50)}, p95 ${milliseconds(p95)}, p99 ${milliseconds(p99)} (ms), ${library.samples} samples`
  return { label: operation, marks, says, note: p50 === undefined ? 'n too small' : undefined }
}

function table({ name, operations }: StoreResult): Markup {
  const head = ['Operation', 'p50, ms', 'p95, ms', 'p99, ms', 'calls/s', 'samples', 'errors']
  const rows = operations.map(({ operation, library: { latency, throughput, samples, errors } }) => [
    operation,
    milliseconds(latency.p50),
    milliseconds(latency.p95),
    milliseconds(latency.p99),
    rate(throughput),
    rate(samples),
    errors,
  ])
  return html`<h3>${name}</h3>${drawTable(head, rows)}`
}
