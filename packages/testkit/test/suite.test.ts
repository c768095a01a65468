import { describe, expect, it } from 'vitest'
import { type Case, type CaseContext, cases, conformance, type Runner, suite } from '../src/conformance/index.js'
import { wrongHarness } from './faults/wrapped.js'
import { memoryHarness } from './memory-harness.js'

const made = (id: string, run: (t: CaseContext) => Promise<void>, asked: Partial<Case> = {}): Case => ({
  id,
  rule: 'P1',
  topic: 'made up',
  name: id,
  entities: {},
  requires: [],
  run,
  ...asked,
})
const passing = made('passing', async () => undefined)
const failing = made('failing', () => Promise.reject(new Error('as it should')))
const [any] = cases

describe('the list of cases', () => {
  it('has ids that are unique, and that start with their rule and topic', () => {
    const ids = cases.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { id, rule, topic, name } of cases) expect(id).toBe(`${rule} ${topic}: ${name}`)
  })

  it('covers every rule of the contract that adapters are held to now', () => {
    const rules = [
      'P1',
      'P2',
      'P3',
      'P4',
      'P5',
      'P6',
      'P7',
      'P8',
      'P9',
      'P10',
      'P11',
      'P12',
      'P13',
      'P14',
      'P15',
      'P16',
      'P17',
      'P18',
      'P19',
      'P20',
    ]
    expect([...new Set(cases.map(({ rule }) => rule))]).toEqual(rules)
  })

  it('names each entity once, so that all can live in one namespace', () => {
    const entities = new Map(cases.flatMap((one) => Object.values(one.entities)).map((entity) => [entity, entity.name]))
    expect(new Set(entities.values()).size).toBe(entities.size)
  })
})

describe('a suite', () => {
  it('passes what passes and fails what fails', async () => {
    const { run } = suite(memoryHarness(), [passing, failing])
    await run(passing)
    await expect(run(failing)).rejects.toThrow('as it should')
  })

  it('takes an expected failure that fails, and reports one that has healed', async () => {
    const id = any?.id ?? ''
    const harness = { ...memoryHarness(), expectedFailures: { [id]: 'the engine cannot' } }
    const { run } = suite(harness, [made(id, failing.run)])
    await run(made(id, failing.run))
    await expect(run(made(id, passing.run))).rejects.toThrow(/healed.*expectedFailures/)
  })

  it('refuses an expected failure that is no case', () => {
    expect(() => suite({ ...memoryHarness(), expectedFailures: { nonsense: 'x' } })).toThrow(/"nonsense".*no case/)
  })

  it('leaves out what the harness has nothing for', () => {
    const needy = made('needy', passing.run, { needs: 'unreachable' })
    expect(suite(memoryHarness(), [needy, passing]).cases).toEqual([passing])
    expect(suite({ ...memoryHarness(), unreachable: () => memoryHarness().adapter('x') }, [needy]).cases).toEqual([
      needy,
    ])
  })

  it('ends a case that does not end', async () => {
    const forever = made('forever', () => new Promise(() => undefined))
    const { run } = suite({ ...memoryHarness(), timeout: 50 }, [forever])
    await expect(run(forever)).rejects.toThrow(/did not end within 50 ms/)
  })

  it('fails every case with the reason when the store cannot be set up', async () => {
    const harness = wrongHarness('no setup', () => ({ setup: () => Promise.reject(new Error('disk full')) }))
    const { run } = suite(harness, [passing, failing])
    await expect(run(passing)).rejects.toThrow(/disk full/)
    await expect(run(failing)).rejects.toThrow(/disk full/)
  })

  it('closes the handles of a case, and the harness in the end', async () => {
    let open = 0
    const closed: string[] = []
    const harness = wrongHarness('counted', (driver) => {
      open += 1
      return {
        close: () => {
          open -= 1
          return driver.close()
        },
      }
    })
    const counted = { ...harness, close: async () => void closed.push('harness') }
    const { run, close } = suite(counted, [failing])
    const opening = made('opening', async (t) => {
      await t.connect({})
      await t.fresh().connect({})
      throw new Error('left early')
    })
    await expect(run(opening)).rejects.toThrow('left early')
    expect(open).toBe(0)
    await close()
    expect(closed).toEqual(['harness'])
  })
})

describe('conformance()', () => {
  const byHand = (): { readonly runner: Runner; readonly titles: string[]; readonly ends: (() => Promise<void>)[] } => {
    const titles: string[] = []
    const ends: (() => Promise<void>)[] = []
    return {
      titles,
      ends,
      runner: { describe: (_, define) => define(), it: (title) => titles.push(title), after: (run) => ends.push(run) },
    }
  }

  it('registers one test for each case, or for those that are chosen', () => {
    const all = byHand()
    conformance(memoryHarness(), all.runner)
    expect(all.titles.length).toBe(cases.filter(({ needs }) => needs === undefined).length)
    expect(all.ends.length).toBe(1)
    const some = byHand()
    conformance(memoryHarness(), some.runner, { only: ({ rule }) => rule === 'P13' })
    expect(some.titles).toEqual(cases.filter(({ rule }) => rule === 'P13').map(({ name }) => name))
  })

  it('refuses a runner that cannot say when it is over', () => {
    expect(() => conformance(memoryHarness(), { describe: () => undefined, it: () => undefined })).toThrow(
      /afterAll.*after/,
    )
  })
})
