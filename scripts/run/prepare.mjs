import { pnpm } from './pnpm.mjs'

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

/**
 * @param {import('./steps.mjs').Steps} steps
 * @param {string[]} [filter] pnpm's, by default every package
 * @returns {Promise<boolean>}
 */
export const build = (steps, filter = []) => steps.quiet('build the packages', () => pnpm(['-r', ...filter, 'build']))
