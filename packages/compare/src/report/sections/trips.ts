import type { Comparison, OperationResult, StoreResult } from '../../result.js'
import { drawPanel, type Lane, type Mark } from '../charts/lanes.js'
import { linearScale } from '../charts/scale.js'
import { bytes, count } from '../figures.js'
import { html, type Markup } from '../html.js'
import { drawFigures, drawTable } from '../table.js'

/** Round trips of a call, beside the vendor's client; bytes in the table. */
export function tripsSection({ stores }: Comparison): Markup {
  const measured = stores.filter(({ operations }) => operations.length > 0)
  const scale = linearScale(
    measured.flatMap(({ operations }) =>
      operations.flatMap(({ traffic, vendorTraffic }) => [traffic.roundTrips, vendorTraffic?.roundTrips ?? 0]),
    ),
  )
  return html`<section id="trips"><h2>How many round trips does a call take?</h2>
<p>Requests that wait for an answer, counted off the timed path, on average over the same questions:
<span class="key"><svg width="14" height="14"><circle class="dot" cx="7" cy="7" r="4.5"/></svg> isomodel</span>,
<span class="key"><svg width="16" height="16"><circle class="other" cx="8" cy="8" r="6"/></svg> the vendor's client</span>. On a network each is
the distance to the server and back; requests of one call that do not depend on each other are sent together.</p>
<div class="panels">${measured.map((store) =>
    drawPanel({
      title: store.name,
      caption: store.vendor?.client ?? 'In process: a trip is a call of the driver.',
      lanes: store.operations.map(laneOf),
      scale,
      tick: (value) => String(value),
    }),
  )}</div>
${drawFigures('All figures, and bytes', measured.map(table))}</section>`
}

function laneOf({ operation, traffic, vendorTraffic }: OperationResult): Lane {
  const marks: Mark[] = [{ kind: 'dot', value: traffic.roundTrips }]
  if (vendorTraffic !== undefined) marks.push({ kind: 'other', value: vendorTraffic.roundTrips })
  const beside = vendorTraffic === undefined ? '' : `; the vendor's client ${count(vendorTraffic.roundTrips)}`
  return { label: operation, marks, says: `isomodel ${count(traffic.roundTrips)}${beside}` }
}

function table({ name, operations }: StoreResult): Markup {
  const head = [
    'Operation',
    'trips',
    "vendor's",
    'bytes sent',
    "vendor's",
    'bytes received',
    "vendor's",
    'answers checked',
    'disagree',
  ]
  const rows = operations.map(({ operation, traffic, vendorTraffic, checked, disagreements }) => [
    operation,
    count(traffic.roundTrips),
    vendorTraffic === undefined ? '' : count(vendorTraffic.roundTrips),
    bytes(traffic.bytesSent),
    vendorTraffic === undefined ? '' : bytes(vendorTraffic.bytesSent),
    bytes(traffic.bytesReceived),
    vendorTraffic === undefined ? '' : bytes(vendorTraffic.bytesReceived),
    vendorTraffic === undefined ? '' : checked,
    vendorTraffic === undefined ? '' : disagreements.length,
  ])
  return html`<h3>${name}</h3>${drawTable(head, rows)}`
}
