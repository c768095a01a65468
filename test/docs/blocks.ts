/** A module made of one block of a page, or of several that continue each other. */
export interface DocModule {
  /** The page's path. */
  readonly page: string
  /** The line of the page on which its first visible block's code begins. */
  readonly line: number
  /** Its text, each line where it stands in the page, so that an error's line is the page's. */
  readonly code: string
  readonly runs: boolean
}

const FENCE = /^(\s*)(`{3,})(.*)$/
const WORDS = new Set(['continues', 'no-run'])

/**
 * The TypeScript modules of a Markdown page, as CONTRIBUTING.md describes them.
 *
 * @throws Error for a block that would escape the tests: another spelling of the language, or an unknown word after it
 */
export function readModules(page: string, text: string): DocModule[] {
  const lines = text.split('\n')
  const modules: { line: number; runs: boolean; code: string[] }[] = []
  let hidden: [line: number, code: string][] = []

  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    if (line.trim() === '<!-- ts') {
      for (at += 1; at < lines.length && lines[at]?.trim() !== '-->'; at += 1) hidden.push([at, lines[at] ?? ''])
      continue
    }
    const [, indent = '', ticks, info = ''] = FENCE.exec(line) ?? []
    if (ticks === undefined) continue

    const begin = at + 1
    const block: [line: number, code: string][] = []
    for (at += 1; at < lines.length && lines[at]?.trim() !== ticks; at += 1) {
      block.push([at, (lines[at] ?? '').slice(indent.length)])
    }
    const [language = '', ...words] = info.trim().split(/\s+/)
    if (/^(typescript|tsx|mts|cts|js|jsx|mjs|cjs|javascript)$/i.test(language)) {
      throw new Error(`${page}:${begin}: use \`ts\` for code, so that it is checked, not \`${language}\``)
    }
    if (language !== 'ts') continue
    const unknown = words.find((word) => !WORDS.has(word))
    if (unknown !== undefined) {
      throw new Error(`${page}:${begin}: no word '${unknown}' after ts: use ${[...WORDS].join(' or ')}`)
    }

    const previous = modules.at(-1)
    const continues = words.includes('continues')
    if (continues && previous === undefined) throw new Error(`${page}:${begin}: there is no block to continue`)
    const module = continues && previous ? previous : { line: begin + 1, runs: true, code: [] }
    if (module !== previous) modules.push(module)
    if (words.includes('no-run')) module.runs = false
    for (const [index, code] of [...hidden, ...block]) module.code[index] = code
    hidden = []
  }

  return modules.map(({ line, runs, code }) => ({
    page,
    line,
    runs,
    // Array.from fills the gaps: the lines of the page between its blocks.
    code: `${Array.from(code, (text) => text ?? '').join('\n')}\nexport {}\n`,
  }))
}
