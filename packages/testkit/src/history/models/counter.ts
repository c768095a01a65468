import type { Model } from '../model.js'
import { describeOutcome } from './describe.js'
import { sequential } from './sequential.js'

/** `add` gives the sum after it, `get` the sum; a counter that was never added to is 0. */
export type CounterInput =
  | { readonly do: 'add'; readonly key: string; readonly amount: number }
  | { readonly do: 'get'; readonly key: string }

/** Counters, each by its key: `update` with `add` and `orCreate`, and `get`. */
export const counter: Model<number, CounterInput, number> = sequential<number, CounterInput, number>({
  name: 'counter',
  initial: 0,
  key: ({ key }) => key,
  apply(sum, input) {
    const next = input.do === 'add' ? sum + input.amount : sum
    return { next, value: next }
  },
  describe: (input, outcome) =>
    `${input.do} ${input.key}${input.do === 'add' ? ` ${input.amount}` : ''} → ${describeOutcome(outcome)}`,
})
