import type { Comparison } from '../../result.js'
import { rate, times } from '../figures.js'
import { html, type Markup } from '../html.js'
import { drawTable } from '../table.js'

/** How fast the generated shop went in. */
export function loadSection({ settings, stores }: Comparison): Markup {
  const rows = stores.flatMap(({ name, load }) =>
    load === undefined
      ? []
      : [
          [
            name,
            rate(load.library),
            load.vendor === undefined ? '' : rate(load.vendor),
            ...(load.ratio === undefined
              ? ['', '']
              : [times(load.ratio.median), `${times(load.ratio.least)} to ${times(load.ratio.greatest)}`]),
          ],
        ],
  )
  return html`<section id="load"><h2>How fast does data go in?</h2>
<p>${rate(settings.entities)} entities by <code>putMany</code>, in eight slices, by turns with the batches of the vendor's client. The ratio is that of
the times, as above. It is one load of each, not a distribution.</p>
${drawTable(['Store', 'entities/s', "vendor's entities/s", 'ratio', 'slices'], rows)}</section>`
}
