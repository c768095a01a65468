import { dirname, join } from 'node:path/posix'

/** @typedef {{ imports: { specifier: string, line: number }[], words: { word: string, line: number }[] }} Module */
/** @typedef {{ name: string, dependencies?: Record<string, string>, peerDependencies?: Record<string, string> }} Manifest */

const ADAPTERS = ['memory', 'dynamodb', 'mongodb', 'redis']
const INTERNAL = /^@isomodel\/([^/]+)/
const STORE_NAME = /dynamo|mongo|documentdb|redis|valkey|elasticache|^memory$/i

/** The package that a bare specifier names. @param {string} specifier */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/**
 * Why one import of one file is refused, or undefined. Types count as imports: they bind packages together as tightly.
 *
 * @param {string} folder of the package, below packages/
 * @param {string} file relative to the package
 * @param {string} specifier
 * @param {Manifest} manifest
 * @returns {string | undefined}
 */
function refusal(folder, file, specifier, manifest) {
  if (specifier.startsWith('.')) {
    const target = join(dirname(file), specifier)
    if (target.startsWith('..')) return `leaves its package: import the other package by its name`
    if (file.startsWith('src/') && !target.startsWith('src/')) return `leaves src: what is published lives in src`
    return undefined
  }
  if (specifier.startsWith('node:')) return undefined

  const internal = INTERNAL.exec(specifier)?.[1]
  const published = file.startsWith('src/')
  if (internal !== undefined && internal !== folder) {
    if (folder === 'core') return `core imports no other package: a store is reached through src/driver only`
    if (ADAPTERS.includes(folder) && ADAPTERS.includes(internal)) {
      return `an adapter never imports another adapter: what both need belongs in @isomodel/core/driver`
    }
    if (ADAPTERS.includes(folder) && published && internal !== 'core') {
      return `an adapter's source imports @isomodel/core and @isomodel/core/driver only`
    }
    if (folder === 'testkit' && published && ADAPTERS.includes(internal)) {
      return `testkit knows no adapter: the adapter is given to it as a harness`
    }
  }
  const name = packageOf(specifier)
  if (published && name !== manifest.name && !(name in { ...manifest.dependencies, ...manifest.peerDependencies })) {
    return `${name} is not among the dependencies or peerDependencies of ${manifest.name}: add it, or do without it`
  }
  return undefined
}

/**
 * @param {string} folder
 * @param {string} file
 * @param {Module} module
 * @param {Manifest} manifest
 * @returns {string[]} one line for each refusal: `file:line what and why`
 */
export function judge(folder, file, module, manifest) {
  const found = module.imports.flatMap(({ specifier, line }) => {
    const reason = refusal(folder, file, specifier, manifest)
    return reason === undefined ? [] : [`packages/${folder}/${file}:${line} '${specifier}': ${reason}`]
  })
  if (folder === 'core' && file.startsWith('src/')) {
    for (const { word, line } of module.words) {
      if (!STORE_NAME.test(word)) continue
      const way = 'core never knows its store: ask a capability, or move this into the driver'
      found.push(`packages/${folder}/${file}:${line} '${word}': ${way}`)
    }
  }
  return found
}
