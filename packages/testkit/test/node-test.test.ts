import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { cases } from '../src/conformance/index.js'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Runs a program of node:test in a process of its own, and gives what it reports. */
function report(file: string): Promise<string> {
  const source = ['--conditions=isomodel-source', '--import', './scripts/source/register.mjs']
  return new Promise((done) => {
    // As a test of its own, not as a child of this one's runner.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const args = [...source, '--test', '--test-reporter=tap', file]
    execFile(process.execPath, args, { cwd: root, env }, (_error, stdout, stderr) => done(stdout + stderr))
  })
}

it('runs the suite, and tests on every store, with node:test', async () => {
  const revisions = cases.filter(({ topic }) => topic === 'revisions').length
  const said = await report('packages/testkit/test/runners/with-node-test.ts')
  expect(said).toContain('# fail 0\n')
  expect(said).toContain(`# pass ${revisions + 8}\n`)
}, 120_000)
