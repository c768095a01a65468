import type { Case } from '../case.js'
import { byIndex } from './by-index.js'
import { reading } from './reading.js'
import { refusals } from './refusals.js'

/** P14: several kinds of entities of one partition, read together. */
export const collections: readonly Case[] = [...reading, ...byIndex, ...refusals]
