import type {
  GlobalSecondaryIndex,
  LocalSecondaryIndex,
  StreamSpecification,
  TableDescription,
} from '@aws-sdk/client-dynamodb'
import type { CheckProblem } from '@isomodel/core/driver'
import type { EntityLayout } from './layout.js'
import { PARTITION, SORT, TTL } from './names.js'

/** What the model needs of one table. */
export interface TableNeed {
  readonly table: string
  readonly entities: readonly string[]
  readonly global: readonly IndexNeed[]
  readonly local: readonly IndexNeed[]
  /** Whether an entity in it expires. */
  readonly expires: boolean
  /** Whether an entity in it is in the change feed. */
  readonly streams: boolean
}

export interface IndexNeed {
  readonly name: string
  readonly partition: string
  readonly sort: string
  /** `Order.byStatus`, of those that lie in it. */
  readonly usedBy: readonly string[]
}

/** The tables of a model, each with the indexes of all its entities. */
export function tableNeeds(layouts: Iterable<EntityLayout>): readonly TableNeed[] {
  return Array.from(
    Map.groupBy(layouts, (layout) => layout.table),
    ([table, each]) => ({
      table,
      entities: each.map(({ entity }) => entity.name),
      global: indexNeeds(each, 'global'),
      local: indexNeeds(each, 'local'),
      expires: each.some(({ ttl }) => ttl !== undefined),
      streams: each.some(({ entity }) => entity.changes),
    }),
  )
}

function indexNeeds(layouts: readonly EntityLayout[], scope: 'global' | 'local'): readonly IndexNeed[] {
  const uses = layouts.flatMap(({ entity, indexes }) =>
    indexes
      .filter(({ index }) => index.scope === scope)
      .map((layout) => ({ layout, use: `${entity.name}.${layout.index.name}` })),
  )
  return Array.from(
    Map.groupBy(uses, ({ layout }) => layout.name),
    ([name, each]) => ({
      name,
      partition: each[0]?.layout.partition ?? '',
      sort: each[0]?.layout.sort ?? '',
      usedBy: each.map(({ use }) => use),
    }),
  ).toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

export function keySchema(partition: string, sort: string): GlobalSecondaryIndex['KeySchema'] {
  return [
    { AttributeName: partition, KeyType: 'HASH' },
    { AttributeName: sort, KeyType: 'RANGE' },
  ]
}

export function indexDefinition({ name, partition, sort }: IndexNeed): GlobalSecondaryIndex & LocalSecondaryIndex {
  return { IndexName: name, KeySchema: keySchema(partition, sort), Projection: { ProjectionType: 'ALL' } }
}

/** A global index in reports. */
export function globalIndex(name: string, table: string): string {
  return `global index ${name} of table ${table}`
}

/** How a table as it is differs from what the model needs, its TTL setting apart. */
export function tableProblems(need: TableNeed, found: TableDescription): readonly CheckProblem[] {
  const problems: CheckProblem[] = []
  const types = new Map(found.AttributeDefinitions?.map(({ AttributeName: name, AttributeType: type }) => [name, type]))
  const shown = (schema: TableDescription['KeySchema']): string =>
    (schema ?? []).map(({ AttributeName: name, KeyType: kind }) => `${name} (${types.get(name)}, ${kind})`).join(', ')
  const wanted = (partition: string, sort: string): string => `${partition} (S, HASH), ${sort} (S, RANGE)`

  const keys = shown(found.KeySchema)
  if (keys !== wanted(PARTITION, SORT)) {
    problems.push({
      what: `key of table ${need.table}`,
      expected: wanted(PARTITION, SORT),
      found: keys,
      remedy: 'Name another table in the table option and run db.setup(): the key of a table cannot be changed.',
    })
  }
  const kinds = [
    { kind: 'global', needs: need.global, has: found.GlobalSecondaryIndexes ?? [] },
    { kind: 'local', needs: need.local, has: found.LocalSecondaryIndexes ?? [] },
  ] as const
  for (const { kind, needs, has } of kinds) {
    for (const index of needs) {
      const what =
        kind === 'global' ? globalIndex(index.name, need.table) : `local index ${index.name} of table ${need.table}`
      const there = has.find(({ IndexName: name }) => name === index.name)
      if (there === undefined) problems.push(missingIndex(kind, what, index))
      else if (shown(there.KeySchema) !== wanted(index.partition, index.sort)) {
        problems.push({
          what: `key of ${what}`,
          expected: wanted(index.partition, index.sort),
          found: shown(there.KeySchema),
          remedy: `Delete the index and run db.setup(), or use another table${kind === 'local' ? ' (a local index stays as it was created)' : ''}.`,
        })
      } else if (there.Projection?.ProjectionType !== 'ALL') {
        problems.push({
          what: `projection of ${what}`,
          expected: 'ALL',
          found: there.Projection?.ProjectionType ?? 'none',
          remedy: `Delete the index and run db.setup(), or use another table${kind === 'local' ? ' (a local index stays as it was created)' : ''}: queries read whole entities from it.`,
        })
      }
    }
  }
  return problems
}

function missingIndex(kind: 'global' | 'local', what: string, { usedBy }: IndexNeed): CheckProblem {
  return {
    what,
    expected: `there, for ${usedBy.join(', ')}`,
    found: 'missing',
    remedy:
      kind === 'global'
        ? 'Run db.setup(), which adds it; then db.fillIndexes() puts the entities from before into it.'
        : "Declare the index scope: 'global' and run db.setup(), or create a new table and copy the data: DynamoDB makes local indexes only together with their table.",
  }
}

/** What a table's stream holds of each write, for the change feed. */
export const STREAM: StreamSpecification = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' }

/** How a table's stream differs from what the change feed needs. */
export function streamProblem(
  { table, streams }: TableNeed,
  { StreamSpecification: found }: TableDescription,
): CheckProblem | undefined {
  const isOn = found?.StreamEnabled === true
  if (!streams || (isOn && found.StreamViewType === STREAM.StreamViewType)) return undefined
  return {
    what: `stream of table ${table}`,
    expected: 'NEW_AND_OLD_IMAGES, for the change feed',
    found: isOn ? String(found.StreamViewType) : 'none',
    remedy: isOn
      ? 'Turn it off when nobody reads it any more, and run db.setup(): what a stream holds cannot be changed.'
      : 'Run db.setup(), which turns it on.',
  }
}

/** The same for a table that is not there. */
export function missingTable({ table, entities }: TableNeed): CheckProblem {
  return {
    what: `table ${table}`,
    expected: `there, for ${entities.join(', ')}`,
    found: 'missing',
    remedy: 'Run db.setup(), which creates it; or correct the table option, the region or the endpoint.',
  }
}

export function disabledExpiry({ table }: TableNeed, found: string): CheckProblem {
  return {
    what: `time to live of table ${table}`,
    expected: `on attribute ${TTL}`,
    found,
    remedy:
      'Run db.setup(), which turns it on where it is off. Expired entities are gone for the library either way, but stay in the table and cost storage.',
  }
}
