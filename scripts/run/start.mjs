import { build, install } from './prepare.mjs'
import { run } from './processes.mjs'
import { createSteps } from './steps.mjs'

/**
 * `npm start`: the comparison of one model on every store. Standard output belongs to the comparison, so that
 * `npm start --silent -- --json` can be piped; the steps go to standard error.
 *
 * @param {string[]} args of `isomodel compare`
 * @returns {Promise<number>} the exit code
 */
export async function start(args) {
  const steps = createSteps(process.stderr)
  if (!(await install(steps))) return 1
  if (!(await build(steps, ['--filter=isomodel...']))) return 1
  const { code } = await run('node', ['packages/cli/dist/esm/main.js', 'compare', ...args], { output: 'inherit' })
  return code
}
