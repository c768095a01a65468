import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, install } from './prepare.mjs'
import { FROM_SOURCE, root, run } from './processes.mjs'
import { testProjects } from './projects.mjs'
import { createSteps } from './steps.mjs'
import { countsOf, createTally } from './tally.mjs'

/** Test projects that need no engine: they run while engines are still being fetched or built. */
const WITHOUT_ENGINES = ['workspace', 'core', 'memory']

/** @type {[title: string, command: string, args: string[]][]} */
const CHECKS = [
  ['lint and format', 'biome', ['ci', '--error-on-warnings', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.']],
  ['import directions', 'node', ['scripts/check-imports.mjs']],
  ['types', 'tsc', ['-p', 'tsconfig.json']],
]

/** @type {[title: string, command: string, args: string[]][]} */
const PACKAGE_CHECKS = [
  ['packages as published', 'node', ['scripts/check-packages.mjs']],
  ['bundle sizes', 'node', ['scripts/check-bundle-size.mjs']],
  ['cost of types', 'node', ['scripts/check-types-budget.mjs']],
]

/**
 * Runs Vitest, its progress passed through.
 *
 * @param {import('./steps.mjs').Steps} steps
 * @param {string} title
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function vitest({ step }, title, args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'isomodel-counts-'))
  const file = join(folder, 'counts.json')
  const filtered = args.some((arg) => arg.startsWith('-t') || arg.startsWith('--testNamePattern'))
  try {
    const { value } = await step(title, async () => {
      const { code } = await run(
        'vitest',
        ['run', '--silent=passed-only', '--reporter=default', '--reporter=./scripts/run/counts-reporter.mjs', ...args],
        { output: 'inherit', env: { ...env, COUNTS_FILE: file, COUNTS_FILTERED: String(filtered) } },
      )
      const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 1, skipped: 0 }
      if (code !== 0 && counts.failed === 0) counts.failed = 1
      const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
      return {
        ok: counts.failed === 0,
        note: `${counts.passed} passed, ${counts.failed} failed${skipped}`,
        value: /** @type {import('./tally.mjs').Counts} */ (counts),
      }
    })
    return value
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * `npm test`: everything that must hold. With arguments, only the tests that Vitest selects by them. `STORES=redis` limits
 * what runs on stores.
 *
 * @param {string[]} args of Vitest
 * @returns {Promise<number>} the exit code
 */
export async function test(args) {
  const steps = createSteps(process.stdout)
  const tally = createTally()
  try {
    testProjects(root)
  } catch (error) {
    steps.say(error instanceof Error ? error.message : String(error))
    return 1
  }

  /** @param {[title: string, command: string, args: string[]][]} checks */
  const check = async (checks) => {
    for (const [title, command, given] of checks) {
      const { value } = await steps.program(title, () => run(command, given))
      tally.add(title, countsOf(value))
    }
  }
  /** @param {string} title @param {string[]} given @param {NodeJS.ProcessEnv} [env] */
  const tests = async (title, given, env) => tally.add(title, await vitest(steps, title, given, env))
  const close = () => {
    for (const failure of tally.failures) steps.say(`failed in ${failure}`)
    steps.say(tally.line())
    return tally.ok() ? 0 : 1
  }

  const installed = await install(steps)
  tally.check('install dependencies', installed)
  if (!installed) return close()

  if (args.length > 0) {
    await tests('tests', args)
    return close()
  }

  const engines = steps.step('prepare the engines (alongside)', async () => {
    const { code } = await run('node', [...FROM_SOURCE, 'test/engines/prepare.ts'], {
      output: (line) => steps.say(`  engines: ${line}`),
    })
    return { ok: code === 0, value: code }
  })
  // It may fail while something else is waited for; it is judged when its turn comes.
  engines.catch(() => undefined)

  const built = await build(steps)
  tally.check('build the packages', built)
  await check(CHECKS)
  const early = testProjects(root)
    .map(({ name }) => name)
    .filter((name) => WITHOUT_ENGINES.includes(name))
  await tests(
    'tests that need no engine',
    early.map((name) => `--project=${name}`),
  )
  if (built) await check(PACKAGE_CHECKS)

  tally.check('prepare the engines', (await engines).ok)
  const outcomes = mkdtempSync(join(tmpdir(), 'isomodel-outcomes-'))
  try {
    const later = early.map((name) => `--project=!${name}`)
    await tests('tests on engines', later, { CONFORMANCE_OUTCOMES: outcomes })
    await check([['support tables', 'node', ['scripts/check-support.mjs', outcomes]]])
  } finally {
    rmSync(outcomes, { recursive: true })
  }
  return close()
}
