import { type Capability, type ChangeKind, defineEntity, type ReadChangesOptions } from '@isomodel/core'
import { z } from 'zod'
import { ConformanceError } from '../check.js'

/** Two kinds in one partition, with what a write takes along. */
export const Watched = defineEntity({
  name: 'P15Watched',
  schema: z.object({
    group: z.string(),
    id: z.int(),
    n: z.int(),
    note: z.string().optional(),
    tags: z.set(z.string()).optional(),
    big: z.bigint().optional(),
    bytes: z.instanceof(Uint8Array).optional(),
    at: z.date().optional(),
    'a.b': z.record(z.string(), z.array(z.number().nullable())).optional(),
    until: z.date().optional(),
  }),
  key: { partition: ['group'], sort: ['id'], partitionName: 'P15' },
  indexes: { byNote: { partition: ['group', 'note'], sort: ['n'] } },
  ttl: 'until',
  changes: true,
})
export const Beside = defineEntity({
  name: 'P15Beside',
  schema: z.object({ group: z.string(), id: z.string(), n: z.int() }),
  key: { partition: ['group'], sort: ['id'], partitionName: 'P15' },
  revision: true,
  changes: true,
})
/** In the same partition, and in no feed. */
export const Silent = defineEntity({
  name: 'P15Silent',
  schema: z.object({ group: z.string(), id: z.int() }),
  key: { partition: ['group'], sort: ['id'], partitionName: 'P15' },
})

/** With a unique value, whose writes are transactions. */
export const Owned = defineEntity({
  name: 'P15Owned',
  schema: z.object({ group: z.string(), id: z.int(), n: z.int(), email: z.string().optional() }),
  key: { partition: ['group'], sort: ['id'], partitionName: 'P15' },
  uniques: { byEmail: ['email'] },
  changes: true,
})

/** What each case of the feed is about. */
export const FEED: readonly Capability[] = ['changes:exact']

export const entities = { Watched, Beside, Silent }
export const owned = { ...entities, Owned }

interface AnyChange {
  readonly entity: string
  readonly kind: ChangeKind
  readonly key: { readonly group: string; readonly id: unknown }
  readonly old: { readonly n: number } | undefined
  readonly new: { readonly n: number } | undefined
}

interface Feed<Change extends AnyChange> {
  read(options: ReadChangesOptions): Promise<{ readonly changes: readonly Change[] }>
}

/** Changes of one group, as many as are awaited; fails where they do not come, or more do. */
export async function changesOf<Change extends AnyChange>(
  feed: Feed<Change>,
  group: string,
  count: number,
): Promise<Change[]> {
  const found: Change[] = []
  for (const until = Date.now() + 20_000; found.length < count; ) {
    const { changes } = await feed.read({ wait: 1_000 })
    found.push(...changes.filter(({ key }) => key.group === group))
    if (Date.now() > until) break
  }
  if (found.length === count) return found
  throw new ConformanceError(
    `${found.length} changes came, and ${count} should: ${found.map(({ entity, kind }) => `${kind} ${entity}`).join(', ')}`,
    { actual: found },
  )
}

/** A change in short: what became of which entity, and its counter before and after. */
export function brief({ entity, kind, key, old, new: left }: AnyChange): unknown[] {
  return [entity, kind, key.id, old?.n, left?.n]
}
