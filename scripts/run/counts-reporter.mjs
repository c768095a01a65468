import { writeFileSync } from 'node:fs'
import { parseCLI } from 'vitest/node'

/**
 * Counts what a Vitest run really did, into the file that COUNTS_FILE names: `{ passed, failed, skipped }`.
 *
 * A skipped test is `skipped` only if it says by `task.meta.capability` which declared capability its store lacks. Every
 * other skip, a test that never ran and an error outside any test are failures: they would otherwise look like success.
 *
 * @typedef {import("vitest/node").Reporter} Reporter
 * @implements {Reporter}
 */
export default class CountsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   * @param {import('vitest/node').TestRunEndReason} reason
   */
  onTestRunEnd(modules, unhandledErrors, reason) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    /** @type {string[]} */
    const undeclared = []
    // With -t, every other test is skipped on purpose.
    const filtered = process.env.COUNTS_FILTERED === 'true'

    for (const module of modules) {
      const failedBefore = counts.failed
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed += 1
        else if (state === 'failed') counts.failed += 1
        else if (filtered || test.meta().capability !== undefined) counts.skipped += 1
        else {
          counts.failed += 1
          undeclared.push(`${module.moduleId}: ${test.fullName}`)
        }
      }
      if (module.state() === 'failed' && counts.failed === failedBefore) counts.failed += 1
    }
    if (reason === 'interrupted') counts.failed += 1
    const { filter } = parseCLI(['vitest', ...process.argv.slice(2)])
    if (modules.length === 0 && filter.length > 0) {
      counts.failed += 1
      console.error(`no test file matches ${filter.join(' or ')}`)
    }

    for (const name of undeclared) console.error(`did not run, and names no capability that its store lacks: ${name}`)
    writeFileSync(String(process.env.COUNTS_FILE), JSON.stringify(counts))
  }
}
