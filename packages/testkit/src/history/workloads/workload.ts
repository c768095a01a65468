import type { Entities } from '@isomodel/core'
import type { Case, Rule } from '../../conformance/case.js'
import type { CaseContext, TestedDb } from '../../conformance/context.js'
import { History } from '../history.js'
import { linearizable } from '../linearizable.js'
import type { Model } from '../model.js'
import type { Verdict } from '../verdict.js'
import { Random } from './random.js'

/** How a history is made. */
export interface Round {
  readonly seed: number
  readonly processes: number
  /** Operations of each process, one after the other. */
  readonly operations: number
  /** One in so many calls is aborted while it is under way, so that its outcome may be unknown; 0 for none. */
  readonly cut: number
  /** Connections that the processes share. */
  readonly handles: number
  /** Configurations of the checker. */
  readonly budget: number
}

/** One process: draws its inputs, also from what it was told before, and calls the store. */
export interface Client<Input, Output> {
  draw(random: Random): Input
  call(input: Input, options: { readonly signal?: AbortSignal }): Promise<Output>
}

/** A kind of history that can be made on any store. Every partition that it writes holds the group. */
export interface Definition<Es extends Entities, State, Input, Output> {
  readonly rule: Rule
  readonly topic: string
  readonly requires?: Case['requires']
  readonly entities: Es
  readonly model: Model<State, Input, Output>
  /** What is there before the processes begin. */
  prepare?(db: TestedDb<Es>, group: string): Promise<unknown>
  client(db: TestedDb<Es>, group: string, process: number): Client<Input, Output>
}

/** The same without its types, so that several can be listed. */
export interface Workload extends Pick<Case, 'rule' | 'topic' | 'requires' | 'entities'> {
  /** Makes one history and judges it. */
  play(context: CaseContext, round: Round): Promise<Verdict<unknown, unknown, unknown>>
}

/** Milliseconds after which a call is aborted: so different that on any store some are under way by then. */
const CUTS = [0, 1, 2, 4, 8, 16] as const

export function workload<Es extends Entities, S, I, O>(definition: Definition<Es, S, I, O>): Workload {
  const { rule, topic, requires = [], entities, model, prepare, client } = definition
  return {
    rule,
    topic,
    requires,
    entities,
    async play(context, { seed, processes, operations, cut, handles, budget }) {
      const dbs = await Promise.all(Array.from({ length: handles }, () => context.connect(entities)))
      const history = new History<I, O>()
      await prepare?.(dbs[0] as TestedDb<Es>, context.id)
      const run = async (process: number): Promise<void> => {
        const random = new Random(1_000 * seed + process)
        const { draw, call } = client(dbs[process % handles] as TestedDb<Es>, context.id, process)
        for (let at = 0; at < operations; at += 1) {
          const input = draw(random)
          const isCut = cut > 0 && random.below(cut) === 0
          const options = isCut ? { signal: AbortSignal.timeout(random.of(CUTS)) } : {}
          await history.record(`p${process + 1}`, input, () => call(input, options))
        }
      }
      await Promise.all(Array.from({ length: processes }, (_, process) => run(process)))
      return linearizable(history.operations, model, { budget })
    },
  }
}
