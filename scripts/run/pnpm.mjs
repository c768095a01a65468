import { run } from './processes.mjs'

// A range is enough for the tool: the lockfile pins what it installs.
const PNPM = ['--yes', '--prefer-offline', 'pnpm@12']

/**
 * pnpm, which no machine needs to have.
 *
 * @param {string[]} args
 * @param {import('./processes.mjs').Options} [options]
 */
export const pnpm = (args, options) => run('npx', [...PNPM, ...args], options)
