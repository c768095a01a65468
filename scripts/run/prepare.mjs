import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pnpm } from './pnpm.mjs'
import { root } from './processes.mjs'

/**
 * Installs the workspace's dependencies, Node itself among them.
 *
 * @param {import('./steps.mjs').Steps} steps
 * @returns {Promise<boolean>}
 */
export const install = (steps) =>
  steps.quiet('install dependencies (pnpm 12, by npx)', () =>
    pnpm(['install', '--frozen-lockfile', '--config.confirmModulesPurge=false']),
  )

/** Whether what is installed is what the lockfile says: pnpm keeps the one that it installed. */
export function isInstalled() {
  const installed = join(root, 'node_modules/.pnpm/lock.yaml')
  if (!existsSync(installed)) return false
  return readFileSync(installed, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
}

/**
 * @param {import('./steps.mjs').Steps} steps
 * @returns {Promise<boolean>}
 */
export const build = (steps) => steps.quiet('build the packages', () => pnpm(['-r', 'build']))
