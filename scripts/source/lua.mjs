import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** A comment that has a line to itself; those behind code stay, since telling them from strings takes a parser. */
const COMMENT = /^[ \t]*--.*$/gm
const INDENT = /^[ \t]+/gm
const LONG_BRACKET = /\[=*\[/

const INCLUDE = /^--- @include "([^"]+)"[ \t]*$/gm

/**
 * The text of a Lua script, with every line `--- @include "<path>"` replaced by that file (relative to the including
 * file, `.lua` added where it is missing). A file that is included twice is inserted once, at its first mention. Comments
 * and indentation, which every application would carry and send, become empty: a line keeps its number.
 *
 * Vitest, the build and plain Node all load `.lua` through this function, so a script is the same text everywhere.
 *
 * @param {string} file absolute path
 * @returns {{ text: string, files: string[] }} the text, and every file that it was made of
 */
export function readLua(file) {
  /** @type {Set<string>} */
  const files = new Set()

  /** @param {string} path @param {string} from @returns {string} */
  const expand = (path, from) => {
    if (files.has(path)) return ''
    files.add(path)
    let source
    try {
      source = readFileSync(path, 'utf8')
    } catch (cause) {
      throw new Error(`${from}: cannot read the Lua script ${path}: check the path after @include`, { cause })
    }
    if (LONG_BRACKET.test(source)) {
      throw new Error(`${path}: a string or comment in [[ ]] cannot be told from code here: use quotes and --`)
    }
    return source.replace(INCLUDE, (_, name) =>
      expand(resolve(dirname(path), name.endsWith('.lua') ? name : `${name}.lua`), path).trimEnd(),
    )
  }

  const text = expand(resolve(file), file).replace(COMMENT, '').replace(INDENT, '')
  return { text, files: [...files] }
}

/** @param {string} file @returns {string} an ES module whose default export is the script's text */
export const luaModule = (file) => `export default ${JSON.stringify(readLua(file).text)}\n`

/** For Vite and Vitest. */
export const luaVitePlugin = {
  name: 'isomodel-lua',
  /** @this {{ addWatchFile(file: string): void }} @param {string} id */
  load(id) {
    if (!id.endsWith('.lua')) return undefined
    for (const file of readLua(id).files) this.addWatchFile(file)
    return luaModule(id)
  },
  /**
   * Vitest keeps transformed modules between runs, by the text of their own file: what a script includes must count too.
   *
   * @param {Pick<import('vitest/node').VitestPluginContext, 'defineCacheKeyGenerator'>} context
   */
  configureVitest({ defineCacheKeyGenerator }) {
    defineCacheKeyGenerator(({ id }) => (id.endsWith('.lua') ? readLua(id).text : undefined))
  },
}
