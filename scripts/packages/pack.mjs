import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pnpm } from '../run/pnpm.mjs'
import { run } from '../run/processes.mjs'

/**
 * @typedef {object} Packed
 * @property {string} name
 * @property {string} tarball absolute path
 * @property {string[]} files paths inside the package
 * @property {any} manifest the package.json as published
 * @property {(file: string) => string} read the text of one of its files
 */

/**
 * Packs every package as it would be published.
 *
 * @param {string} into an empty folder
 * @returns {Promise<Packed[]>}
 */
export async function packAll(into) {
  const { code, output } = await pnpm(['-r', '--filter=./packages/*', 'pack', '--pack-destination', into])
  if (code !== 0) throw new Error(`pnpm could not pack the packages:\n${output}`)
  const tarballs = readdirSync(into).filter((file) => file.endsWith('.tgz'))
  return Promise.all(tarballs.map((file) => unpack(join(into, file))))
}

/** @param {string} tarball @returns {Promise<Packed>} */
async function unpack(tarball) {
  const content = tarball.replace(/\.tgz$/, '')
  mkdirSync(content)
  const { code, output } = await run('tar', ['-xzf', tarball, '-C', content])
  if (code !== 0) throw new Error(`cannot unpack ${tarball}:\n${output}`)

  const root = join(content, 'package')
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  /** @param {string} file */
  const read = (file) => readFileSync(join(root, file), 'utf8')
  const manifest = JSON.parse(read('package.json'))
  return { name: manifest.name, tarball, files, manifest, read }
}

/**
 * What a program may import or require of a package: `@isomodel/core`, `@isomodel/core/driver`. A `default` serves both, since
 * Node requires ES modules.
 *
 * @param {Packed} packed
 * @param {'import' | 'require'} by
 * @returns {string[]}
 */
export const entriesOf = ({ name, manifest }, by) =>
  Object.entries(manifest.exports ?? {})
    .filter(([/** @type {any} */ , target]) => (target[by] ?? target.default) !== undefined)
    .map(([key]) => join(name, key))

/** Whether it has CommonJS of its own. @param {Packed} packed @returns {boolean} */
export const hasCommonJs = ({ manifest }) =>
  Object.values(manifest.exports ?? {}).some((/** @type {any} */ target) => target.require !== undefined)
