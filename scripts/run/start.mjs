import { install, isInstalled } from './prepare.mjs'
import { FROM_SOURCE, run } from './processes.mjs'
import { createSteps } from './steps.mjs'

/**
 * `npm start`: the comparison of one model on every store. Standard output belongs to the comparison, so that
 * `npm start --silent -- --json` can be piped; the steps go to standard error. It runs from source: nothing is built, and what the
 * arguments lack is said at once.
 *
 * @param {string[]} args of `isomodel compare`
 * @returns {Promise<number>} the exit code
 */
export async function start(args) {
  const steps = createSteps(process.stderr)
  if (!isInstalled() && !(await install(steps))) return 1
  const program = [...FROM_SOURCE, 'packages/cli/src/main.ts', 'compare', ...args]
  const { code } = await run('node', program, { output: 'inherit' })
  return code
}
