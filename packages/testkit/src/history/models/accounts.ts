import type { Model } from '../model.js'
import { describeOutcome } from './describe.js'
import { sequential } from './sequential.js'

/**
 * `transfer` is one transaction: it takes an amount from an account that has as much, and adds it to another. `read` is one
 * transactional read.
 */
export type AccountsInput =
  | { readonly do: 'transfer'; readonly from: string; readonly to: string; readonly amount: number }
  | { readonly do: 'read'; readonly accounts: readonly string[] }

/** Balances: after a transfer those of `from` and `to`, of a read those asked for; null where there is no such account. */
export type AccountsOutput = readonly (number | null)[]

export type AccountsState = ReadonlyMap<string, number>

/**
 * Accounts with these balances, and transactions over several of them. A transfer of more than there is is
 * CONDITION_FAILED, one of an account that is not there NOT_FOUND, one to itself VALIDATION. All accounts of a history are one partition.
 */
export function accounts(
  balances: Readonly<Record<string, number>>,
): Model<AccountsState, AccountsInput, AccountsOutput> {
  return sequential<AccountsState, AccountsInput, AccountsOutput>({
    name: 'accounts',
    initial: new Map(Object.entries(balances)),

    apply(state, input) {
      if (input.do === 'read') return { next: state, value: input.accounts.map((id) => state.get(id) ?? null) }
      const { from, to, amount } = input
      if (from === to) return { refused: 'VALIDATION' }
      const [given, taken] = [state.get(from), state.get(to)]
      if (given === undefined || taken === undefined) return { refused: 'NOT_FOUND' }
      if (given < amount) return { refused: 'CONDITION_FAILED' }
      const next = new Map(state).set(from, given - amount).set(to, taken + amount)
      return { next, value: [given - amount, taken + amount] }
    },

    describe: (input, outcome) =>
      `${
        input.do === 'read' ? `read ${input.accounts.join(' ')}` : `move ${input.amount} ${input.from}→${input.to}`
      } → ${describeOutcome(outcome, (told) => told.join(' '))}`,
  })
}
