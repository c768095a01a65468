import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Outcome } from '../../packages/testkit/src/conformance/outcome.js'
import { root } from '../run/processes.mjs'
import { keepOutcome, keptOutcomes } from '../support/outcomes.mjs'
import { keptSupports, pagesWith, withTable } from '../support/pages.mjs'
import { rulesTable, shortTable, storesTable } from '../support/tables.mjs'

const limits = {
  getBatch: 1_000,
  writeBatch: 25,
  concurrency: 8,
  transactionItems: 100,
  scanSegments: 1,
  fillsIndexes: true,
  expiryLag: 'a minute',
}
const capabilities = { 'read:eventual': true, 'index:strong': false, 'transact:store': true, 'changes:exact': false }
const counts = { passed: 3, refused: 0, expectedFailures: 0, failed: 0 }
const support = { store: 'MongoDB', capabilities, limits, rules: { P10: counts, P2: { ...counts, refused: 2 } } }
const other = {
  ...support,
  rules: { P10: { ...counts, passed: 1, expectedFailures: 1 }, P2: { ...counts, failed: 1 } },
}
const runs = { 'secantusdb-py': other, 'secantus-mdb': support }

describe('the tables', () => {
  test('count the cases of each rule by engine, in one order', () => {
    expect(rulesTable(runs).split('\n')).toEqual([
      '|  | `secantus-mdb` | `secantusdb-py` |',
      '|---|---|---|',
      '| [P2](contract.md) | 3, 2 refused | 3, **1 failed** |',
      '| [P10](contract.md) | 3 | 1, 1 known |',
      '| all | 6, 2 refused | 4, 1 known, **1 failed** |',
    ])
  })

  test('say what a store claims and keeps to', () => {
    const table = storesTable(runs)
    expect(table).toContain('|  | MongoDB |\n')
    expect(table).toContain('| transactions, unique constraints (`transact:store`) | yes |')
    expect(table).toContain('(`changes:exact`) | no |')
    expect(table).toContain('| keys of one read request | 1,000 |')
    expect(table).toContain('| takes space | a minute |'.slice(2))
  })

  test('say in short how many cases hold, on which engine', () => {
    const table = shortTable({ ...runs, redis: support })
    expect(table).toContain(
      '| cases of the contract that hold | 8 of 8 on secantus-mdb; 4 of 6 on secantusdb-py | 8 of 8 |',
    )
    expect(table).toContain('| transactions, unique constraints | yes, 100 items | yes, 100 items |')
  })

  test('do not speak of a store that can do other things on another engine', () => {
    const lesser = { ...other, limits: { ...limits, writeBatch: 1 } }
    expect(() => storesTable({ ...runs, 'secantusdb-py': lesser })).toThrow(
      /MongoDB can do differs.*secantus-mdb and secantusdb-py/,
    )
  })
})

describe('the pages', () => {
  test('show what is kept', () => {
    for (const { is, shouldBe } of pagesWith(root, keptSupports(root))) expect(is).toBe(shouldBe)
  })

  test('have their tables between markers', () => {
    const page = 'before\n<!-- support: a -->\n| old |\n<!-- /support -->\nafter'
    expect(withTable(page, 'a', '| new |')).toBe('before\n<!-- support: a -->\n| new |\n<!-- /support -->\nafter')
    expect(() => withTable(page, 'b', '')).toThrow("no markers of the table 'b'")
  })
})

describe('outcomes', () => {
  const outcome: Outcome = { ...support, name: 'redis (redis)', complete: true }
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'isomodel-support-'))
    process.env.CONFORMANCE_OUTCOMES = folder
  })
  afterEach(() => {
    delete process.env.CONFORMANCE_OUTCOMES
    rmSync(folder, { recursive: true })
  })

  test('of a whole run are kept, without its name', () => {
    keepOutcome('redis', outcome)
    expect(keptOutcomes(folder)).toEqual({ redis: support })
  })

  test('of a part, of another server and of an unknown engine are not', () => {
    keepOutcome('redis', { ...outcome, complete: false })
    keepOutcome('valkey', { ...outcome, name: 'valkey (VALKEY_URL)' })
    writeFileSync(join(folder, 'mine.json'), JSON.stringify(outcome))
    expect(keptOutcomes(folder)).toEqual({})
  })
})
