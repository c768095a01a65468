import type { ErrorCode } from '@isomodel/core'
import { canonical } from '../canonical.js'
import type { Model } from '../model.js'
import { isWhateverTheState } from './refusal.js'

/** What an operation comes to in a state: it is done and gives a value, or it is refused and changes nothing. */
export type Applied<State, Output> = { readonly next: State; readonly value: Output } | { readonly refused: ErrorCode }

export interface Specification<State, Input, Output> extends Omit<Model<State, Input, Output>, 'step'> {
  apply(state: State, input: Input): Applied<State, Output>
}

/**
 * A model of something whose answers follow from its state: `apply` says what an operation comes to, and the model compares
 * it with what was told. A refusal that says nothing of the state (CONFLICT, THROTTLED, UNAVAILABLE, TIMEOUT, ABORTED) fits
 * any. Where the store chooses a part of the answer, as it does a revision, write a `Model`.
 *
 * @example
 * const stack = sequential<readonly number[], { push: number } | 'pop', number>({
 *   name: 'stack',
 *   initial: [],
 *   apply(items, input) {
 *     if (input !== 'pop') return { next: [...items, input.push], value: items.length + 1 }
 *     const top = items.at(-1)
 *     return top === undefined ? { refused: 'NOT_FOUND' } : { next: items.slice(0, -1), value: top }
 *   },
 * })
 */
export function sequential<S, I, O>(specification: Specification<S, I, O>): Model<S, I, O> {
  const { apply, ...model } = specification
  return {
    ...model,
    step(state, input, outcome) {
      if (outcome.status === 'refused' && isWhateverTheState(outcome.code)) return state
      const applied = apply(state, input)
      if (outcome.status === 'unknown') return 'refused' in applied ? state : applied.next
      if (outcome.status === 'refused') {
        return 'refused' in applied && applied.refused === outcome.code ? state : undefined
      }
      if ('refused' in applied) return undefined
      const fits = outcome.value === undefined || canonical(outcome.value) === canonical(applied.value)
      return fits ? applied.next : undefined
    },
  }
}
