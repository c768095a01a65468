import { describe, expect, it } from 'vitest'
import { linearScale, logScale } from '../src/report/charts/scale.js'
import { escapeHtml } from '../src/report/escape.js'
import { milliseconds } from '../src/report/figures.js'
import { html } from '../src/report/html.js'
import { renderReport } from '../src/report/report.js'
import { renderTable } from '../src/terminal/table.js'
import { comparison } from './comparison.js'

const hostile = '<script>alert("x")</script>&\'"'

describe('what comes from data', () => {
  it('is escaped, also in attributes', () => {
    expect(escapeHtml(hostile)).toBe('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;&quot;')
    expect(html`<p title="${hostile}">${[hostile, 1]}</p>`.text).not.toMatch(/<script|title="<|"x"/)
  })

  it('never becomes markup in the report, wherever it stands', () => {
    const page = renderReport(comparison({ text: hostile, equal: false }))
    expect(page).not.toContain('<script')
    expect(page.split('&lt;script&gt;').length - 1).toBeGreaterThan(5)
  })
})

describe('the report', () => {
  it('opens offline: no script, nothing fetched', () => {
    const page = renderReport(comparison())
    expect(page).not.toMatch(/\b(src|href)="(?!#)/)
    expect(page).not.toMatch(/url\(|@import|<script|<link/)
  })

  it('says when all is equal', () => {
    const page = renderReport(comparison())
    expect(page).toContain('16 of 16 access patterns answer the same on 1 store')
    expect(page).not.toContain('The comparison failed')
  })

  it('says what differs, what failed and where clients disagree', () => {
    const page = renderReport(comparison({ equal: false, failure: 'the engine ended', disagreement: 'found 1, not 2' }))
    for (const said of ['15 of 16', 'The comparison failed', 'the engine ended', 'found 1, not 2', '✗ differs']) {
      expect(page).toContain(said)
    }
  })

  it('says where the samples are too few', () => {
    expect(milliseconds(undefined)).toBe('n too small')
    expect(renderReport(comparison())).toContain('n too small')
  })
})

describe('the table', () => {
  it('has the figures of each operation and the verdict', () => {
    const text = renderTable(comparison())
    expect(text).toContain('16 of 16 patterns equal on redis.')
    expect(text).toContain('equal (1 asked)')
    expect(text).toMatch(/customer by customerId +0\.500 +1\.25 +n too small +2,000 +1 +0\.400 +2,500 +1\.25x +0/)
  })

  it('shows a difference, a failure and a disagreement', () => {
    const text = renderTable(comparison({ equal: false, failure: 'the engine ended', disagreement: 'found 1, not 2' }))
    expect(text).toContain('redis DIFFERS: customer by customerId {"id":"c#1"}: name: expected "a", found "b"')
    expect(text).toContain('redis FAILED: the engine ended')
    expect(text).toContain('found 1, not 2')
    expect(text).toContain('The comparison FAILED')
    expect(text).not.toContain('16 of 16 patterns equal')
  })
})

describe('an axis', () => {
  it('holds every value, on a logarithm', () => {
    const { at, ticks } = logScale([0.3, 40])
    expect(at(0.3)).toBeGreaterThanOrEqual(0)
    expect(at(40)).toBeLessThanOrEqual(100)
    expect(at(1) - at(0.5)).toBeCloseTo(at(20) - at(10), 9)
    expect(ticks.map(({ value }) => value)).toContain(1)
  })

  it('has somewhere to be for one value, and for none', () => {
    for (const values of [[1], [5, 5], []]) {
      const { ticks } = logScale(values)
      expect(ticks.length).toBeGreaterThanOrEqual(2)
      expect(ticks.every(({ at }) => at >= 0 && at <= 100)).toBe(true)
    }
  })

  it('counts from 0 in whole steps', () => {
    expect(linearScale([1, 11]).ticks.map(({ value }) => value)).toEqual([0, 2, 4, 6, 8, 10, 12])
    expect(linearScale([]).ticks.map(({ value }) => value)).toEqual([0, 1])
  })
})
