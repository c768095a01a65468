import { count, milliseconds, rate, times } from '../report/figures.js'
import type { Comparison, StoreResult } from '../result.js'
import { patternNames } from '../shop/expected.js'

/** The comparison as plain text: what is equal, then for each store and operation the figures. */
export function renderTable(comparison: Comparison): string {
  const parts = [equality(comparison), ...comparison.stores.filter(wasMeasured).map(figures), findings(comparison)]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n\n${summary(comparison)}\n`
}

function wasMeasured(store: StoreResult): boolean {
  return store.operations.length > 0
}

function equality({ stores }: Comparison): string {
  const head = ['access pattern', ...stores.map((store) => store.name)]
  const rows = patternNames.map((pattern) => [
    pattern,
    ...stores.map((store) => {
      const asked = store.verdicts.filter((verdict) => verdict.pattern === pattern)
      if (asked.length === 0) return 'not asked'
      return asked.every((verdict) => verdict.equal) ? `equal (${asked.length} asked)` : 'DIFFERS'
    }),
  ])
  return align([head, ...rows], 1)
}

function figures(store: StoreResult): string {
  const title = `${store.name} on ${store.engine?.name} ${store.engine?.version}, times in ms`
  const head = ['operation', 'p50', 'p95', 'p99', 'calls/s', 'trips', "vendor's p50", 'calls/s', 'ratio', 'errors']
  const rows = store.operations.map(({ operation, library, vendor, ratio, traffic }) => [
    operation,
    milliseconds(library.latency.p50),
    milliseconds(library.latency.p95),
    milliseconds(library.latency.p99),
    rate(library.throughput),
    count(traffic.roundTrips),
    vendor === undefined ? '-' : milliseconds(vendor.latency.p50),
    vendor === undefined ? '-' : rate(vendor.throughput),
    ratio === undefined ? '-' : times(ratio.median),
    String(library.errors + (vendor?.errors ?? 0)),
  ])
  return `${title}\n${align([head, ...rows], 1)}`
}

function findings({ findings }: Comparison): string {
  if (findings.length === 0) return ''
  return ['The sample file contradicts itself:', ...findings.map(({ pattern, says }) => `  ${pattern}: ${says}`)].join(
    '\n',
  )
}

function summary({ stores, ok }: Comparison): string {
  const lines: string[] = []
  for (const store of stores) {
    if (store.failure !== undefined) lines.push(`${store.name} FAILED: ${store.failure}`)
    for (const { pattern, arguments: asked, differences } of store.verdicts) {
      for (const difference of differences) {
        lines.push(`${store.name} DIFFERS: ${pattern} ${JSON.stringify(asked)}: ${difference}`)
      }
    }
    for (const { operation, disagreements, library, vendor } of store.operations) {
      for (const disagreement of disagreements) lines.push(`${store.name} DISAGREES: ${operation} ${disagreement}`)
      if (library.error !== undefined) lines.push(`${store.name} ERRORS: ${operation}: ${library.error}`)
      if (vendor?.error !== undefined)
        lines.push(`${store.name} ERRORS of the vendor's client: ${operation}: ${vendor.error}`)
    }
  }
  const patterns = patternNames.length
  if (ok) lines.push(`${patterns} of ${patterns} patterns equal on ${stores.map((store) => store.name).join(', ')}.`)
  else lines.push('The comparison FAILED, for the reasons above.')
  lines.push("An emulator's latency is not the vendor's: these times do not rank the products.")
  return lines.join('\n')
}

/** Columns as wide as they need; those from `right` on are aligned to the right. */
function align(rows: readonly (readonly string[])[], right: number): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at < right ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
