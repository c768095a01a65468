import { checkOptions } from '../repository/known-options.js'
import type { AssumedRows } from '../repository/types.js'
import { DEFAULT_PAGE, positive } from './arguments.js'

/** What an estimate is made from: as many rows as a page looks at, and their size; undefined where nothing was assumed. */
export function assumedRows(
  assumed: AssumedRows | undefined,
  limit: number | undefined,
): { readonly rows: number; readonly bytes: number } | undefined {
  if (assumed === undefined) return undefined
  checkOptions('query.explain', assumed)
  const { rows = Math.min(limit ?? DEFAULT_PAGE, DEFAULT_PAGE), itemBytes } = assumed
  return { rows: positive(rows, 'rows'), bytes: positive(itemBytes, 'itemBytes') }
}
