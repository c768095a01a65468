/** What a query or a write may take; what is left out may be anything. */
export interface Budget {
  /** Most round trips. */
  readonly roundTrips?: number
  /** Whether it may read everything there is. */
  readonly scan?: boolean
  /** Whether rows may be read that are then dropped here, by a condition that the store does not check. */
  readonly residual?: boolean
  /** Most read units, of a store that counts them. */
  readonly rcu?: number
  /** Most write units, of a store that counts them. */
  readonly wcu?: number
  /** Most rows that the store may look at; only what was measured tells. */
  readonly rowsRead?: number
}

/** What `explain` and `measure` give, as far as a budget asks. */
interface Explained {
  readonly roundTrips: number
  readonly access?: string
  readonly residual?: unknown
  readonly estimate?: Units | undefined
  readonly actual?: { readonly roundTrips: number; readonly rowsRead: number; readonly capacity: Units | undefined }
}

interface Units {
  readonly read?: number
  readonly write?: number
}

const NAMES: readonly (keyof Budget)[] = ['roundTrips', 'scan', 'residual', 'rcu', 'wcu', 'rowsRead']

/** Where an explanation is over a budget, a line each; what was measured counts before what was estimated. */
export function overBudget(received: unknown, budget: Budget): readonly string[] {
  const explained = explanationIn(received)
  const unknown = Object.keys(budget).find((name) => !(NAMES as readonly string[]).includes(name))
  if (unknown !== undefined) throw new TypeError(`A budget has no ${unknown}; there are ${NAMES.join(', ')}.`)
  const { actual, estimate, roundTrips, access, residual } = explained
  const units = actual === undefined ? estimate : actual.capacity
  return [
    ...most('round trips', budget.roundTrips, actual?.roundTrips ?? roundTrips),
    ...(budget.scan === false && access === 'scan' ? ['it scans, and must not'] : []),
    ...(budget.residual === false && residual !== undefined
      ? ['it drops rows that the store has read, and must not']
      : []),
    ...most('read units', budget.rcu, units?.read, UNITS),
    ...most('write units', budget.wcu, units?.write, UNITS),
    ...most('rows read', budget.rowsRead, actual?.rowsRead, 'only measure() tells them'),
  ]
}

const UNITS =
  'the store counts none, or the call was neither measured nor given the size of an entity: explain({ itemBytes }) or measure()'

function most(what: string, limit: number | undefined, taken: number | undefined, otherwise = ''): readonly string[] {
  if (limit === undefined) return []
  if (taken === undefined) return [`${what}: at most ${limit}, and it is not known how many (${otherwise})`]
  return taken <= limit ? [] : [`${what}: at most ${limit}, and it takes ${taken}`]
}

function explanationIn(received: unknown): Explained {
  if (typeof received === 'object' && received !== null && 'roundTrips' in received && 'request' in received) {
    return received as unknown as Explained
  }
  throw new TypeError('toFit is for what explain() or await measure() gives.')
}
