import type { Comparison } from '../result.js'
import { renderTable } from '../terminal/table.js'
import { escapeHtml } from './escape.js'

/** One HTML file that opens offline. */
export function renderReport(comparison: Comparison): string {
  return `<!doctype html><meta charset="utf-8"><title>isomodel comparison</title><pre>${escapeHtml(renderTable(comparison))}</pre>`
}
