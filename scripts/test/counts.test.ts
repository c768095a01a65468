import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { root } from '../run/processes.mjs'
import { countsOf, createTally } from '../run/tally.mjs'

let folder: string
beforeEach(() => {
  mkdirSync(join(root, '.artifacts'), { recursive: true })
  folder = mkdtempSync(join(root, '.artifacts/counts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs Vitest on one file, and gives what the reporter counted and what it said. */
const count = async (
  code: string,
  env: NodeJS.ProcessEnv = {},
  ...filters: readonly string[]
): Promise<{ counts: unknown; output: string }> => {
  writeFileSync(join(folder, 'a.test.ts'), `import { beforeAll, test } from 'vitest'\n${code}`)
  writeFileSync(join(folder, 'vitest.config.ts'), 'export default {}\n')
  const file = join(folder, 'counts.json')
  const output = await new Promise<string>((done) => {
    execFile(
      join(root, 'node_modules/.bin/vitest'),
      ['run', '--root', folder, `--reporter=${join(root, 'scripts/run/counts-reporter.mjs')}`, ...filters],
      { env: { ...process.env, COUNTS_FILE: file, ...env } },
      (_, stdout, stderr) => done(stdout + stderr),
    )
  })
  return { counts: JSON.parse(readFileSync(file, 'utf8')), output }
}

describe('what a run of Vitest counts', () => {
  test('passed, failed, and skipped for a declared reason', async () => {
    const { counts } = await count(`
      test('passes', () => undefined)
      test('fails', () => { throw new Error('no') })
      test.fails('a known fault', () => { throw new Error('no') })
      test('lacks it', (context) => { context.task.meta.capability = 'feed'; context.skip() })`)
    expect(counts).toEqual({ passed: 2, failed: 1, skipped: 1 })
  })

  test('a skip without a capability, a todo and a failed hook are failures', async () => {
    const { counts, output } = await count(`
      test.skip('not today', () => undefined)
      test.todo('some day')
      test('engine did not answer', (context) => context.skip())`)
    expect(counts).toEqual({ passed: 0, failed: 3, skipped: 0 })
    expect(output).toContain('names no capability that its store lacks')
    expect(output).toContain('not today')

    const hook = await count(`beforeAll(() => { throw new Error('no engine') })\ntest('never runs', () => undefined)`)
    expect(hook.counts).toMatchObject({ passed: 0, failed: 1 })
  })

  test('a path that no test file has is a failure, and is named', async () => {
    const passing = `test('passes', () => undefined)`
    const none = await count(passing, {}, 'nosuchpath')
    expect(none.counts).toEqual({ passed: 0, failed: 1, skipped: 0 })
    expect(none.output).toContain('no test file matches nosuchpath')
    const some = await count(passing, {}, 'nosuchpath', 'a.test')
    expect(some.counts).toEqual({ passed: 1, failed: 0, skipped: 0 })
  })

  test('a file that does not load, and an error outside any test, are failures', async () => {
    const broken = await count(`throw new Error('broken')\ntest('never defined', () => undefined)`)
    expect(broken.counts).toEqual({ passed: 0, failed: 1, skipped: 0 })
    const stray = await count(
      `test('passes', () => { Promise.reject(new Error('stray')) })\ntest('waits', async () => { await new Promise((done) => setTimeout(done, 50)) })`,
    )
    expect(stray.counts).toEqual({ passed: 2, failed: 1, skipped: 0 })
  })

  test('with a filter by name, the others are skipped on purpose', async () => {
    const { counts } = await count(`test.skip('other', () => undefined)\ntest('this', () => undefined)`, {
      COUNTS_FILTERED: 'true',
    })
    expect(counts).toEqual({ passed: 1, failed: 0, skipped: 1 })
  })
})

describe('the closing line', () => {
  test('adds tests and checks, and names skips only when there are any', () => {
    const tally = createTally()
    expect(tally.ok()).toBe(false)
    tally.check('lint', true)
    tally.add('tests', { passed: 3, failed: 0, skipped: 0 })
    expect(tally.line()).toBe('4 passed, 0 failed')
    expect(tally.ok()).toBe(true)
    tally.add('more', { passed: 0, failed: 2, skipped: 1 })
    expect(tally.line()).toBe('4 passed, 2 failed, 1 skipped')
    expect(tally.failures).toEqual(['more: 2'])
    expect(tally.ok()).toBe(false)
  })

  test('a check that breaks before it has counted failed once', () => {
    expect(countsOf({ code: 1, output: 'Error: no' })).toEqual({ passed: 0, failed: 1, skipped: 0 })
    expect(countsOf({ code: 0, output: 'fine' })).toEqual({ passed: 1, failed: 0, skipped: 0 })
    expect(countsOf({ code: 1, output: 'FAILED: x\n5 passed, 2 failed\n' })).toEqual({
      passed: 5,
      failed: 2,
      skipped: 0,
    })
    expect(countsOf({ code: 1, output: '5 passed, 0 failed\nthen it crashed' }).failed).toBe(1)
  })
})
