import { StoreError } from '../errors/store-error.js'
import type { EntityModel } from '../model/model.js'
import { checkOptions } from '../repository/known-options.js'
import type { ScanOptions } from '../repository/types.js'
import { positive } from './arguments.js'

/** What a scan may do, on a store that divides it into so many segments; refuses one that was not allowed. */
export function scanOptions(
  model: EntityModel,
  options: ScanOptions | undefined,
  most: number,
): { readonly budget: number; readonly segments: number } {
  checkOptions('scan', options)
  if (options?.allowScan !== true) {
    throw new StoreError(
      `A scan reads every ${model.name} there is. Query by the key or declare an index for what you ask; or allow it, as in scan({ allowScan: true, budget: 10_000 }).`,
      { code: 'SCAN_NOT_ALLOWED' },
    )
  }
  return {
    segments: Math.min(positive(options.segments ?? 1, 'segments'), most),
    budget: options.budget === undefined ? Number.POSITIVE_INFINITY : positive(options.budget, 'budget'),
  }
}
