import { generatedCase } from '../../generated/generated-case.js'
import type { Case } from '../case.js'
import { adding } from './add.js'
import { concurrency } from './concurrency.js'
import { farElements } from './far-elements.js'
import { guards } from './guards.js'
import { lists } from './lists.js'
import { sets } from './sets.js'
import { updates } from './update.js'
import { wholeWrites } from './whole.js'

/** P4: what each write does, and what it refuses. */
export const writes: readonly Case[] = [
  ...wholeWrites,
  ...updates,
  ...lists,
  ...farElements,
  ...sets,
  ...adding,
  ...guards,
  ...concurrency,
  ...generatedCase(1, 300),
]
