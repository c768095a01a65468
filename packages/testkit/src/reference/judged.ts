import type { Change, Path } from '@isomodel/core'
import { changed, type NumberRange } from './changes.js'
import { isTrue } from './condition.js'
import { type Fields, keyNames, keyOf, type ReferenceKind } from './kind.js'
import { equal } from './order.js'
import { ReferenceRefusal } from './refusal.js'
import type { Row } from './rows.js'
import type { ReferenceGuard, Write } from './write.js'

/** What a write would leave of an entity: its fields, nothing, or what is there as it is. */
export type Left = Fields | 'nothing' | 'as it is'

/** What can be seen of a write without the store. Throws what speaks against it. */
export function refuseUnseen(kind: ReferenceKind, write: Write, now: number): void {
  if (write.do !== 'update') return
  const touched = write.changes.find(({ path }) => keyNames(kind).includes(String(path[0])))
  if (touched !== undefined) throw new ReferenceRefusal('VALIDATION', { paths: [touched.path] })
  const met = overlap(write.changes)
  if (met !== undefined) throw new ReferenceRefusal('VALIDATION', { paths: [met] })
  if (write.orCreate) createdBy(kind, write.key, write.changes, now)
}

/** What a write leaves of the live entity that it finds. Throws what speaks against it, in the contract's order. */
export function leftBy(kind: ReferenceKind, write: Write, live: Row | undefined, now: number): Left {
  switch (write.do) {
    case 'create':
      if (live !== undefined) throw new ReferenceRefusal('ALREADY_EXISTS')
      return fresh(kind, write.entity, now)
    case 'put':
      if (isGuarded(write.guard)) judge(write.guard, live)
      return fresh(kind, write.entity, now)
    case 'upsert':
      if (live !== undefined || write.guard.ifRevision !== undefined) judge(write.guard, live)
      return live === undefined
        ? fresh(kind, write.entity, now)
        : { ...live.fields, ...write.entity, ...stampOf(kind, now) }
    case 'update': {
      if (live === undefined && write.orCreate && write.guard.ifRevision === undefined)
        return createdBy(kind, write.key, write.changes, now)
      return updated(kind, judge(write.guard, live).fields, write.changes, now)
    }
    case 'delete':
      if (isGuarded(write.guard)) judge(write.guard, live)
      return 'nothing'
    case 'check':
      judge(write.guard, live)
      return 'as it is'
    case 'checkAbsent':
      if (live !== undefined) throw new ReferenceRefusal('ALREADY_EXISTS')
      return 'as it is'
  }
}

const isGuarded = (guard: ReferenceGuard): boolean => guard.if !== undefined || guard.ifRevision !== undefined

/** In this order: absent, revision, condition. */
function judge(guard: ReferenceGuard, live: Row | undefined): Row {
  if (live === undefined) throw new ReferenceRefusal('NOT_FOUND')
  if (guard.ifRevision !== undefined && guard.ifRevision !== live.revision)
    throw new ReferenceRefusal('REVISION_MISMATCH')
  if (guard.if !== undefined && !isTrue(guard.if, live.fields)) throw new ReferenceRefusal('CONDITION_FAILED')
  return live
}

const stampOf = ({ timestamps }: ReferenceKind, now: number): Fields =>
  timestamps === undefined ? {} : { updatedAt: new Date(now) }

function fresh(kind: ReferenceKind, entity: Fields, now: number): Fields {
  const created = kind.timestamps === undefined ? {} : { createdAt: new Date(now) }
  return { ...structuredClone(kind.defaults), ...created, ...entity, ...stampOf(kind, now) }
}

const rangeIn =
  ({ rangeOf }: ReferenceKind) =>
  (path: Path): NumberRange =>
    rangeOf?.(path) ?? { kind: 'double' }

/** A new entity of a key, defaults and changes; what does not fit can be seen without the old one. */
function createdBy(kind: ReferenceKind, key: Fields, changes: readonly Change[], now: number): Fields {
  const next = changed({ ...structuredClone(kind.defaults), ...keyOf(kind, key) }, changes, rangeIn(kind))
  if ('fault' in next) throw new ReferenceRefusal('VALIDATION', { paths: [next.path] })
  const entity = next.entity as Fields
  const missing = (kind.required ?? []).filter((name) => entity[name] === undefined).map((name) => [name])
  const wrong = [...missing, ...(kind.misfits?.(entity) ?? [])]
  if (wrong.length > 0) throw new ReferenceRefusal('VALIDATION', { paths: wrong })
  return fresh(kind, entity, now)
}

function updated(kind: ReferenceKind, old: Fields, changes: readonly Change[], now: number): Fields {
  const next = changed(old, changes, rangeIn(kind))
  if ('fault' in next) throw new ReferenceRefusal(next.fault, { paths: [next.path] })
  const entity = next.entity as Fields
  const wrong = kind.misfits?.(entity) ?? []
  if (wrong.length > 0) throw new ReferenceRefusal('INVALID_VALUE', { paths: wrong })
  return { ...entity, ...stampOf(kind, now) }
}

/** The path of the first change that leads to, or through, that of one before it. */
function overlap(changes: readonly Change[]): Path | undefined {
  for (const [at, one] of changes.entries()) {
    for (const other of changes.slice(at + 1)) {
      const shorter = Math.min(one.path.length, other.path.length)
      if (equal(one.path.slice(0, shorter), other.path.slice(0, shorter))) return other.path
    }
  }
  return undefined
}
