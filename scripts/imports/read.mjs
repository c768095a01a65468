import { parseSync } from 'oxc-parser'

/**
 * @typedef {{ specifier: string, line: number }} Import
 * @typedef {{ word: string, line: number }} Word an identifier, or the text of a string
 */

/**
 * What a TypeScript or JavaScript file imports (types, `import()`, `require()` and module augmentations included), and
 * the words of its code. Comments are not code.
 *
 * @param {string} file only its extension matters
 * @param {string} source
 * @returns {{ imports: Import[], words: Word[] }}
 */
export function readModule(file, source) {
  const { program, errors } = parseSync(file, source)
  const [error] = errors
  if (error) throw new Error(`${file}: ${error.message}`)

  /** @type {Import[]} */
  const imports = []
  /** @type {Word[]} */
  const words = []
  /** @param {number} offset */
  const line = (offset) => source.slice(0, offset).split('\n').length

  /** @param {any} node */
  const specifierOf = (node) => {
    if (node.type === 'ImportDeclaration' || node.type.startsWith('Export')) return node.source
    if (node.type === 'ImportExpression' || node.type === 'TSImportType') return node.source
    if (node.type === 'TSExternalModuleReference') return node.expression
    if (node.type === 'TSModuleDeclaration') return node.id
    if (node.type === 'CallExpression' && node.callee.name === 'require') return node.arguments[0]
    return undefined
  }

  /** @param {any} node */
  const visit = (node) => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item)
      return
    }
    if (node === null || typeof node !== 'object') return
    if (typeof node.type === 'string') {
      const from = specifierOf(node)
      if (from?.type === 'Literal') imports.push({ specifier: from.value, line: line(node.start) })
      const word = node.type === 'TemplateElement' ? node.value.cooked : (node.name ?? node.value)
      if (typeof word === 'string') words.push({ word, line: line(node.start) })
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(program)
  return { imports, words }
}
