import type { Case } from '../case.js'
import { isolation } from './isolation.js'
import { tokens } from './tokens.js'
import { writes } from './writes.js'

export const transactions: readonly Case[] = [...writes, ...isolation, ...tokens]
