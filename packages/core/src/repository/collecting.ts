import { compareText } from '../driver/compare-text.js'
import { StoreError } from '../errors/store-error.js'
import type { AnyEntity } from '../model/infer.js'
import { sameFields } from '../model/key-model.js'
import type { IndexModel, KeyModel } from '../model/model.js'
import { shown } from '../model/refusals.js'
import { EntityCollection, type Member } from '../query/entity-collection.js'
import type { Collect } from './collection-types.js'
import { Composer } from './compose.js'
import { type Connected, connectedEntities } from './connected.js'
import type { Session } from './session.js'
import type { Entities } from './types.js'

const WANTED = "collection takes a list of entities first, as in db.collection(['Customer', 'Order'], { customerId })"

/** `db.collection` of one connection. */
export function collecting<Es extends Entities>(session: Session, entities: Es): Record<keyof Collect<Es>, unknown> {
  return {
    collection: (names: unknown, ...rest: readonly unknown[]) =>
      session.blame(undefined, 'collection', () => {
        const [index, partition] = typeof rest[0] === 'string' ? [rest[0], rest[1]] : [undefined, rest[0]]
        const members = connectedEntities(entities, names, WANTED).map(
          ({ name, entity }): Named => ({
            name,
            entity,
            index: index === undefined ? undefined : indexNamed(name, entity, index),
          }),
        )
        requireTogether(members)
        return new EntityCollection(session, {
          members: members.map((member) => asked(session, member, partition)).sort(byEntity),
          limit: undefined,
          consistency: undefined,
        })
      }),
  }
}

interface Named extends Connected {
  readonly index: IndexModel | undefined
}

function asked(session: Session, { name, entity, index }: Named, partition: unknown): Member {
  const { model } = entity
  const composer = new Composer(entity, session.now)
  const spec = Object.freeze({
    entity: model,
    index,
    partition: session.blame(model, 'collection', () => composer.partition(partition, index ?? model.key, 'partition')),
    where: undefined,
    reverse: false,
    select: undefined,
    count: false,
  })
  return { name, entity, spec }
}

/** The order in which a partition holds them. */
function byEntity(a: Member, b: Member): number {
  return compareText(a.entity.name, b.entity.name)
}

function indexNamed(name: string, { model }: AnyEntity, index: string): IndexModel {
  const found = model.indexes.find((each) => each.name === index)
  if (found !== undefined) return found
  const known = model.indexes.map((each) => each.name).join(', ') || 'none'
  throw invalid(
    `${name} has no index ${shown(index)}: a collection's index has one name in all its entities; it has ${known}`,
  )
}

/** Refuses entities that do not lie in one partition of the store, naming two of them and what differs. */
function requireTogether(members: readonly Named[]): void {
  const [first, ...others] = members as readonly [Named, ...Named[]]
  const path = pathOf(first)
  for (const other of others) {
    const its = pathOf(other)
    if (its.partitionName !== path.partitionName || !sameFields(its.partition, path.partition)) {
      throw invalid(
        `${other.name} is not in the partition of ${first.name}: ${its.partitionName} by [${fields(its)}] is not ${path.partitionName} by [${fields(path)}]; give both one partitionName and the same list of fields`,
      )
    }
    const [a, b] = [first.index, other.index]
    if (a !== undefined && b !== undefined && (a.scope !== b.scope || a.number !== b.number)) {
      throw invalid(
        `${a.name} is the ${a.scope} index ${a.number} of ${first.name} and the ${b.scope} index ${b.number} of ${other.name}; give both one scope and number`,
      )
    }
  }
}

function pathOf({ entity, index }: Named): KeyModel {
  return index ?? entity.model.key
}

function fields({ partition }: KeyModel): string {
  return partition.map(({ name }) => name).join(', ')
}

function invalid(message: string): StoreError {
  return new StoreError(`${message}.`, { code: 'VALIDATION' })
}
