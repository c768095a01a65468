import { existsSync } from 'node:fs'
import { join } from 'node:path/posix'
import { root } from '../run/processes.mjs'

/** @typedef {import('./pack.mjs').Packed} Packed */

/** Every file that package.json's exports, bin, main and types name. @param {any} value @returns {string[]} */
const targets = (value) => (typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(targets))

/** Where the packages' source is, as their manifests name it. */
const SOURCE = 'https://github.com/isomodel/isomodel'

/**
 * What a registry's page of the package would lack.
 *
 * @param {any} manifest
 * @returns {string[]}
 */
function judgeManifest({ description, keywords, license, author, homepage, repository, bugs }) {
  const folder = repository?.directory
  /** @type {[field: string, holds: boolean][]} */
  const fields = [
    ['description', Boolean(description)],
    ['keywords', Array.isArray(keywords) && keywords.includes('isomodel')],
    ['license', license === 'Apache-2.0'],
    ['author', author === 'The isomodel authors'],
    ['repository', repository?.url === `git+${SOURCE}.git` && /^packages\/[a-z]+$/.test(folder)],
    ['homepage', homepage === `${SOURCE}/tree/main/${folder}#readme`],
    ['bugs', bugs?.url === `${SOURCE}/issues`],
  ]
  return fields.flatMap(([field, holds]) => (holds ? [] : [`package.json has no ${field}, or another than its like`]))
}

/**
 * A relative link leads nowhere on a registry's page, unless to a heading; one into the source leads where a file is.
 *
 * @param {string} text of the README
 * @returns {string[]}
 */
const judgeLinks = (text) =>
  [...text.matchAll(/\]\(([^)\s#][^)\s]*)\)/g)].flatMap(([, target = '']) => {
    const [, file] = /\/(?:blob|tree)\/main\/([^#]+)/.exec(target.startsWith(SOURCE) ? target : '') ?? []
    if (file !== undefined)
      return existsSync(join(root, file)) ? [] : [`README.md links to ${file}, which does not exist`]
    if (/^[a-z]+:/.test(target)) return []
    return [`README.md links to ${target}, which is not there on npm: begin it with ${SOURCE}/blob/main/`]
  })

/**
 * What is wrong with a package's files and its manifest, one line each.
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
    ...judgeManifest(manifest),
    ...(has.has('README.md') ? judgeLinks(read('README.md')) : []),
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
