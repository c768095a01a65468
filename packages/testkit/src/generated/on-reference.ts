import { isTrue } from '../reference/condition.js'
import { type Fields, picked } from '../reference/kind.js'
import { type Reference, shown } from '../reference/reference.js'
import { ReferenceRefusal } from '../reference/refusal.js'
import type { Row } from '../reference/rows.js'
import type { Write } from '../reference/write.js'
import type { Step, StepRead, StepScan, StepWrite } from './step.js'

/** The step of a history that the reference and the stores answer alike; walks that go on later are judged apart. */
export type AnsweredStep = Exclude<Step, { readonly do: 'open' | 'next' | 'wait' }>

/** One result of a read, whatever kinds it is of. */
export interface ReadRow {
  readonly entity: string
  readonly item: Fields
}

/** What the reference gives for a step. Throws what it refuses. */
export function onReference(reference: Reference, step: AnsweredStep): unknown {
  switch (step.do) {
    case 'write': {
      const written = reference.write(numbered(reference, step.write))
      return step.return === 'none' ? undefined : written[step.return]
    }
    case 'mistake':
      throw new ReferenceRefusal('VALIDATION', { paths: [step.path], items: [0] })
    case 'get':
      return step.keys.map((key) => reference.get(step.kind, key))
    case 'putMany':
      return step.entities.map((entity) => reference.write({ do: 'put', kind: step.kind, entity, guard: {} }).new)
    case 'deleteMany':
      for (const key of step.keys) reference.write({ do: 'delete', kind: step.kind, key, guard: {} })
      return undefined
    case 'read':
      return taken(step, rowsOf(reference, step.read))
    case 'scan':
      return scanned(reference, step.scan, step.take)
    case 'transact': {
      const writes = step.writes.map((write) => numbered(reference, write))
      const given = reference.transact(writes, step.token)
      return step.again ? [given, reference.transact(writes, step.token)] : given
    }
    case 'transactGet':
      return step.reads.map(({ kind, key }) => reference.get(kind, key))
  }
}

const STALE = -1
const UNKNOWN = -2

/** The write with the revision that its guard means, as the reference counts them. */
function numbered(reference: Reference, write: StepWrite): Write {
  if (!('guard' in write)) return write
  const { revision, ...guard } = write.guard
  const key = 'key' in write ? write.key : write.entity
  const last = revision === 'last' ? reference.revisionOf(write.kind, key) : undefined
  const meant = revision === 'stale' ? STALE : (last ?? UNKNOWN)
  return { ...write, guard: revision === undefined ? guard : { ...guard, ifRevision: meant } } as Write
}

export function matching(reference: Reference, { accesses, reverse }: StepRead): readonly Row[] {
  return reference.read(
    accesses.map(({ kind, ...access }) => ({ kind: reference.kind(kind), ...access })),
    reverse,
  )
}

function rowsOf(reference: Reference, read: StepRead): readonly ReadRow[] {
  return matching(reference, read)
    .slice(0, read.limit)
    .map((row) => ({ entity: row.kind.name, item: shown(row) }))
}

type Taken = Pick<Extract<Step, { readonly do: 'read' }>, 'read' | 'take' | 'select'>

/** Results as a way to ask for them gives them. Those of several kinds come kind by kind, except on a walk. */
export function taken({ read, take, select }: Taken, rows: readonly ReadRow[]): unknown {
  const one = read.accesses.length === 1
  const items = rows.map(({ item }) => (select === undefined ? item : picked(item, select)))
  switch (take) {
    case 'count':
      return one ? rows.length : byKind(read, rows, (own) => own.length)
    case 'first':
      if (one) return items[0]
      return byKind(read, rows, (own) => own)
    case 'one':
      if (!one) return byKind(read, rows, (own) => own)
      if (items.length > 1) throw new ReferenceRefusal('NOT_UNIQUE')
      if (items.length === 0) throw new ReferenceRefusal('NOT_FOUND')
      return items[0]
    case 'all':
      return one ? items : byKind(read, rows, (own) => own)
    default:
      return one ? items : rows
  }
}

function byKind<T>({ accesses }: StepRead, rows: readonly ReadRow[], of: (items: readonly Fields[]) => T): unknown {
  return Object.fromEntries(
    accesses.map(({ kind }) => [kind, of(rows.filter(({ entity }) => entity === kind).map(({ item }) => item))]),
  )
}

function scanned(reference: Reference, { kind, where }: StepScan, take: 'all' | 'count' | number): unknown {
  const rows = reference.scan(kind).filter(({ fields }) => where === undefined || isTrue(where, fields))
  return take === 'count' ? rows.length : rows.map(shown)
}
