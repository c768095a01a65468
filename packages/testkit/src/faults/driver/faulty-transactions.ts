import type { Swap, Transactions } from '@isomodel/core/driver'
import { type PickFault, refuse } from './refuse.js'
import { lose, type UnsureWrites } from './unsure.js'

/** Transactions that others get in the way of, and whose replies do not come. */
export function faultyTransactions(
  transactions: Transactions,
  pick: PickFault,
  unsure: UnsureWrites,
  remembering: <T>(swaps: readonly Swap[], work: () => Promise<T>) => Promise<T>,
): Transactions {
  return {
    items: transactions.items,
    roundTrips: transactions.roundTrips,
    async commit(swaps, call) {
      const fault = pick('commit', swaps[0] ?? swaps)
      refuse(fault, call)
      if (fault === 'stale') {
        lose(call, fault)
        return fault
      }
      return unsure.run(fault, call, (running) => remembering(swaps, () => transactions.commit(swaps, running)))
    },
    async read(requests, call) {
      const fault = pick('read', requests[0] ?? requests)
      refuse(fault, call)
      if (fault !== 'stale') return transactions.read(requests, call)
      lose(call, fault)
      return fault
    },
  }
}
