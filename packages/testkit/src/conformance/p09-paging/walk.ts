import type { Page } from '@isomodel/core'

/** A query as far as paging goes. */
export interface Pageable<R> {
  page(options: { readonly size: number; readonly cursor: string | undefined }): Promise<Page<R>>
}

/** Every page of a query, in order; `between` runs after each. */
export async function pagesOf<R>(
  query: Pageable<R>,
  size: number,
  between?: (page: R[], at: number) => Promise<void>,
): Promise<R[][]> {
  const pages: R[][] = []
  let cursor: string | undefined
  do {
    const page: Page<R> = await query.page({ size, cursor })
    pages.push(page.items)
    cursor = page.cursor
    await between?.(page.items, pages.length - 1)
  } while (cursor !== undefined)
  return pages
}
