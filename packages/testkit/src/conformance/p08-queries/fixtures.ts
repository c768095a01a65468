import type { Query } from '@isomodel/core'

/** The ids that a query finds, in its order. */
export async function idsOf(query: Pick<Query<never, { readonly id: number }>, 'all'>): Promise<number[]> {
  return (await query.all()).map(({ id }) => id)
}
