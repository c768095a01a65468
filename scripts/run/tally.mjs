/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** What a run has shown so far: tests, and checks of which each counts as one. */
export function createTally() {
  const total = { passed: 0, failed: 0, skipped: 0 }
  /** @type {string[]} */
  const failures = []

  /**
   * @param {string} title
   * @param {Counts} counts
   */
  const add = (title, { passed, failed, skipped }) => {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
    if (failed > 0) failures.push(`${title}: ${failed}`)
  }

  return {
    failures,
    add,
    /** @param {string} title @param {boolean} ok */
    check: (title, ok) => add(title, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }),
    ok: () => total.failed === 0 && total.passed > 0,
    line: () => {
      const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
      return `${total.passed} passed, ${total.failed} failed${skipped}`
    },
  }
}

/**
 * The counts of a check that ends with a line such as `12 passed, 0 failed`. A check that fails without one failed once.
 *
 * @param {import('./processes.mjs').Result} result
 * @returns {Counts}
 */
export function countsOf({ code, output }) {
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? []
  if (passed === undefined) return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
  return { passed: Number(passed), failed: Math.max(Number(failed), code === 0 ? 0 : 1), skipped: 0 }
}
