import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The stores that each adapter's own tests are about. @type {Readonly<Record<string, readonly string[]>>} */
const STORES_OF = { memory: ['memory'], dynamodb: ['dynamodb'], mongodb: ['mongodb'], redis: ['redis', 'valkey'] }

/**
 * Vitest's projects: one for each package that has tests, and those of the workspace. `STORES=redis` leaves out the adapters
 * of other stores; tests across packages limit themselves (test/engines).
 *
 * @param {string} root of the workspace
 * @param {string} [stores] by default `process.env.STORES`
 * @returns {{ name: string, root: string }[]}
 * @throws {Error} for a name that is no store, with the names that there are
 */
export function testProjects(root, stores = process.env.STORES ?? '') {
  const selected = stores.split(',').flatMap((store) => store.trim() || [])
  const known = Object.values(STORES_OF).flat()
  const other = selected.find((store) => !known.includes(store))
  if (other !== undefined) {
    throw new Error(`STORES names '${other}', which is no store: use ${known.join(', ')}, separated by commas`)
  }
  /** @param {string} name */
  const wanted = (name) => selected.length === 0 || (STORES_OF[name]?.some((store) => selected.includes(store)) ?? true)
  const packages = readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'test')) && wanted(name))
    .map((name) => ({ name, root: `packages/${name}/test` }))
  return [
    ...packages,
    { name: 'workspace', root: 'scripts/test' },
    { name: 'integration', root: 'test' },
    { name: 'examples', root: 'examples' },
  ]
}
