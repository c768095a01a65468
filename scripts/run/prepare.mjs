// The range, not a version, is what a fresh machine gets: the lockfile pins everything that pnpm installs.
const PNPM = ['--yes', '--prefer-offline', 'pnpm@12']

/**
 * Installs the workspace's dependencies, Node itself among them.
 *
 * @param {import('./steps.mjs').Steps} steps
 * @returns {Promise<boolean>}
 */
export async function install({ program }) {
  const { ok } = await program('install dependencies (pnpm 12, by npx)', 'npx', [
    ...PNPM,
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
  ])
  return ok
}

/**
 * @param {import('./steps.mjs').Steps} steps
 * @param {string[]} [filter] pnpm's, by default every package
 * @returns {Promise<boolean>}
 */
export async function build({ program }, filter = []) {
  const { ok } = await program('build the packages', 'npx', [...PNPM, '-r', ...filter, 'build'])
  return ok
}
