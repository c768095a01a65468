import type { Comparison, StoreResult } from '../../result.js'
import { type PatternName, patternNames } from '../../shop/expected.js'
import { count } from '../figures.js'
import { html, type Markup } from '../html.js'
import { drawTable } from '../table.js'

/** Patterns by stores: equal or not, and in how many round trips. */
export function answersSection({ stores, findings }: Comparison): Markup {
  const head = ['Access pattern', ...stores.map(({ name }) => name)]
  const rows = patternNames.map((pattern) => [pattern, ...stores.map((store) => cell(store, pattern))])
  return html`<section id="answers"><h2>Does every store give the same answer?</h2>
<p>Each access pattern is asked with every id that the sample has for it and with one that it has not. The expected rows come from
the sample file itself, by the documented key conditions, in code that uses nothing of isomodel. The figure in a cell is
the number of round trips of the largest answer. A pattern over several entities is one query for each, sent together.</p>
<div class="matrix">${drawTable(head, rows)}</div>
${differences(stores)}
<h3>Where the sample contradicts itself</h3>
<p>Found in its rows; no difference between stores.</p>
<ul>${findings.map(({ pattern, says }) => html`<li><b>${pattern}</b>: ${says}</li>`)}</ul></section>`
}

function cell({ verdicts }: StoreResult, pattern: PatternName): Markup {
  const asked = verdicts.filter((verdict) => verdict.pattern === pattern)
  if (asked.length === 0) return html`<span class="unknown">not asked</span>`
  const equal = asked.every((verdict) => verdict.equal)
  const trips = Math.max(...asked.map((verdict) => verdict.roundTrips))
  const title = `${asked.length} questions, ${asked.reduce((sum, { expected }) => sum + expected, 0)} rows expected`
  return html`<span class="${equal ? 'equal' : 'differs'}" title="${title}">${equal ? '✓ equal' : '✗ differs'}</span> <small>${count(trips)} ${trips === 1 ? 'trip' : 'trips'}</small>`
}

function differences(stores: readonly StoreResult[]): Markup | undefined {
  const wrong = stores.flatMap(({ name, verdicts }) =>
    verdicts
      .filter((verdict) => !verdict.equal)
      .map(
        ({ pattern, arguments: asked, differences: found }) =>
          html`<li><b>${name}</b>, ${pattern} <code>${JSON.stringify(asked)}</code>
<ul>${found.map((difference) => html`<li><code>${difference}</code></li>`)}</ul></li>`,
      ),
  )
  return wrong.length === 0 ? undefined : html`<h3>What differs</h3><ul class="bad">${wrong}</ul>`
}
