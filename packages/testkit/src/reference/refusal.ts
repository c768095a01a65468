import type { ErrorCode, Path } from '@isomodel/core'

export interface RefusalPlace {
  /** Paths of which the error names one; none says nothing about the path. */
  readonly paths?: readonly Path[]
  /** Items of a transaction of which the error names one; none says nothing about the item. */
  readonly items?: readonly number[]
}

/** The reference refuses; every store must refuse with the same code, of the same place. */
export class ReferenceRefusal extends Error {
  readonly code: ErrorCode
  readonly paths: readonly Path[] | undefined
  readonly items: readonly number[] | undefined

  constructor(code: ErrorCode, { paths, items }: RefusalPlace = {}) {
    super(code)
    this.code = code
    this.paths = paths
    this.items = items
  }
}
