import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { bounds, isCount } from './bench-bounds.mjs'
import { build, install } from './prepare.mjs'
import { root, run } from './processes.mjs'
import { createSteps } from './steps.mjs'
import { table } from './table.mjs'

/**
 * One line of JSON that a benchmark prints. Lower is better, unless `higherIsBetter`.
 *
 * @typedef {object} Measurement
 * @property {string} bench what was measured
 * @property {number} value
 * @property {string} unit
 * @property {number} [vendor] the vendor's own client doing the same work in the same run, same unit
 * @property {number} [budget] the bound of `value`
 * @property {{ budget: number, decision: string }} [accepted] a higher bound of `value`, and the page of docs/decisions that accepts it
 * @property {number} [budgetRatio] the bound of `value / vendor`
 * @property {boolean} [higherIsBetter]
 */

/**
 * Finds `packages/<name>/bench/<file>.bench.ts`, and behind them the checks of what does not depend on the machine.
 *
 * @param {string[]} filters parts of the path, of which one must occur
 */
function programs(filters) {
  const benchmarks = readdirSync(join(root, 'packages'))
    .flatMap((name) => {
      const folder = `packages/${name}/bench`
      if (!existsSync(join(root, folder))) return []
      return readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)
    })
    .filter((path) => path.endsWith('.bench.ts'))
  return [...benchmarks, ...Object.keys(bounds)].filter(
    (path) => filters.length === 0 || filters.some((filter) => path.includes(filter)),
  )
}

/** @param {string} line @returns {Measurement | undefined} */
const printed = (line) => (line.startsWith('{"bench":') ? JSON.parse(line) : undefined)

/** @param {Measurement} measurement @returns {boolean | undefined} undefined when no budget applies */
export function withinBudget({ value, vendor, budget, budgetRatio, higherIsBetter = false }) {
  const verdicts = [
    budget === undefined ? [] : [value, budget],
    budgetRatio === undefined || vendor === undefined ? [] : [value / vendor, budgetRatio],
  ].flatMap(([measured, bound]) => {
    if (measured === undefined || bound === undefined) return []
    return [higherIsBetter ? measured >= bound : measured <= bound]
  })
  return verdicts.length === 0 ? undefined : verdicts.every(Boolean)
}

/** @param {Measurement} measurement @returns {'ok' | 'accepted' | 'OVER' | ''} as the table says it */
export function verdictOf(measurement) {
  const within = withinBudget(measurement)
  if (within === undefined) return ''
  if (within) return 'ok'
  const { accepted } = measurement
  return accepted !== undefined && withinBudget({ ...measurement, budget: accepted.budget }) ? 'accepted' : 'OVER'
}

/** @param {number} value three significant digits, thousands apart */
const figure = (value) => new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value)

/** @param {number} value @param {string} unit */
const amount = (value, unit) => (unit === 'bytes' ? `${figure(value / 1000)} kB` : `${figure(value)} ${unit}`)

/** @param {Measurement} measurement */
function bound({ unit, budget, accepted, budgetRatio, higherIsBetter }) {
  const sign = higherIsBetter ? '>=' : '<='
  /** @param {number} value */
  const bare = (value) => (unit === 'bytes' ? amount(value, unit) : figure(value))
  if (budgetRatio !== undefined) return `${sign} ${budgetRatio}x`
  if (budget === undefined) return ''
  return `${sign} ${bare(budget)}${accepted === undefined ? '' : `; accepted ${bare(accepted.budget)} (${accepted.decision})`}`
}

/** @param {Measurement} measurement @returns {string[]} */
export function row(measurement) {
  const { bench, value, unit, vendor } = measurement
  return [
    bench,
    amount(value, unit),
    vendor === undefined ? '' : amount(vendor, unit),
    vendor === undefined ? '' : `${(value / vendor).toFixed(2)}x`,
    bound(measurement),
    verdictOf(measurement),
  ]
}

/**
 * `npm run bench`: every benchmark on the built packages, one after the other, then one table. A figure over its budget is
 * reported; only a benchmark that breaks fails the run, since a time on a busy machine proves nothing. The table ends in the sizes
 * and the cost of types.
 *
 * @param {string[]} filters parts of a benchmark's path
 * @returns {Promise<number>} the exit code
 */
export async function bench(filters) {
  const steps = createSteps(process.stderr)
  if (!(await install(steps)) || !(await build(steps))) return 1

  const found = programs(filters)
  if (found.length === 0) {
    steps.say(`no benchmark has ${filters.join(' or ')} in its path: see packages/*/bench`)
    return 1
  }

  /** @type {Measurement[]} */
  const measurements = []
  let broken = 0
  for (const path of found) {
    const { ok } = await steps.step(path, async () => {
      const read = bounds[path] ?? printed
      const before = measurements.length
      const { code } = await run('node', ['--expose-gc', '--import', './scripts/source/register.mjs', path], {
        output: (line) => {
          const measurement = read(line)
          if (measurement !== undefined) measurements.push(measurement)
          else if (!(path in bounds && isCount(line))) steps.say(`  ${line}`)
        },
      })
      // A check fails over its budget too, which here is a row like the others.
      const over = measurements.slice(before).filter((measurement) => verdictOf(measurement) === 'OVER').length
      const ok = code === 0 || (path in bounds && over > 0)
      return { ok, ...(over > 0 ? { note: `${over} over budget` } : {}), value: code }
    })
    if (!ok) broken += 1
  }

  process.stdout.write(table(['benchmark', 'isomodel', 'vendor', 'ratio', 'budget', ''], measurements.map(row)))
  /** @param {string} verdict */
  const count = (verdict) => measurements.filter((measurement) => verdictOf(measurement) === verdict).length
  const accepted =
    count('accepted') === 0 ? '' : `, ${count('accepted')} over the first budget and accepted (docs/decisions)`
  console.log(`${measurements.length} measured, ${count('OVER')} over budget${accepted}, ${broken} broken`)
  return broken === 0 && measurements.length > 0 ? 0 : 1
}
