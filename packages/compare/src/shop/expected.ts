import type { Row, ShopRows } from './rows.js'

/** The names of the sixteen access patterns, as the shop's authors document them. */
export const patternNames = [
  'customer by customerId',
  'product by productId',
  'warehouse by warehouseId',
  "a product's inventory in all warehouses",
  'order, all details',
  'all products of an order',
  'invoice of an order',
  'all shipments of an order',
  'orders of a product in a date range',
  'invoice by invoiceId',
  'payments of an invoice',
  'shipment by shipmentId',
  'shipments of a warehouse',
  'inventory of a warehouse',
  'invoices of a customer in a date range',
  'products ordered by a customer in a date range',
] as const

export type PatternName = (typeof patternNames)[number]

/** What a pattern is asked: an id, and dates where it has a range. */
export interface PatternArguments {
  readonly id: string
  readonly from?: string
  readonly to?: string
}

/** One documented question and the rows that the file itself answers it with, in the order of its sort key. */
export interface Expected {
  readonly pattern: PatternName
  readonly arguments: PatternArguments
  readonly rows: readonly Row[]
}

/** Where the file says two things. The comparison shows it; it is no difference between stores. */
export interface Finding {
  readonly pattern: PatternName
  readonly says: string
}

interface KeyCondition {
  readonly partition: string
  readonly sort: string
  readonly fits: (sort: string, asked: PatternArguments) => boolean
  /** Rows of these types are what the pattern asks for, where its range holds others too. */
  readonly types?: readonly string[]
  /** Which ids the pattern is asked with: those of rows whose partition attribute begins so. */
  readonly ids: string
}

const same = (sort: string, { id }: PatternArguments): boolean => sort === id
const begins =
  (prefix: string) =>
  (sort: string): boolean =>
    sort.startsWith(prefix)
const any = (): boolean => true
const dated = (sort: string, { from = '', to = '' }: PatternArguments): boolean => sort >= from && sort <= to

/** The documented key conditions. `payments` is the facets file's: there payments are rows under their invoice. */
const conditions: { readonly [P in PatternName]: KeyCondition } = {
  'customer by customerId': { partition: 'PK', sort: 'SK', fits: same, ids: 'c#' },
  'product by productId': { partition: 'PK', sort: 'SK', fits: same, ids: 'p#' },
  'warehouse by warehouseId': { partition: 'PK', sort: 'SK', fits: same, ids: 'w#' },
  "a product's inventory in all warehouses": { partition: 'PK', sort: 'SK', fits: begins('w#'), ids: 'p#' },
  'order, all details': { partition: 'PK', sort: 'SK', fits: any, ids: 'o#' },
  'all products of an order': { partition: 'PK', sort: 'SK', fits: begins('p#'), ids: 'o#' },
  'invoice of an order': { partition: 'PK', sort: 'SK', fits: begins('i#'), ids: 'o#' },
  'all shipments of an order': { partition: 'PK', sort: 'SK', fits: begins('sh#'), ids: 'o#' },
  'orders of a product in a date range': { partition: 'GSI1-PK', sort: 'GSI1-SK', fits: dated, ids: 'p#' },
  'invoice by invoiceId': { partition: 'GSI1-PK', sort: 'GSI1-SK', fits: same, ids: 'i#' },
  'payments of an invoice': { partition: 'GSI1-PK', sort: 'GSI1-SK', fits: begins('pmn#'), ids: 'i#' },
  'shipment by shipmentId': { partition: 'GSI1-PK', sort: 'GSI1-SK', fits: any, ids: 'sh#' },
  'shipments of a warehouse': { partition: 'GSI2-PK', sort: 'GSI2-SK', fits: begins('sh#'), ids: 'w#' },
  'inventory of a warehouse': { partition: 'GSI2-PK', sort: 'GSI2-SK', fits: begins('p#'), ids: 'w#' },
  'invoices of a customer in a date range': {
    partition: 'GSI2-PK',
    sort: 'GSI2-SK',
    fits: dated,
    types: ['invoice'],
    ids: 'c#',
  },
  'products ordered by a customer in a date range': {
    partition: 'GSI2-PK',
    sort: 'GSI2-SK',
    fits: dated,
    types: ['orderItem'],
    ids: 'c#',
  },
}

/** Date ranges that cut: one that holds everything, one that begins behind the first rows, one with nothing. */
const ranges: readonly (readonly [string, string])[] = [
  ['2020-06-21T00:00:00', '2020-06-21T23:59:59'],
  ['2020-06-21T19:19:00', '2020-06-21T23:59:59'],
  ['2021-01-01T00:00:00', '2021-12-31T23:59:59'],
]

/**
 * Every pattern, asked with every id that the file has for it (and one that it has not), answered by the documented key
 * condition over the file's rows. Uses nothing of isomodel.
 */
export function expectedAnswers(shop: ShopRows): readonly Expected[] {
  const rows = completeRows(shop)
  return patternNames.flatMap((pattern) => {
    const condition = conditions[pattern]
    const ids = [...new Set(rows.map((row) => String(row[condition.partition] ?? '')))].filter((id) =>
      id.startsWith(condition.ids),
    )
    return [...ids, `${condition.ids}absent`].flatMap((id) =>
      argumentsOf(condition, id).map((asked) => ({ pattern, arguments: asked, rows: answer(rows, condition, asked) })),
    )
  })
}

/** Where the file contradicts itself, each found in the rows, not assumed. */
export function findings(shop: ShopRows): readonly Finding[] {
  const found: Finding[] = withoutIndexKeys(shop.rows).map((row) => ({
    pattern: 'inventory of a warehouse',
    says: `${String(row.PK)} / ${String(row.SK)} is a warehouse item like the others, but lacks their GSI2 keys: by the file's own GSI2 the inventory of ${String(row.SK)} misses it. The comparison expects it.`,
  }))
  for (const pattern of [
    'invoices of a customer in a date range',
    'products ordered by a customer in a date range',
  ] as const) {
    const condition = conditions[pattern]
    const others = shop.rows.filter(
      (row) => String(row['GSI2-PK'] ?? '').startsWith('c#') && !condition.types?.includes(String(row.EntityType)),
    )
    if (others.length === 0) continue
    found.push({
      pattern,
      says: `the documented condition (GSI2: PK = c, SK between dates) also gives ${others.length} row(s) of type ${[...new Set(others.map((row) => String(row.EntityType)))].join(', ')}: order items and invoices of a customer share one range. The comparison expects only what the pattern is named after.`,
    })
  }
  const embedded = shop.rows.filter((row) => row.EntityType === 'invoice')
  if (embedded.length > 0 && shop.payments.length > 0) {
    found.push({
      pattern: 'payments of an invoice',
      says: 'the documented condition (GSI1: PK = i, SK = i) gives the invoice, with its payments inside it in AnOnlineShop_14.json; in AnOnlineShop_facets.json payments are rows of their own under GSI1: PK = i, SK begins_with pmn#. The comparison expects those rows.',
    })
  }
  return found
}

/** All rows; those that lack the index keys that their like have get them, so that each pattern can be answered. */
function completeRows({ rows, payments }: ShopRows): readonly Row[] {
  const incomplete = new Set(withoutIndexKeys(rows))
  const completed = rows.map((row) =>
    incomplete.has(row) ? { ...row, 'GSI2-PK': row.SK ?? null, 'GSI2-SK': row.PK ?? null } : row,
  )
  return [...completed, ...payments]
}

function withoutIndexKeys(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row.EntityType === 'warehouseItem' && row['GSI2-PK'] === undefined)
}

function argumentsOf({ fits }: KeyCondition, id: string): readonly PatternArguments[] {
  return fits === dated ? ranges.map(([from, to]) => ({ id, from, to })) : [{ id }]
}

function answer(rows: readonly Row[], condition: KeyCondition, asked: PatternArguments): readonly Row[] {
  const sortOf = (row: Row): string => String(row[condition.sort])
  return rows
    .filter((row) => row[condition.partition] === asked.id && condition.fits(sortOf(row), asked))
    .filter((row) => condition.types?.includes(String(row.EntityType)) ?? true)
    .sort((a, b) => (sortOf(a) < sortOf(b) ? -1 : sortOf(a) > sortOf(b) ? 1 : 0))
}
