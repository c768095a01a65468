import { type Fields, picked, type ReferenceKind } from '../reference/kind.js'
import type { StepAccess } from './step.js'

/** The partitions of its key and indexes that an entity is in. */
export function partitionsOf({ name: kind, key, indexes }: ReferenceKind, entity: Fields): readonly StepAccess[] {
  return [
    { kind, partition: picked(entity, key.partition) },
    ...Object.entries(indexes ?? {}).flatMap(([index, { partition }]): StepAccess[] =>
      partition.every((name) => entity[name] !== undefined && entity[name] !== null)
        ? [{ kind, index, partition: picked(entity, partition) }]
        : [],
    ),
  ]
}
