import type { Wrong } from './wrapped.js'

/** A way to be wrong, with cases that must find it. */
export interface Fault {
  readonly name: string
  readonly wrong: Wrong
  /** Ids of cases; each must fail. */
  readonly caughtBy: readonly string[]
  /** Why generated histories cannot find it. Left out: they must. */
  readonly unseen?: string
}
