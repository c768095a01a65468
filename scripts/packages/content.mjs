import { join } from 'node:path/posix'

/** @typedef {import('./pack.mjs').Packed} Packed */

/** Every file that package.json's exports, bin, main and types name. @param {any} value @returns {string[]} */
const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(targets))

/**
 * What is wrong with a package's files, one line each.
 *
 * @param {Packed} packed
 * @returns {string[]}
 */
export function judgeContent({ files, manifest, read }) {
  const has = new Set(files)
  const { exports, bin, main, types } = manifest
  const named = targets({ exports, bin, main, types }).map((file) => join('.', file))
  const wanted = ['LICENSE', 'README.md', ...named].filter((file) => !has.has(file))
  const expected = /^(dist\/(esm|cjs)\/.*|data\/.*|LICENSE|README\.md|CHANGELOG\.md|package\.json)$/
  const stray = files.filter((file) => !expected.test(file))
  const text = JSON.stringify(manifest)

  return [
    ...wanted.map((file) => `${file} is missing`),
    ...stray.map((file) => `${file} should not be published`),
    ...(text.includes('isomodel-source') ? [`its exports still point to the source: see publishConfig.exports`] : []),
    ...(text.includes('"workspace:') ? [`a dependency still has the workspace: protocol`] : []),
    ...files.filter((file) => /\.js$/.test(file)).flatMap((file) => judgeMap(file, has, read)),
  ]
}

/**
 * A source map is of use without the sources only if it carries them.
 *
 * @param {string} file
 * @param {Set<string>} has
 * @param {(file: string) => string} read
 * @returns {string[]}
 */
function judgeMap(file, has, read) {
  if (file.endsWith('.lua.js')) return []
  if (!has.has(`${file}.map`)) return [`${file} has no source map`]
  /** @type {{ sources: string[], sourcesContent?: (string | null)[] }} */
  const map = JSON.parse(read(`${file}.map`))
  const carried = map.sources.every((_, index) => typeof map.sourcesContent?.[index] === 'string')
  return carried ? [] : [`${file}.map does not carry its sources`]
}
