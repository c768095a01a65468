import type { Case } from '../case.js'
import { capabilities } from './capabilities.js'
import { filled } from './filled.js'
import { escapeHatch } from './native.js'
import { roundTrips } from './round-trips.js'
import { setup } from './setup.js'
import { setupAtOnce } from './setup-at-once.js'

/** P20: what a call would send, what it did send, what is set up, and the way past the library. */
export const insight: readonly Case[] = [
  ...roundTrips,
  ...escapeHatch,
  ...capabilities,
  ...setup,
  ...setupAtOnce,
  ...filled,
]
