import { show } from '../../same/show.js'
import type { Model } from '../model.js'
import { describeOutcome } from './describe.js'
import { sequential } from './sequential.js'

/** Entities with a value that no two of them may have alike; null is no value, and any number may have that. */
export type UniqueInput =
  | { readonly do: 'create'; readonly id: string; readonly value: string | null }
  | { readonly do: 'put'; readonly id: string; readonly value: string | null }
  | { readonly do: 'update'; readonly id: string; readonly value: string | null }
  | { readonly do: 'get'; readonly id: string }
  | { readonly do: 'delete'; readonly id: string }

/** The entity after a write, or as a get found it; null where there is none. */
export type UniqueOutput = { readonly value: string | null } | null

/** The value of each entity that is there. */
export type UniqueState = ReadonlyMap<string, string | null>

/**
 * A unique constraint: of the entities that want one value at most one holds it, and it is free again when that is changed
 * or deleted. Values tie the entities together, so all of a history is one partition.
 */
export const uniqueValues: Model<UniqueState, UniqueInput, UniqueOutput> = sequential<
  UniqueState,
  UniqueInput,
  UniqueOutput
>({
  name: 'unique values',
  initial: new Map(),

  apply(holders, input) {
    const { id } = input
    const found = holders.get(id)
    const entity = found === undefined ? null : { value: found }
    if (input.do === 'get') return { next: holders, value: entity }
    if (input.do === 'delete') {
      const next = new Map(holders)
      next.delete(id)
      return { next, value: null }
    }
    const { value } = input
    if (input.do === 'create' && entity !== null) return { refused: 'ALREADY_EXISTS' }
    if (input.do === 'update' && entity === null) return { refused: 'NOT_FOUND' }
    const isTaken = value !== null && [...holders].some(([holder, held]) => held === value && holder !== id)
    return isTaken ? { refused: 'UNIQUE_VIOLATION' } : { next: new Map(holders).set(id, value), value: { value } }
  },

  describe: (input, outcome) =>
    `${input.do} ${input.id}${'value' in input ? ` ${show(input.value)}` : ''} → ${describeOutcome(outcome, (told) =>
      told === null ? 'none' : show(told.value),
    )}`,
})
