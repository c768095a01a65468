import type { ErrorCode } from '@isomodel/core'
import { show } from '../../same/show.js'
import { canonical } from '../canonical.js'
import type { Model } from '../model.js'
import { describeOutcome } from './describe.js'
import { isWhateverTheState } from './refusal.js'

/** One entity with one value; the writes of the repository on it. */
export type RegisterInput<T = unknown> =
  | { readonly do: 'get'; readonly key: string }
  | { readonly do: 'create'; readonly key: string; readonly value: T }
  | { readonly do: 'put'; readonly key: string; readonly value: T }
  | {
      readonly do: 'update'
      readonly key: string
      readonly value: T
      readonly ifRevision?: string
      /** The value that the entity must have: a compare-and-set. */
      readonly ifValue?: T
    }
  | { readonly do: 'delete'; readonly key: string; readonly ifRevision?: string }

/** The entity that a call gave; its revision where it has one. */
export interface Versioned {
  readonly value: unknown
  readonly revision?: string
}

/** What a call gave: the new entity of a write, null for one that is absent. */
export type RegisterOutput = Versioned | null

/** The entity that is stored, or null. A revision that nobody was told is undefined. */
export type RegisterState = { readonly value: unknown; readonly revision: string | undefined } | null

/**
 * Entities, each by its key: create, put, get, update and delete. Guarded by `ifRevision` the last two may be
 * REVISION_MISMATCH, an update by `ifValue` CONDITION_FAILED; of what is absent an update is NOT_FOUND, and a guarded delete. Give each write a value of its own: then a read tells whose it saw.
 */
export const register: Model<RegisterState, RegisterInput, RegisterOutput> = {
  name: 'register',
  initial: null,
  key: ({ key }) => key,

  step(state, input, outcome) {
    if (outcome.status === 'refused') {
      return isWhateverTheState(outcome.code) || refusals(state, input).includes(outcome.code) ? state : undefined
    }
    const canBeDone = refusals(state, input).includes(undefined)
    if (!canBeDone) return outcome.status === 'unknown' ? state : undefined
    return done(state, input, outcome.status === 'ok' ? outcome.value : undefined)
  },

  describe(input, outcome) {
    const revision = 'ifRevision' in input && input.ifRevision !== undefined ? ` if ${short(input.ifRevision)}` : ''
    const guard = 'ifValue' in input && input.ifValue !== undefined ? `${revision} if ${show(input.ifValue)}` : revision
    const value = 'value' in input ? show(input.value) : undefined
    const told = describeOutcome(outcome, (entity) => describeEntity(entity, value))
    return `${input.do} ${input.key}${value === undefined ? '' : ` ${value}`}${guard} → ${told}`
  },
}

/** What the call may come to in this state: a code, or undefined where it is done. Two where the revision is not known. */
function refusals(state: RegisterState, input: RegisterInput): readonly (ErrorCode | undefined)[] {
  if (input.do !== 'update' && input.do !== 'delete') {
    return [input.do === 'create' && state !== null ? 'ALREADY_EXISTS' : undefined]
  }
  const { ifRevision } = input
  if (state === null) return [input.do === 'update' || ifRevision !== undefined ? 'NOT_FOUND' : undefined]
  const ifValue = input.do === 'update' ? input.ifValue : undefined
  const isOther = ifValue !== undefined && canonical(ifValue) !== canonical(state.value)
  const otherwise = isOther ? 'CONDITION_FAILED' : undefined
  if (ifRevision === undefined || ifRevision === state.revision) return [otherwise]
  return state.revision === undefined ? ['REVISION_MISMATCH', otherwise] : ['REVISION_MISMATCH']
}

function done(state: RegisterState, input: RegisterInput, told: RegisterOutput | undefined): RegisterState | undefined {
  if (input.do === 'delete') return null
  if (input.do === 'get') return told === undefined ? state : seen(state, told)
  const written: RegisterState = { value: input.value, revision: told?.revision }
  if (told === undefined) return written
  const isNew = told?.revision === undefined || told.revision !== state?.revision
  return isNew && seen({ ...written, revision: undefined }, told) !== undefined ? written : undefined
}

/** The state after it was seen so; undefined where it cannot have been. */
function seen(state: RegisterState, told: RegisterOutput): RegisterState | undefined {
  if (state === null || told === null) return state === told ? state : undefined
  if (canonical(state.value) !== canonical(told.value)) return undefined
  if (told.revision === undefined || state.revision === told.revision) return state
  return state.revision === undefined ? { value: state.value, revision: told.revision } : undefined
}

const short = (revision: string): string => (revision.length > 6 ? `…${revision.slice(-5)}` : revision)

/** The value only where it is not the one that was written. */
function describeEntity(told: RegisterOutput, written: string | undefined): string {
  if (told === null) return 'none'
  const value = show(told.value)
  const revision = told.revision === undefined ? '' : ` (${short(told.revision)})`
  return `${value === written ? 'ok' : value}${revision}`
}
