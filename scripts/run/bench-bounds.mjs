/**
 * What is bounded by `scripts/budgets.json` and checked with the tests, for the benchmarks' table: each check's path, and how its
 * lines read. Where a decision took a higher ceiling than the first budget, the figure is held to both.
 *
 * @typedef {import('./bench.mjs').Measurement} Measurement
 * @type {Readonly<Record<string, (line: string) => Measurement | undefined>>}
 */
export const bounds = { 'scripts/check-bundle-size.mjs': bundle, 'scripts/check-types-budget.mjs': types }

/** A check's last line, of which the table's rows say more. @param {string} line */
export const isCount = (line) => /^\d+ passed, \d+ failed$/.test(line)

/** A row of the table of bundles: title, bytes, ceiling, first budget, verdict. @param {string} line @returns {Measurement | undefined} */
function bundle(line) {
  const [, title, bytes, ceiling, first, decision] =
    /^(\S.*?) {2,}(\d+) {2,}(\d+) {2,}(?:(\d+) \((\d+)\) {2,})?\S/.exec(line) ?? []
  if (title === undefined) return undefined
  return { bench: `bundle: ${title}`, value: Number(bytes), unit: 'bytes', ...held(ceiling, first, decision) }
}

/** @param {string} line @returns {Measurement | undefined} */
function types(line) {
  const [, count, ceiling, first, decision] =
    /^(\d+) instantiations an entity, ceiling (\d+), first budget (\d+) \((\d+)\)$/.exec(line) ?? []
  if (count === undefined) return undefined
  const bench = 'types: an entity with its operations'
  return { bench, value: Number(count), unit: 'instantiations', ...held(ceiling, first, decision) }
}

/** @param {string | undefined} ceiling @param {string | undefined} first @param {string | undefined} decision */
function held(ceiling, first, decision) {
  if (first === undefined || decision === undefined) return { budget: Number(ceiling) }
  return { budget: Number(first), accepted: { budget: Number(ceiling), decision } }
}
