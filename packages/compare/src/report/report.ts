import type { Comparison, StoreResult } from '../result.js'
import { patternNames } from '../shop/expected.js'
import { rate } from './figures.js'
import { html, Markup } from './html.js'
import { answersSection } from './sections/answers.js'
import { latencySection } from './sections/latency.js'
import { loadSection } from './sections/load.js'
import { methodSection } from './sections/method.js'
import { ratioSection } from './sections/ratio.js'
import { tripsSection } from './sections/trips.js'
import { style } from './style.js'

/** The comparison as one HTML file that opens offline: no script, nothing fetched, every value escaped. */
export function renderReport(comparison: Comparison): string {
  const { stores, ok } = comparison
  const equal = patternsEqualOn(stores)
  const title = `${equal} of ${patternNames.length} access patterns answer the same on ${stores.length} ${stores.length === 1 ? 'store' : 'stores'}`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>isomodel: ${title}</title>
<style>${new Markup(style)}</style>
</head>
<body><main>
<header>
<h1>${title}</h1>
<p>One model of an online shop, declared once with isomodel, on ${stores.map(({ name }) => name).join(', ')}.</p>
<div class="cards">${cards(comparison, equal)}</div>
${ok ? undefined : html`<div class="bad-box" role="alert"><b>The comparison failed.</b><ul>${faults(stores)}</ul></div>`}
<nav aria-label="Sections"><a href="#answers">Answers</a><a href="#latency">Latency</a><a href="#ratio">Beside the vendor's client</a>
<a href="#trips">Round trips</a><a href="#load">Loading</a><a href="#method">What ran</a></nav>
</header>
${answersSection(comparison)}
${latencySection(comparison)}
${ratioSection(comparison)}
${tripsSection(comparison)}
${loadSection(comparison)}
${methodSection(comparison)}
</main></body>
</html>
`
  return page.text
}

/** Patterns to which every store gave the file's own answer. */
function patternsEqualOn(stores: readonly StoreResult[]): number {
  return patternNames.filter((pattern) =>
    stores.every(({ verdicts }) => {
      const asked = verdicts.filter((verdict) => verdict.pattern === pattern)
      return asked.length > 0 && asked.every((verdict) => verdict.equal)
    }),
  ).length
}

function cards({ settings, stores }: Comparison, equal: number): readonly Markup[] {
  const questions = stores.reduce((sum, { verdicts }) => sum + verdicts.length, 0)
  const samples = stores
    .flatMap(({ operations }) => operations)
    .reduce((sum, { library, vendor }) => sum + library.samples + (vendor?.samples ?? 0), 0)
  const card = (figure: string, says: string, kind = ''): Markup =>
    html`<div class="card ${kind}"><b>${figure}</b><span>${says}</span></div>`
  return [
    card(
      `${equal} of ${patternNames.length}`,
      'access patterns equal on every store and to the sample file',
      equal === patternNames.length ? 'good' : 'bad',
    ),
    card(rate(questions), 'answers held against the file, field by field'),
    card(rate(settings.entities), `entities in the generated shop, seed ${settings.seed}`),
    card(rate(samples), 'calls measured, in turns with the vendors’ clients'),
  ]
}

function faults(stores: readonly StoreResult[]): readonly Markup[] {
  return stores.flatMap(({ name, failure, verdicts, operations }) => {
    const found: Markup[] = []
    const add = (says: string): void => {
      found.push(html`<li><b>${name}</b>: ${says}</li>`)
    }
    if (failure !== undefined) add(`not measured to the end: ${failure}`)
    const wrong = new Set(verdicts.filter(({ equal }) => !equal).map(({ pattern }) => pattern))
    for (const pattern of wrong) add(`${pattern} differs from the file`)
    for (const { operation, disagreements, library, vendor } of operations) {
      for (const disagreement of disagreements) add(`${operation}, ${disagreement}`)
      if (library.error !== undefined) add(`${operation}, ${library.errors} errors, the first: ${library.error}`)
      if (vendor?.error !== undefined)
        add(`${operation} by the vendor's client, ${vendor.errors} errors, the first: ${vendor.error}`)
    }
    return found
  })
}
