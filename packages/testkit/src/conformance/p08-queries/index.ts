import type { Case } from '../case.js'
import { conditions } from './conditions.js'
import { manyPartitions } from './many-partitions.js'
import { ranges } from './ranges.js'
import { results } from './results.js'

/** P8: what a query finds, in which order, and how it is asked. */
export const queries: readonly Case[] = [...conditions, ...ranges, ...results, ...manyPartitions]
