import type { Adapter, CapabilitiesOf, Capability, Claims, NativeOf } from '@isomodel/core'
import { Injector } from '../injector.js'
import type { FaultCounts, FaultPlan, FaultStep } from '../plan.js'
import { type DriverCall, type DriverFault, driverFaults } from './driver-fault.js'
import { FaultyDriver } from './faulty-driver.js'
import { IndexLag } from './index-lag.js'
import { UnsureWrites } from './unsure.js'

export interface DriverFaultPlan extends FaultPlan<DriverFault, DriverCall> {
  /**
   * How often in succession chance may meet the same call, made again. Default: 2, so that core's retries get through in the
   * end; `Infinity` for a store that need not.
   */
  readonly inARow?: number
  /** How late a `lateRequest` arrives, ms. Default: 20. */
  readonly lateBy?: number
  /** How far behind an index may be, ms: `indexLag` hides what was written within them. Default: 100. */
  readonly lag?: number
}

/** A store that fails as planned. */
export interface FaultyAdapter<C extends Capability = never, N = unknown> extends Adapter<C, N> {
  /** How often each fault has happened. */
  readonly injected: FaultCounts<DriverFault>
  /** Steps of the script that have not happened. */
  readonly left: number
  /** Puts a step behind the script. */
  next(step: FaultStep<DriverFault, DriverCall>): void
  /** Runs work, such as setup or a test's last look, in which no fault happens. */
  quietly<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when every `lateRequest` has arrived. */
  settled(): Promise<void>
}

const OPTIONS = ['script', 'rates', 'seed', 'inARow', 'lateBy', 'lag']

/**
 * Gives an adapter whose driver fails now and then, in ways that the driver contract allows: what an application sees on a
 * busy store, a bad network, or an index that is behind. Faults happen in what reads and writes, never in setup and check.
 *
 * With `indexLag` among the faults the adapter does not claim `index:strong`, and its global indexes are eventual; its type never
 * says `index:strong`.
 *
 * ```ts
 * const store = faulty(memory(), { seed: 7, rates: { throttle: 0.1, lostReply: 0.05 } })
 * await using db = await connect(store, { Order })
 * ```
 *
 * @throws TypeError for a plan that cannot be, naming what is wrong with it.
 */
export function faulty<A extends Adapter>(
  adapter: A,
  plan: DriverFaultPlan,
): FaultyAdapter<Exclude<CapabilitiesOf<A>, 'index:strong'>, NativeOf<A>> {
  const unknown = Object.keys(plan).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) throw new TypeError(`faulty has no option ${unknown}; there are ${OPTIONS.join(', ')}.`)
  const { inARow = 2 } = plan
  if (inARow !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(inARow) && inARow > 0)) {
    throw new TypeError(`faulty: inARow is ${inARow}; it is a positive whole number, or Infinity.`)
  }
  const injector = new Injector('faulty', plan, driverFaults, inARow)
  const unsure = new UnsureWrites(milliseconds('lateBy', plan.lateBy) ?? 20)
  const lags = (plan.rates?.indexLag ?? 0) > 0 || plan.script?.some(({ fault }) => fault === 'indexLag') === true
  const lag = milliseconds('lag', plan.lag) ?? 100
  const behind = lags ? new IndexLag(lag) : undefined
  return {
    store: adapter.store,
    capabilities: {
      ...(adapter.capabilities as Claims<CapabilitiesOf<A>>),
      ...(lags ? { 'index:strong': false } : {}),
    },
    open: async (model, options) => new FaultyDriver(await adapter.open(model, options), injector, unsure, behind),
    get injected() {
      return injector.injected
    },
    get left() {
      return injector.left
    },
    next: (step) => injector.next(step),
    quietly: (work) => injector.quietly(work),
    settled: () => unsure.settled(),
  }
}

function milliseconds(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return value
  throw new TypeError(`faulty: ${name} is ${value}; it is a number of milliseconds.`)
}
