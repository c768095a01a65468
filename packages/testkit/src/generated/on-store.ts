import type { AnyEntity, Change, ConditionArgument, Db, Query, Repository, Scan } from '@isomodel/core'
import type { Fields } from '../reference/kind.js'
import type { entities } from './kinds.js'
import type { AnsweredStep, ReadRow } from './on-reference.js'
import type { StepRead, StepWrite } from './step.js'

/** What histories are played on. They are data, which fits the schema by how it is generated, or is meant not to. Transactions are among them where the store has them. */
export type GeneratedDb = Db<typeof entities, unknown, 'transact:store'>

type Loose = Repository<AnyEntity>

/** The text of the revision that a guard means: of an entity that is there, of another, or of none. */
export type RevisionText = (write: StepWrite) => string | undefined

/** What a store gives for a step. Rejects with what it refuses. */
export async function onStore(db: GeneratedDb, step: AnsweredStep, revision: RevisionText): Promise<unknown> {
  switch (step.do) {
    case 'write':
      return written(db, step.write, { return: step.return }, revision)
    case 'mistake':
      return mistaken(db, step, revision)
    case 'get': {
      const [only] = step.keys
      if (step.keys.length === 1) return [await at(db, step.kind).get(only as never)]
      return at(db, step.kind).getMany(step.keys as never)
    }
    case 'putMany':
      return at(db, step.kind).putMany(step.entities as never)
    case 'deleteMany':
      return at(db, step.kind).deleteMany(step.keys as never)
    case 'read':
      return read(db, step)
    case 'scan':
      return scan(db, step)
    case 'transact': {
      const options = step.token === undefined ? {} : { token: step.token }
      const texts = new Map(step.writes.map((write) => [write, revision(write)]))
      const send = (): Promise<unknown> =>
        db.transact((t) => step.writes.map((write) => itemOf(t, write, (of) => texts.get(of))), options)
      const given = await send()
      return step.again ? [given, await send()] : given
    }
    case 'transactGet':
      return db.transactGet((t) =>
        step.reads.map(({ kind, key }) => (t[kind as keyof typeof t] as { get(key: Fields): object }).get(key)),
      )
  }
}

export const at = (db: GeneratedDb, kind: string): Loose => db[kind as 'GenNote'] as unknown as Loose

function guardOf(write: StepWrite, revision: RevisionText): object {
  if (!('guard' in write)) return {}
  const { revision: meant, ...guard } = write.guard
  return meant === undefined ? guard : { ...guard, ifRevision: revision(write) ?? 'never-made' }
}

function written(db: GeneratedDb, write: StepWrite, options: object, revision: RevisionText): Promise<unknown> {
  const repository = at(db, write.kind)
  const given = { ...options, ...guardOf(write, revision) }
  switch (write.do) {
    case 'create':
    case 'put':
    case 'upsert':
      return repository[write.do](write.entity as never, given)
    case 'update':
      return repository.update(write.key as never, (): readonly Change[] => write.changes, {
        ...given,
        orCreate: write.orCreate,
      })
    case 'delete':
      return repository.delete(write.key as never, given)
    default:
      throw new TypeError(`${write.do} is for transactions alone.`)
  }
}

type Items = { readonly [D in StepWrite['do']]: (argument: Fields, ...rest: unknown[]) => object }

function itemOf(t: object, write: StepWrite, revision: RevisionText): object {
  const items = (t as { readonly [kind: string]: Items })[write.kind] as Items
  const guard = guardOf(write, revision)
  switch (write.do) {
    case 'create':
      return items.create(write.entity)
    case 'put':
    case 'upsert':
      return items[write.do](write.entity, guard)
    case 'update':
      return items.update(write.key, () => write.changes, { ...guard, orCreate: write.orCreate })
    case 'checkAbsent':
      return items.checkAbsent(write.key)
    default:
      return items[write.do](write.key, guard)
  }
}

function mistaken(
  db: GeneratedDb,
  { write, as }: Extract<AnsweredStep, { readonly do: 'mistake' }>,
  revision: RevisionText,
): Promise<unknown> {
  if (as === 'transaction') return db.transact((t) => [itemOf(t, write, revision)])
  if (as === 'batch' && 'entity' in write) return at(db, write.kind).putMany([write.entity as never])
  return written(db, write, {}, revision)
}

/** A query where one kind is asked for, a collection where several are. */
export function asked(db: GeneratedDb, { accesses, reverse, limit }: StepRead): Asked {
  const [{ kind, index, partition, where }] = accesses
  if (accesses.length > 1) {
    const names = accesses.map((access) => access.kind)
    const all = db.collection(
      ...((index === undefined ? [names, partition] : [names, index, partition]) as [never, never]),
    )
    let collection = all as unknown as AskedCollection
    for (const access of accesses)
      if (access.where !== undefined) collection = collection.where(access.kind, access.where)
    if (reverse) collection = collection.reverse()
    return limit === undefined ? collection : collection.limit(limit)
  }
  const repository = at(db, kind)
  let query = (index === undefined
    ? repository.query(partition as never)
    : repository.query(index as never, partition as never)) as unknown as AskedQuery
  if (where !== undefined) query = query.where(where as ConditionArgument<AnyEntity>)
  if (reverse) query = query.reverse()
  return limit === undefined ? query : query.limit(limit)
}

type AskedQuery = Query<AnyEntity, Fields>
interface AskedCollection extends AsyncIterable<ReadRow> {
  where(kind: string, condition: unknown): AskedCollection
  reverse(): AskedCollection
  limit(n: number): AskedCollection
  all(): Promise<unknown>
  count(): Promise<unknown>
  page(
    options: object,
  ): Promise<{ readonly items: { readonly [kind: string]: readonly Fields[] }; readonly cursor: string | undefined }>
}
type Asked = AskedQuery | AskedCollection

async function read(
  db: GeneratedDb,
  { read: of, take, select }: Extract<AnsweredStep, { readonly do: 'read' }>,
): Promise<unknown> {
  const whole = asked(db, of)
  const one = 'select' in whole
  const query = one && select !== undefined ? whole.select(...(select as readonly [never])) : whole
  if (take === 'count') return query.count()
  if (take === 'walk') {
    const found: unknown[] = []
    for await (const result of query) found.push(result)
    return found
  }
  if (typeof take === 'number') {
    const rows: ReadRow[] = []
    let cursor: string | undefined
    do {
      const page = await pageOf(query, of, { size: take, cursor })
      rows.push(...page.rows)
      cursor = page.cursor
    } while (cursor !== undefined)
    return one ? rows.map(({ item }) => item) : rows
  }
  if ('first' in query && take === 'first') return query.first()
  if ('one' in query && take === 'one') return query.one()
  return query.all()
}

/** A page as rows in the order of the read. */
export async function pageOf(
  query: Asked,
  { accesses, reverse }: StepRead,
  options: { readonly size: number; readonly cursor: string | undefined },
): Promise<{ readonly rows: readonly ReadRow[]; readonly cursor: string | undefined }> {
  const { items, cursor } = await query.page(options)
  const kinds = accesses.map(({ kind }) => kind).toSorted()
  const groups = items as { readonly [kind: string]: readonly Fields[] }
  const rows = (reverse ? kinds.toReversed() : kinds).flatMap((entity) =>
    (accesses.length === 1 ? (items as readonly Fields[]) : (groups[entity] ?? [])).map((item) => ({ entity, item })),
  )
  return { rows, cursor }
}

async function scan(
  db: GeneratedDb,
  { scan: { kind, where, segments, budget }, take }: Extract<AnsweredStep, { readonly do: 'scan' }>,
): Promise<unknown> {
  const all = at(db, kind)
    .scan({ allowScan: true, segments, ...(budget === undefined ? {} : { budget }) })
    .consistency('strong') as unknown as Scan<AnyEntity, Fields>
  const fitting = where === undefined ? all : all.where(where as ConditionArgument<AnyEntity>)
  if (take === 'count') return fitting.count()
  if (take === 'all') return fitting.all()
  const items: Fields[] = []
  let cursor: string | undefined
  do {
    const page = await fitting.page({ size: take, cursor })
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return items
}
