import type { Case } from '../case.js'
import { escapeHatch } from './native.js'
import { roundTrips } from './round-trips.js'
import { setup } from './setup.js'

/** P20: what a call would send, what it did send, what is set up, and the way past the library. */
export const insight: readonly Case[] = [...roundTrips, ...escapeHatch, ...setup]
