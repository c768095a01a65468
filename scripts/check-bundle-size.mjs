/**
 * What each package adds to an application's bundle: everything it exports, minified and gzipped, without its dependencies. Needs a
 * build. The ceilings are in budgets.json, and move only in the commit that explains why.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { root } from './run/processes.mjs'
import { table } from './run/table.mjs'

/**
 * @typedef {object} Bundle
 * @property {string} title
 * @property {string} code the application's imports
 * @property {string[]} external packages that are not counted
 * @property {number} ceiling bytes
 * @property {number} [first] the budget that the ceiling took the place of, bytes
 * @property {string} [decision] the page of docs/decisions that says why
 * @property {string[]} [absent] words that must not occur in it
 */

/** @type {{ bundles: Bundle[] }} */
const { bundles } = JSON.parse(readFileSync(join(root, 'scripts/budgets.json'), 'utf8'))

/** @param {import('esbuild').Metafile} metafile @returns {[file: string, bytes: number][]} */
const heaviest = ({ outputs }) =>
  Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .map(([file, { bytesInOutput }]) => /** @type {[string, number]} */ ([file, bytesInOutput]))
    .sort(([, left], [, right]) => right - left)
    .slice(0, 10)

/** @type {string[][]} */
const rows = []
let failed = 0

for (const { title, code, external, ceiling, first, decision, absent = [] } of bundles) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: join(root, 'test') },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external,
    metafile: true,
    logLevel: 'error',
  })
  const [output] = outputFiles
  const bytes = gzipSync(output?.contents ?? '', { level: 9 }).length
  const found = absent.filter((word) => output?.text.includes(word))
  const verdict = bytes > ceiling ? 'OVER' : found.length > 0 ? `CONTAINS ${found.join(', ')}` : 'ok'
  rows.push([title, String(bytes), String(ceiling), first === undefined ? '' : `${first} (${decision})`, verdict])
  if (verdict === 'ok') continue
  failed += 1
  // Where to look: what the largest modules weigh before they are compressed.
  rows.push(...heaviest(metafile).map(([file, weight]) => [`  ${file}`, `(${weight})`, '', '', '']))
}

process.stdout.write(table(['bundle, min + gzip', 'bytes', 'ceiling', 'first budget', ''], rows))
console.log(`${bundles.length - failed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
