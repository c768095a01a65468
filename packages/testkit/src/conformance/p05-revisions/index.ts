import type { Case } from '../case.js'
import { revisionCases } from './revisions.js'
import { timestamps } from './timestamps.js'

/** P5: revisions, and the timestamps beside them. */
export const revisions: readonly Case[] = [...revisionCases, ...timestamps]
