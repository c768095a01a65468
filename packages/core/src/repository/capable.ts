import type { Adapter, Capability, Claims, Driver } from '../driver/contract.js'
import { StoreError, UnsupportedError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { shown } from '../model/refusals.js'
import type { Capable, StoreLimits } from './capability-types.js'
import type { Entities } from './types.js'

/** `db.capabilities`, `db.limits` and `db.supports` of one connection. */
export function capable(
  { capabilities }: Adapter,
  { limits, transactions, scans }: Driver,
): Record<keyof Capable<Entities, unknown, never>, unknown> {
  const claims: Claims = Object.freeze({ ...capabilities })
  return {
    capabilities: claims,
    limits: Object.freeze({
      ...limits,
      transactionItems: 'missing' in transactions ? 0 : transactions.items,
      scanSegments: scans.segments,
    } satisfies StoreLimits),
    supports: (capability: Capability) => {
      if (Object.hasOwn(claims, capability)) return claims[capability]
      throw new StoreError(`${shown(capability)} is no capability; there are ${Object.keys(claims).join(', ')}.`, {
        code: 'VALIDATION',
      })
    },
  }
}

/** @throws StoreError `UNSUPPORTED` where the server offers less than the adapter claims, or than the entities need. */
export function requireClaims(
  { store, capabilities }: Adapter,
  { transactions, changes }: Driver,
  models: readonly EntityModel[],
): void {
  const refuse = (problem: string, { missing }: { readonly missing: string }): never => {
    throw new UnsupportedError(`${problem}: ${missing}.`, { store, operation: 'connect' })
  }
  if ('missing' in transactions) {
    if (capabilities['transact:store'])
      refuse("'transact:store' is claimed, and this server has no transactions", transactions)
    const unique = models.find(({ uniques }) => uniques.length > 0)
    if (unique !== undefined)
      refuse(`${unique.name} has uniques, which need transactions ('transact:store')`, transactions)
  }
  if ('missing' in changes && capabilities['changes:exact']) {
    refuse("'changes:exact' is claimed, and this server has no exact changes", changes)
  }
}
