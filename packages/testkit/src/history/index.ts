export { expectLinearizable, NotLinearizableError } from './expect-linearizable.js'
export { type HistoriesOptions, histories, historyCases } from './histories.js'
export { History } from './history.js'
export { type CheckOptions, linearizable } from './linearizable.js'
export type { Model } from './model.js'
export { type AccountsInput, type AccountsOutput, type AccountsState, accounts } from './models/accounts.js'
export { type CounterInput, counter } from './models/counter.js'
export {
  type RegisterInput,
  type RegisterOutput,
  type RegisterState,
  register,
  type Versioned,
} from './models/register.js'
export { type Applied, type Specification, sequential } from './models/sequential.js'
export { type UniqueInput, type UniqueOutput, type UniqueState, uniqueValues } from './models/unique-values.js'
export type { Operation, Outcome } from './operation.js'
export { drawSvg } from './picture/svg.js'
export { drawText } from './picture/text.js'
export type { GaveUp, Linearizable, NotLinearizable, Verdict } from './verdict.js'
