import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as vitest from 'vitest'
import { conformance } from '../src/conformance/index.js'
import { memoryHarness } from './memory-harness.js'

/** Where the workspace gathers what each store has shown, for its support table. */
const folder = process.env.CONFORMANCE_OUTCOMES

conformance(memoryHarness(), vitest, {
  async onEnd(outcome) {
    if (folder !== undefined) await writeFile(join(folder, 'memory.json'), JSON.stringify(outcome))
  },
})
