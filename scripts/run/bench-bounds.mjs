/**
 * What is bounded by `scripts/budgets.json` and checked with the tests, for the benchmarks' table: each check's path, and how its
 * lines read.
 *
 * @typedef {import('./bench.mjs').Measurement} Measurement
 * @type {Readonly<Record<string, (line: string) => Measurement | undefined>>}
 */
export const bounds = { 'scripts/check-bundle-size.mjs': bundle, 'scripts/check-types-budget.mjs': types }

/** A row of the table of bundles: title, bytes, ceiling, verdict. @param {string} line @returns {Measurement | undefined} */
function bundle(line) {
  const [, title, bytes, ceiling] = /^(\S.*?) {2,}(\d+) {2,}(\d+) {2}/.exec(line) ?? []
  if (title === undefined) return undefined
  return { bench: `bundle: ${title}`, value: Number(bytes), unit: 'bytes', budget: Number(ceiling) }
}

/** @param {string} line @returns {Measurement | undefined} */
function types(line) {
  const [, count, budget] = /^(\d+) instantiations an entity, budget (\d+)$/.exec(line) ?? []
  if (count === undefined) return undefined
  return {
    bench: 'types: an entity with its operations',
    value: Number(count),
    unit: 'instantiations',
    budget: Number(budget),
  }
}
