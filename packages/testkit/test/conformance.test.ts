import * as vitest from 'vitest'
import { conformance } from '../src/conformance/index.js'
import { memoryHarness } from './memory-harness.js'

conformance(memoryHarness(), vitest)
