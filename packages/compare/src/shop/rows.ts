import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** An attribute of a sample row: plain strings and numbers, maps and lists. */
export type Attribute = string | number | boolean | null | Attribute[] | { [name: string]: Attribute }

/** A sample row as it is in the file, attribute types unwrapped. */
export interface Row {
  readonly [attribute: string]: Attribute
}

/** The sample rows of the shop: all of AnOnlineShop_14.json, and the payments, which only AnOnlineShop_facets.json has. */
export interface ShopRows {
  readonly rows: readonly Row[]
  readonly payments: readonly Row[]
}

/** Reads the sample rows. Knows the files' own format and nothing of isomodel: the comparison's truth comes from here. */
export function readShopRows(): ShopRows {
  const shop = tableIn('AnOnlineShop_14.json')
  const facets = tableIn('AnOnlineShop_facets.json')
  const payments = facets.TableFacets?.find((facet) => facet.FacetName === 'payment')
  if (shop.TableData === undefined || payments === undefined) throw new Error('The shop files lack their sample rows.')
  return { rows: shop.TableData.map(unwrapRow), payments: payments.TableData.map(unwrapRow) }
}

// By the package's own name, since sources and built files lie at different depths.
const packageFolder = dirname(createRequire(import.meta.url).resolve('@isomodel/compare/package.json'))

interface WorkbenchTable {
  readonly TableData?: readonly WrappedRow[]
  readonly TableFacets?: readonly { readonly FacetName: string; readonly TableData: readonly WrappedRow[] }[]
}

interface WrappedRow {
  readonly [attribute: string]: Wrapped
}

type Wrapped =
  | { readonly S: string }
  | { readonly N: string | number }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: WrappedRow }
  | { readonly L: readonly Wrapped[] }

function tableIn(file: string): WorkbenchTable {
  const text = readFileSync(join(packageFolder, 'data', file), 'utf8')
  const { DataModel } = JSON.parse(text) as { readonly DataModel: readonly [WorkbenchTable] }
  return DataModel[0]
}

function unwrapRow(row: WrappedRow): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, unwrap(value)]))
}

function unwrap(value: Wrapped): Attribute {
  if ('S' in value) return value.S
  if ('N' in value) return Number(value.N)
  if ('BOOL' in value) return value.BOOL
  if ('NULL' in value) return null
  if ('L' in value) return value.L.map(unwrap)
  return Object.fromEntries(Object.entries(value.M).map(([name, inner]) => [name, unwrap(inner)]))
}
