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
    segments: scanSegments(options.segments, most),
    budget: options.budget === undefined ? Number.POSITIVE_INFINITY : positive(options.budget, 'budget'),
  }
}

/** So many segments as were asked for, as far as the store can divide what it has. */
export function scanSegments(asked: number | undefined, most: number): number {
  return Math.min(positive(asked ?? 1, 'segments'), most)
}
