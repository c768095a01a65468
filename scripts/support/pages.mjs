import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rulesTable, shortTable, storesTable } from './tables.mjs'

/** @typedef {import('./outcomes.mjs').Supports} Supports */

const KEPT = 'docs/reference/support.json'

/** @type {readonly [page: string, name: string, table: (supports: Supports) => string][]} */
const TABLES = [
  ['README.md', 'stores', shortTable],
  ['docs/reference/support.md', 'stores', storesTable],
  ['docs/reference/support.md', 'rules', rulesTable],
]

/** @param {string} root @returns {Supports} what the pages show */
export const keptSupports = (root) => JSON.parse(readFileSync(join(root, KEPT), 'utf8'))

/** @param {string} root @param {Supports} supports */
export function keepSupports(root, supports) {
  writeFileSync(join(root, KEPT), `${JSON.stringify(supports, undefined, 2)}\n`)
}

/**
 * A page with a table in the place of the one between its markers, `<!-- support: name -->` and `<!-- /support -->`.
 *
 * @param {string} text
 * @param {string} name
 * @param {string} table
 * @throws {Error} where there are no such markers
 */
export function withTable(text, name, table) {
  const begin = `<!-- support: ${name} -->\n`
  const from = text.indexOf(begin)
  const to = text.indexOf('<!-- /support -->', from)
  if (from < 0 || to < 0) throw new Error(`there are no markers of the table '${name}'`)
  return `${text.slice(0, from)}${begin}${table}\n${text.slice(to)}`
}

/**
 * The pages as they should be.
 *
 * @param {string} root
 * @param {Supports} supports
 * @returns {{ page: string, is: string, shouldBe: string }[]}
 */
export function pagesWith(root, supports) {
  return [...Map.groupBy(TABLES, ([page]) => page)].map(([page, tables]) => {
    const is = readFileSync(join(root, page), 'utf8')
    const shouldBe = tables.reduce((text, [, name, table]) => withTable(text, name, table(supports)), is)
    return { page, is, shouldBe }
  })
}
