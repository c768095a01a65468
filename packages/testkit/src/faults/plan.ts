/** When faults happen: exactly as a script says, and by chance where it says nothing. Nothing of both: none by itself. */
export interface FaultPlan<F extends string, On> {
  /** Steps in their order: each waits for the call that it is about, and all other calls go by. */
  readonly script?: readonly FaultStep<F, On>[]
  /** How often each fault happens where it can, from 0 to 1; together at most 1. */
  readonly rates?: { readonly [Fault in F]?: number }
  /** Where chance begins: the same calls in the same order meet the same faults. Default: 1. */
  readonly seed?: number
}

/** One fault that is sure to happen. */
export interface FaultStep<F extends string, On> {
  readonly fault: F
  /** Which calls it is about. Default: all in which the fault can happen. */
  readonly on?: On
  /** How many of those go by before. Default: 0. */
  readonly after?: number
  /** How many of those in succession meet it. Default: 1. */
  readonly times?: number
}

/** What faults were injected, and how often. */
export type FaultCounts<F extends string> = { readonly [Fault in F]: number }

/** @throws TypeError that names what of a plan cannot be, and what would be right. */
export function checkPlan<F extends string, On>(
  who: string,
  { script = [], rates = {}, seed }: FaultPlan<F, On>,
  faults: readonly F[],
): void {
  for (const step of script) checkStep(who, step, faults)
  let sum = 0
  for (const [fault, rate] of Object.entries<number | undefined>(rates)) {
    checkFault(who, fault, faults)
    if (rate === undefined) continue
    if (!(rate >= 0 && rate <= 1)) throw new TypeError(`${who}: the rate of ${fault} is ${rate}; it is from 0 to 1.`)
    sum += rate
  }
  if (sum > 1 + Number.EPSILON * faults.length) {
    throw new TypeError(`${who}: the rates add up to ${sum}; a call meets one fault at most, so to 1 at most.`)
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw new TypeError(`${who}: seed is ${seed}; it is a whole number.`)
  }
}

export function checkStep<F extends string, On>(
  who: string,
  { fault, after = 0, times = 1 }: FaultStep<F, On>,
  faults: readonly F[],
): void {
  checkFault(who, fault, faults)
  if (!Number.isSafeInteger(after) || after < 0) {
    throw new TypeError(`${who}: after is ${after}; it is how many calls go by before, a whole number from 0.`)
  }
  if (!Number.isSafeInteger(times) || times < 1) {
    throw new TypeError(`${who}: times is ${times}; it is a whole number from 1.`)
  }
}

function checkFault(who: string, fault: string, faults: readonly string[]): void {
  if (faults.includes(fault)) return
  throw new TypeError(`${who} has no fault ${JSON.stringify(fault)}; there are ${faults.join(', ')}.`)
}
