import type { Case } from '../case.js'
import { cursors } from './cursors.js'
import { large } from './large.js'
import { pages } from './pages.js'

/** P9: limits, pages and cursors. */
export const paging: readonly Case[] = [...pages, ...large, ...cursors]
