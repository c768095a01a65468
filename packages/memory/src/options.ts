import { StoreError } from '@isomodel/core/driver'
import type { Snapshot } from './snapshot.js'

export interface MemoryOptions {
  /** What the store begins with: a `snapshot()` of another one. Default: nothing. */
  readonly snapshot?: Snapshot
}

/** @throws StoreError `VALIDATION` for options that do not exist, naming those that do. */
export function readOptions(options: MemoryOptions): MemoryOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalid('memory() takes no options, or an object: memory({ snapshot }).')
  }
  const unknown = Object.keys(options).find((name) => name !== 'snapshot')
  if (unknown !== undefined) {
    throw invalid(`memory() has no option ${JSON.stringify(unknown)}; there is snapshot.`)
  }
  return options
}

function invalid(message: string): StoreError {
  return new StoreError(message, { code: 'VALIDATION' })
}
