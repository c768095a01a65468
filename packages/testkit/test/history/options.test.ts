import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Case, type Harness, suite } from '../../src/conformance/index.js'
import { type HistoriesOptions, histories, historyCases } from '../../src/history/index.js'
import { wrongHarness } from '../faults/wrapped.js'
import { memoryHarness } from '../memory-harness.js'

describe('histories', () => {
  it.each<[HistoriesOptions, string]>([
    [{ rounds: 0 }, 'rounds is 0: give a whole number from 1.'],
    [{ processes: 1.5 }, 'processes is 1.5: give a whole number from 1.'],
    [{ seed: Number.NaN }, 'seed is NaN: give a whole number from 0.'],
    [{ cut: -1 }, 'cut is -1: give a whole number from 0.'],
  ])('refuses %o', (options, message) => {
    expect(() => historyCases(options)).toThrow(new TypeError(message))
  })

  it('needs the end of a runner', () => {
    const runner = { describe: () => undefined, it: () => undefined }
    expect(() => histories(memoryHarness(), runner)).toThrow(
      'histories needs afterAll (vitest, jest) or after (node:test), to close the harness.',
    )
  })

  it('names a case for each kind and round, and one for the races', () => {
    expect(historyCases({ rounds: 2, seed: 7, processes: 3 }).map(({ id }) => id)).toEqual([
      'P5 histories of guarded writes: of 3 processes, seed 7: linearizable',
      'P5 histories of guarded writes: of 3 processes, seed 8: linearizable',
      'P4 histories of counters: of 3 processes, seed 7: linearizable',
      'P4 histories of counters: of 3 processes, seed 8: linearizable',
      'P6 histories of unique values: of 3 processes, seed 7: linearizable',
      'P6 histories of unique values: of 3 processes, seed 8: linearizable',
      'P12 histories of transactions: of 3 processes, seed 7: linearizable',
      'P12 histories of transactions: of 3 processes, seed 8: linearizable',
      'P6 races: of 200 creations at once with one unique value one wins, ten times over',
    ])
  })

  it('can be expected to fail on an engine, by its id', async () => {
    const [one] = historyCases({ rounds: 1 })
    if (one === undefined) throw new Error('there are none')
    const harness: Harness = { ...memoryHarness(), expectedFailures: { [one.id]: 'it is wrong about it' } }
    await expect(suite(harness, [one]).run(one)).rejects.toThrow('it passes, but memory expects it to fail')
  })

  it('wants what the adapter does not claim refused with UNSUPPORTED', async () => {
    const missing = wrongHarness('none', () => ({ transactions: { missing: 'It has none.' } }), {
      'transact:store': false,
    })
    const cases = historyCases({ rounds: 1 })
    const { run, close } = suite(missing, cases)
    for (const one of cases) await run(one)
    await close()
    expect(cases.filter(({ requires }) => requires.includes('transact:store'))).toHaveLength(3)
  })

  it('draws what fails into a folder, and says where', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'histories-'))
    try {
      const deaf = wrongHarness('deaf', () => ({ get: async (requests) => requests.map(() => undefined) }))
      const cases = historyCases({ rounds: 1, pictures: join(folder, 'new') }).slice(0, 1)
      const { run, close } = suite(deaf, cases)
      await expect(run(cases[0] as Case)).rejects.toThrow(`\n\nDrawn in ${join(folder, 'new')}`)
      await close()
      const [file = '', ...others] = await readdir(join(folder, 'new'))
      expect(others).toEqual([])
      expect(file).toMatch(/-register-1\.svg$/)
      expect(await readFile(join(folder, 'new', file), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
