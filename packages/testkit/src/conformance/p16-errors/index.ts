import type { Case } from '../case.js'
import { readPolicy } from './read-policy.js'
import { secrecy } from './secrecy.js'
import { shape } from './shape.js'
import { unreachable } from './unreachable.js'

/** P16: how every failure says what it is, and what it does not show. */
export const errors: readonly Case[] = [...shape, ...secrecy, ...unreachable, ...readPolicy]
