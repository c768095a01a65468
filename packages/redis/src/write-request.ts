import type { EntityModel, UpdateOp, Values, WriteOp } from '@isomodel/core/driver'
import type { Access } from './access.js'
import { FEED, INDEX, TOKEN } from './codec.js'
import type { Entities } from './entities.js'
import { indexId, indexMembers, memberRecipe, type Place } from './keys.js'
import { addFields } from './planner.js'
import type { ScriptCall } from './request.js'
import { deleteScript, putScript, updateScript } from './scripts.js'
import { frame, toBytes, type Wire } from './wire.js'

/** What travels along with a write: expired entities of its bucket to remove, and index sets beside the entity's own. */
export interface Beside {
  readonly expired: readonly Wire[]
  readonly indexIds: Iterable<string>
}

/** The script call that does a write: see scripts/parts/entity.lua for what it takes. */
export function writeCall(
  op: WriteOp,
  place: Place,
  { keys, entities, keepChanges }: Access,
  beside: Beside,
): ScriptCall {
  const { entity, guard } = op
  const { codec, indexIds } = entities.of(entity)
  const { bucket, member } = place
  const ids = [...new Set([...(leavesIndexes(op) ? [] : indexIds), ...beside.indexIds])]
  const common = [
    member,
    op.token,
    String(op.now),
    guard.exists,
    // A revision comes from outside, and may be any text, the empty one too.
    guard.token === undefined ? '' : `=${toBytes(guard.token)}`,
    guard.condition === undefined ? '' : codec.condition(guard.condition),
    returning(op),
    entity.ttl === undefined ? '' : codec.nameOf(entity.ttl),
    frame(ids),
    frame(beside.expired),
    frame(fieldsSeen(op).map(codec.nameOf)),
    entity.changes ? String(keepChanges) : '',
  ]
  return {
    ...scriptOf(op, common, entities),
    keys: [
      keys.entity(bucket, member),
      keys.all(bucket),
      keys.expiry(bucket),
      keys.feed(bucket),
      ...ids.map((id) => keys.index(bucket, id)),
      ...beside.expired.map((expired) => keys.entity(bucket, expired)),
    ],
  }
}

function scriptOf(op: WriteOp, common: readonly Wire[], entities: Entities): Omit<ScriptCall, 'keys'> {
  switch (op.kind) {
    case 'put':
      return { script: putScript, args: [...common, ...wholeEntity(op, op.values, entities)] }
    case 'delete':
      return { script: deleteScript, args: common }
    case 'update': {
      const { codec } = entities.of(op.entity)
      return {
        script: updateScript,
        args: [
          ...common,
          frame(op.changes.map(codec.change)),
          frame(
            touchedIndexes(op).map((index) =>
              frame([indexId(index), ...memberRecipe(op.entity, index, op.key, codec.nameOf)]),
            ),
          ),
          ...(op.orCreate === undefined ? [] : wholeEntity(op, op.orCreate, entities)),
        ],
      }
    }
  }
}

/** When it expires, its index members, its hash. */
function wholeEntity({ entity, token }: WriteOp, values: Values, entities: Entities): Wire[] {
  const ttl = entity.ttl === undefined ? undefined : values[entity.ttl]
  const members = indexMembers(entity, values)
  const framed = frame(members)
  return [
    ttl instanceof Date ? String(ttl.getTime()) : '',
    framed,
    TOKEN,
    token,
    ...(members.length === 0 ? [] : [INDEX, framed]),
    ...(entity.changes ? [FEED, '1'] : []),
    ...entities.of(entity).codec.encode(values),
  ]
}

/** A put knows what it leaves, so the script need not say it. */
function returning(op: WriteOp): WriteOp['returning'] {
  return op.kind === 'put' && op.returning === 'new' ? 'none' : op.returning
}

/** The fields that the script must see to judge and to change. */
function fieldsSeen(op: WriteOp): string[] {
  const fields = new Set<string>()
  if (op.guard.condition !== undefined) addFields(op.guard.condition, fields)
  if (op.kind === 'update') {
    for (const change of op.changes) if (typeof change.path[0] === 'string') fields.add(change.path[0])
    for (const index of touchedIndexes(op)) for (const { name } of [...index.partition, ...index.sort]) fields.add(name)
  }
  return [...fields]
}

/** Whether it can concern no index: an update in place whose changes are of other fields. */
function leavesIndexes(op: WriteOp): boolean {
  return op.kind === 'update' && op.orCreate === undefined && touchedIndexes(op).length === 0
}

function touchedIndexes({ entity, changes }: UpdateOp): EntityModel['indexes'] {
  return entity.indexes.filter((index) =>
    [...index.partition, ...index.sort].some((field) => changes.some((change) => change.path[0] === field.name)),
  )
}
