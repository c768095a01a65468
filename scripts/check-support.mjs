/**
 * The support tables: what the conformance suite has shown on each engine. Checks that the pages show what is kept in
 * docs/reference/support.json; with a folder of outcomes (CONFORMANCE_OUTCOMES of the run that made them), also that what is kept
 * is what they are. `--write` takes the outcomes over, and writes the pages.
 *
 *   node scripts/check-support.mjs [--write] [folder]
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { root } from './run/processes.mjs'
import { keptOutcomes, RUNS } from './support/outcomes.mjs'
import { keepSupports, keptSupports, pagesWith } from './support/pages.mjs'

const args = process.argv.slice(2)
const writes = args.includes('--write')
const folder = args.find((arg) => !arg.startsWith('-'))

const found = folder === undefined ? {} : keptOutcomes(folder)
let kept = keptSupports(root)
if (writes) {
  const all = { ...kept, ...found }
  kept = Object.fromEntries(Object.keys(RUNS).flatMap((run) => (all[run] === undefined ? [] : [[run, all[run]]])))
  keepSupports(root, kept)
}

let failed = 0
let passed = 0
/** @param {boolean} holds @param {string} problem */
const demand = (holds, problem) => {
  if (holds) passed += 1
  else failed += 1
  if (!holds)
    console.error(`${problem}; if that is right, run node scripts/check-support.mjs --write <folder of outcomes>`)
}

for (const [run, support] of Object.entries(found)) {
  demand(
    isDeepStrictEqual(kept[run], support),
    `docs/reference/support.json does not say what was seen on ${run}: ${JSON.stringify(support)}`,
  )
}
for (const { page, is, shouldBe } of pagesWith(root, kept)) {
  if (writes) writeFileSync(join(root, page), shouldBe)
  demand(writes || is === shouldBe, `the support table of ${page} does not show what docs/reference/support.json says`)
}
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1
