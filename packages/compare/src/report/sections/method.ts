import type { Comparison } from '../../result.js'
import { rate } from '../figures.js'
import { html, type Markup } from '../html.js'
import { drawTable } from '../table.js'

/** What ran on what, and what the figures do not say. */
export function methodSection({ clients, machine, settings, startedAt, seconds, stores, version }: Comparison): Markup {
  const engines = stores.map(({ name, engine, failure }) => [
    name,
    engine === undefined ? 'not started' : `${engine.name} ${engine.version}`,
    engine?.source ?? '',
    failure ?? engine?.caveat ?? '',
  ])
  return html`<section id="method"><h2>What ran, and what it does not say</h2>
<p><b>An emulator's latency is not the vendor's. These figures do not rank DynamoDB, MongoDB and Redis.</b> They say what the library
costs beside the vendor's own client on one engine, and that the answers are the same. Engine, library and measuring program
share the cores of one machine, and there is no network between them.</p>
<div class="wide">${drawTable(['Store', 'Engine', 'From', 'Of note'], engines)}</div>
<dl>
<dt>Machine</dt><dd>${machine.cpu}, ${machine.cores} cores, ${machine.memory} GiB, ${machine.system}, Node ${machine.node}</dd>
<dt>Clients</dt><dd>${Object.entries(clients)
    .map(([name, used]) => `${name} ${used}`)
    .join(', ')}</dd>
<dt>Workload</dt><dd>size ${settings.size}, seed ${settings.seed}: ${rate(settings.entities)} entities; ${settings.concurrency} calls in flight, each begun
when one ends (a closed loop: a slow answer delays the next question, so tails are those of this loop, not of arriving users)</dd>
<dt>Turns</dt><dd>library, vendor, vendor, library, and so on, ${settings.rounds} rounds of each after a warm-up that does not count; quantiles are exact, of all
samples of a side</dd>
<dt>Run</dt><dd>${startedAt}, ${rate(seconds)} s, @isomodel/compare ${version}</dd>
</dl></section>`
}
