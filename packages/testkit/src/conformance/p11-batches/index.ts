import type { Case } from '../case.js'
import { coalescing } from './coalescing.js'
import { many } from './many.js'

/** P11: batches of any size, and gets that travel together. */
export const batches: readonly Case[] = [...many, ...coalescing]
