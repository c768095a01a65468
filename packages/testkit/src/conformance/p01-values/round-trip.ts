import type { AnyEntity, ArgumentOf, EntityOf, KeyOf, ObjectChanges, Repository } from '@isomodel/core'
import { same } from '../check.js'

/**
 * Writes each entity by every way in and reads it by every way out; each must give it back equal. `expected` is what
 * comes back, where that is not what went in.
 */
export async function roundTrip<E extends AnyEntity>(
  repository: Repository<E>,
  entities: readonly ArgumentOf<E>[],
  expected: readonly EntityOf<E>[] = entities as readonly EntityOf<E>[],
): Promise<void> {
  const keys = entities as readonly KeyOf<E>[]
  same(await Promise.all(entities.map((entity) => repository.create(entity))), expected, 'what create gave')
  same(await Promise.all(keys.map((key) => repository.get(key))), expected, 'what get gave')
  same(await repository.getMany(keys), expected, 'what getMany gave')
  same(
    await Promise.all(entities.map((entity) => repository.put(entity, { return: 'old' }))),
    expected,
    'what put found',
  )
  same(await repository.putMany(entities), expected, 'what putMany gave')
  same(await Promise.all(keys.map((key) => repository.delete(key, { return: 'old' }))), expected, 'what delete found')
}

/** Sets fields of entities that lack them by `update`, and reads them back. */
export async function setEach<E extends AnyEntity>(
  repository: Repository<E>,
  bare: readonly ArgumentOf<E>[],
  changes: readonly ObjectChanges<E>[],
  expected: readonly EntityOf<E>[],
): Promise<void> {
  await repository.putMany(bare)
  const keys = bare as readonly KeyOf<E>[]
  same(
    await Promise.all(keys.map((key, at) => repository.update(key, changes[at] as ObjectChanges<E>))),
    expected,
    'what update gave',
  )
  same(await repository.getMany(keys), expected, 'what update left')
}
