import { RUNS } from './outcomes.mjs'

/** @typedef {import('./outcomes.mjs').Support} Support */
/** @typedef {import('./outcomes.mjs').Supports} Supports */
/** @typedef {import('../../packages/testkit/src/conformance/outcome.js').Counts} Counts */

/** What each capability is, in the words of the tables. A new one has to be put here. @type {{ [C in keyof Support['capabilities']]: string }} */
const CAPABILITIES = {
  'transact:store': 'transactions, unique constraints',
  'changes:exact': 'change feed, with the entity before and after',
  'index:strong': 'global indexes answer with every acknowledged write',
  'read:eventual': 'eventual reads that cost less',
}

/** @type {{ [L in keyof Support['limits']]: string }} */
const LIMITS = {
  getBatch: 'keys of one read request',
  writeBatch: 'puts or deletes of one request',
  concurrency: 'requests of a batch at once',
  transactionItems: 'items of a transaction, its token among them',
  scanSegments: 'segments of a scan',
  fillsIndexes: 'a new index holds what was stored before it',
  expiryLag: 'an expired entity, invisible at once, takes space',
}

/** @param {readonly string[]} cells */
const line = (cells) => `| ${cells.join(' | ')} |`

/** @param {readonly string[]} header @param {readonly (readonly string[])[]} rows */
const table = (header, rows) => [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(line)].join('\n')

/** @param {Counts} counts how one rule ended, as short as it can be told */
function shown({ passed, refused, expectedFailures, failed }) {
  const others = [
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(expectedFailures > 0 ? [`${expectedFailures} known`] : []),
    ...(failed > 0 ? [`**${failed} failed**`] : []),
  ]
  return others.length === 0 ? String(passed) : `${passed}, ${others.join(', ')}`
}

/** @param {Support} support @returns {Counts} */
function total({ rules }) {
  const sum = { passed: 0, refused: 0, expectedFailures: 0, failed: 0 }
  for (const counts of Object.values(rules)) {
    for (const ending of /** @type {(keyof Counts)[]} */ (Object.keys(sum))) sum[ending] += counts[ending]
  }
  return sum
}

/** @param {unknown} value */
const word = (value) =>
  typeof value === 'boolean'
    ? value
      ? 'yes'
      : 'no'
    : typeof value === 'number'
      ? value.toLocaleString('en')
      : String(value)

/** The runs that there are, in their order. @param {Supports} supports @returns {[run: string, support: Support][]} */
const runsOf = (supports) =>
  Object.keys(RUNS).flatMap((run) => (supports[run] === undefined ? [] : [[run, supports[run]]]))

/**
 * The cases of each rule by engine.
 *
 * @param {Supports} supports
 */
export function rulesTable(supports) {
  const runs = runsOf(supports)
  const rules = Object.keys(runs[0]?.[1].rules ?? {}).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  /** @param {string} rule @param {Support} support */
  const cell = (rule, support) => {
    const counts = support.rules[/** @type {'P1'} */ (rule)]
    return counts === undefined ? 'none' : shown(counts)
  }
  return table(
    ['', ...runs.map(([run]) => `\`${run}\``)],
    [
      ...rules.map((rule) => [`[${rule}](contract.md)`, ...runs.map(([, support]) => cell(rule, support))]),
      ['all', ...runs.map(([, support]) => shown(total(support)))],
    ],
  )
}

/**
 * What the adapters claim, and keep to, by product. Those of one product say the same on all of its engines.
 *
 * @param {Supports} supports
 * @throws {Error} where they do not
 */
export function storesTable(supports) {
  const stores = productsOf(supports)
  /** @param {(support: Support) => unknown} of */
  const cells = (of) => stores.map(([, [first]]) => word(of(/** @type {[string, Support]} */ (first)[1])))
  return table(
    ['', ...stores.map(([product]) => product)],
    [
      ...Object.entries(CAPABILITIES).map(([name, words]) => [
        `${words} (\`${name}\`)`,
        ...cells(({ capabilities }) => capabilities[/** @type {keyof typeof CAPABILITIES} */ (name)]),
      ]),
      ...Object.entries(LIMITS).map(([name, words]) => [
        words,
        ...cells(({ limits }) => limits[/** @type {keyof typeof LIMITS} */ (name)]),
      ]),
    ],
  )
}

/**
 * The short table: of each product how many cases pass on which engine, and what it can do.
 *
 * @param {Supports} supports
 */
export function shortTable(supports) {
  const stores = productsOf(supports)
  /** @param {Support} support */
  const cases = (support) => {
    const { passed, refused, expectedFailures, failed } = total(support)
    return `${passed + refused} of ${passed + refused + expectedFailures + failed}`
  }
  return table(
    ['', ...stores.map(([product]) => product)],
    [
      [
        'cases of the contract that hold',
        ...stores.map(([product, runs]) =>
          runs
            .map(([run, support]) => (run === product.toLowerCase() ? cases(support) : `${cases(support)} on ${run}`))
            .join('; '),
        ),
      ],
      ...Object.entries(CAPABILITIES).map(([name, words]) => [
        words,
        ...stores.map(([, [first]]) => {
          const { capabilities, limits } = /** @type {[string, Support]} */ (first)[1]
          const has = capabilities[/** @type {keyof typeof CAPABILITIES} */ (name)]
          return has && name === 'transact:store' ? `yes, ${word(limits.transactionItems)} items` : word(has)
        }),
      ]),
    ],
  )
}

/** @param {Supports} supports @returns {[product: string, runs: [run: string, support: Support][]][]} */
function productsOf(supports) {
  const products = [...Map.groupBy(runsOf(supports), ([run]) => RUNS[/** @type {keyof typeof RUNS} */ (run)])]
  for (const [product, runs] of products) {
    const said = new Set(runs.map(([, { capabilities, limits }]) => JSON.stringify([capabilities, limits])))
    if (said.size > 1)
      throw new Error(`what ${product} can do differs between ${runs.map(([run]) => run).join(' and ')}`)
  }
  return products
}
