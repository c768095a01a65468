import type { Condition, ConditionOperators, OrderedField, Page } from '@isomodel/core'
import type { Shelf } from './shelf.js'

/** The part of a query that a shelf needs, whatever its entity. */
export interface Walk<O> {
  where(condition: ((o: never, operators: ConditionOperators) => Condition) | Condition): Walk<O>
  reverse(): Walk<O>
  all(): Promise<O[]>
  page(options: { readonly size: number; readonly cursor: string | undefined }): Promise<Page<O>>
}

/** A shelf over a query, whose values are one field of its entities. */
export function shelfOf<O extends { readonly [P in F]?: unknown }, F extends string, V extends NonNullable<O[F]>>(
  query: Walk<O>,
  field: F,
  put: (values: readonly V[]) => Promise<unknown>,
): Shelf<V> {
  const valuesOf = (found: readonly O[]): V[] => found.map((one) => one[field] as V)
  const directed = (reverse: boolean): Walk<O> => (reverse ? query.reverse() : query)
  return {
    put,
    all: async (reverse) => valuesOf(await directed(reverse).all()),
    where: async (condition, reverse = false) => {
      const bound = (o: { readonly [P in F]: OrderedField<V> }, operators: ConditionOperators): Condition =>
        condition(o[field], operators)
      return valuesOf(await directed(reverse).where(bound).all())
    },
    pages: async (size, reverse) => {
      const pages: V[][] = []
      let cursor: string | undefined
      do {
        const page: Page<O> = await directed(reverse).page({ size, cursor })
        pages.push(valuesOf(page.items))
        cursor = page.cursor
      } while (cursor !== undefined)
      return pages
    },
  }
}
