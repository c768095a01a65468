import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {import('../../packages/testkit/src/conformance/outcome.js').Outcome} Outcome */
/** @typedef {Omit<Outcome, 'name' | 'complete'>} Support what the pages show of one run */
/** @typedef {{ [run: string]: Support }} Supports by the name of the engine, or `memory` */

/** What the suite runs on, in the order of the tables, each with the product that it stands for. */
export const RUNS = /** @type {const} */ ({
  memory: 'memory',
  'dynamodb-local': 'DynamoDB',
  dynoxide: 'DynamoDB',
  'secantus-mdb': 'MongoDB',
  'secantusdb-py': 'MongoDB',
  redis: 'Redis',
  'redis-cluster': 'Redis cluster',
  valkey: 'Valkey',
})

/**
 * Keeps what a run of the suite has shown in the folder that CONFORMANCE_OUTCOMES names, where it names one. A server that the
 * environment gave is not kept: what it is, no table could say.
 *
 * @param {string} run
 * @param {Outcome} outcome
 */
export function keepOutcome(run, outcome) {
  const folder = process.env.CONFORMANCE_OUTCOMES
  if (folder !== undefined && outcome.name.endsWith(`(${run})`)) {
    writeFileSync(join(folder, `${run}.json`), JSON.stringify(outcome))
  }
}

/**
 * What was kept in a folder, of the runs that were whole.
 *
 * @param {string} folder
 * @returns {Supports}
 */
export function keptOutcomes(folder) {
  return Object.fromEntries(
    Object.keys(RUNS).flatMap((run) => {
      const file = join(folder, `${run}.json`)
      if (!existsSync(file)) return []
      const { name: _, complete, ...support } = /** @type {Outcome} */ (JSON.parse(readFileSync(file, 'utf8')))
      return complete ? [[run, support]] : []
    }),
  )
}
