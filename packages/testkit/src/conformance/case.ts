import type { Capability, Entities } from '@isomodel/core'
import type { CaseContext, TestedDb } from './context.js'

/** Rules of the contract, as the documentation numbers them. */
export type Rule =
  | 'P1'
  | 'P2'
  | 'P3'
  | 'P4'
  | 'P5'
  | 'P6'
  | 'P7'
  | 'P8'
  | 'P9'
  | 'P10'
  | 'P11'
  | 'P12'
  | 'P13'
  | 'P14'
  | 'P15'
  | 'P16'
  | 'P17'
  | 'P18'
  | 'P19'
  | 'P20'

/** One thing that the contract says, as something that can be run and can fail. */
export interface Case {
  /** Unique and stable: `P4 create: of a taken key is refused`. */
  readonly id: string
  readonly rule: Rule
  readonly topic: string
  readonly name: string
  /** The entities it works on: the suite sets them up, all cases' together, before the first case. */
  readonly entities: Entities
  /** The capabilities it is about. Where one is not claimed, the case must be refused with UNSUPPORTED. */
  readonly requires: readonly Capability[]
  /** What of the harness it needs; the suite leaves it out where the harness has none. */
  readonly needs?: 'unreachable'
  run(context: CaseContext): Promise<void>
}

/** A case's body: gets the context and a connection to its topic's entities. */
export type Run<Es extends Entities> = (t: CaseContext, db: TestedDb<Es>) => Promise<void>

/** A body with what it asks for. */
export interface Asking<Es extends Entities> {
  readonly requires?: Capability
  readonly needs?: 'unreachable'
  readonly run: Run<Es>
}

/**
 * The cases of one topic of a rule, by name, over the entities that they share. `requires`: the capabilities that each of them is
 * about, beside its own.
 */
export function cases<Es extends Entities>(
  rule: Rule,
  topic: string,
  entities: Es,
  runs: { readonly [name: string]: Run<Es> | Asking<Es> },
  requires: readonly Capability[] = [],
): readonly Case[] {
  return Object.entries(runs).map(([name, body]): Case => {
    const { run, requires: own, ...asked }: Asking<Es> = typeof body === 'function' ? { run: body } : body
    return Object.freeze({
      id: `${rule} ${topic}: ${name}`,
      rule,
      topic,
      name,
      entities,
      requires: own === undefined ? requires : [...requires, own],
      ...asked,
      run: async (t: CaseContext) => run(t, await t.connect(entities)),
    })
  })
}
