import type { Case } from '../case.js'
import { following } from './following.js'
import { kinds, transacted } from './kinds.js'
import { resuming } from './resuming.js'

/** P15: the change feed. */
export const changes: readonly Case[] = [...kinds, ...transacted, ...resuming, ...following]
