import type { Case } from '../case.js'
import { injective } from './injective.js'
import { lengths } from './lengths.js'
import { sharing } from './sharing.js'

/** P3: two different keys never meet in the store. */
export const keys: readonly Case[] = [...injective, ...sharing, ...lengths]
