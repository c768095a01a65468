import * as vitest from 'vitest'
import { histories } from '../../src/history/index.js'
import { memoryHarness } from '../memory-harness.js'

histories(memoryHarness(), vitest)
