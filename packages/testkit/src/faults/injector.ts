import { checkPlan, checkStep, type FaultCounts, type FaultPlan, type FaultStep } from './plan.js'
import { seeded } from './random.js'

interface Waiting<Step> {
  readonly step: Step
  after: number
  times: number
}

/** Decides for each call whether a fault happens in it, and counts. */
export class Injector<F extends string, On, Step extends FaultStep<F, On> = FaultStep<F, On>> {
  readonly random: () => number
  readonly #who: string
  readonly #faults: readonly F[]
  readonly #rates: FaultPlan<F, On>['rates'] & object
  readonly #inARow: number
  readonly #script: Waiting<Step>[] = []
  readonly #injected: { [Fault in F]: number }
  /** How often in succession a call met a fault, by what it is made with again. */
  readonly #met = new WeakMap<object, number>()
  #quiet = 0

  /** `inARow`: how often in succession chance may meet the same call. */
  constructor(
    who: string,
    plan: FaultPlan<F, On> & { readonly script?: readonly Step[] },
    faults: readonly F[],
    inARow: number = Number.POSITIVE_INFINITY,
  ) {
    checkPlan(who, plan, faults)
    this.#who = who
    this.#faults = faults
    this.#rates = plan.rates ?? {}
    this.#inARow = inARow
    this.random = seeded(plan.seed ?? 1)
    this.#injected = Object.fromEntries(faults.map((fault) => [fault, 0])) as { [Fault in F]: number }
    for (const step of plan.script ?? []) this.next(step)
  }

  get injected(): FaultCounts<F> {
    return { ...this.#injected }
  }

  /** Steps of the script that have not happened. */
  get left(): number {
    return this.#script.length
  }

  next(step: Step): void {
    checkStep(this.#who, step, this.#faults)
    this.#script.push({ step, after: step.after ?? 0, times: step.times ?? 1 })
  }

  async quietly<T>(work: () => Promise<T>): Promise<T> {
    this.#quiet++
    try {
      return await work()
    } finally {
      this.#quiet--
    }
  }

  /**
   * The fault of a call, of those that are possible in it; `fits` says whether a step is about it. `again` is the same object
   * when the same call is made again; `chance` says whether it may meet a fault that no step is about.
   */
  pick(
    possible: readonly F[],
    fits: (on: On) => boolean,
    { again, chance = true }: { readonly again?: object; readonly chance?: boolean } = {},
  ): { readonly fault: F; readonly step?: Step } | undefined {
    if (this.#quiet > 0) return undefined
    const picked = this.#scripted(possible, fits) ?? (chance ? this.#byChance(possible, again) : undefined)
    if (picked !== undefined) this.#injected[picked.fault]++
    return picked
  }

  #scripted(possible: readonly F[], fits: (on: On) => boolean): { fault: F; step: Step } | undefined {
    const [first] = this.#script
    if (first === undefined) return undefined
    const { step } = first
    if (!possible.includes(step.fault) || (step.on !== undefined && !fits(step.on))) return undefined
    if (first.after > 0) {
      first.after--
      return undefined
    }
    if (--first.times === 0) this.#script.shift()
    return { fault: step.fault, step }
  }

  #byChance(possible: readonly F[], again: object | undefined): { readonly fault: F } | undefined {
    let drawn = this.random()
    const fault = this.#faults.find((each) => {
      if (!possible.includes(each)) return false
      drawn -= this.#rates[each] ?? 0
      return drawn < 0
    })
    const met = again === undefined ? 0 : (this.#met.get(again) ?? 0)
    const happens = fault !== undefined && met < this.#inARow
    if (again !== undefined) this.#met.set(again, happens ? met + 1 : 0)
    return happens ? { fault } : undefined
  }
}
