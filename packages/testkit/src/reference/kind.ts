import type { Path } from '@isomodel/core'
import type { NumberRange } from './changes.js'

export interface Fields {
  readonly [field: string]: unknown
}

/** What the reference needs to know of a kind of entities, said by hand beside its schema. */
export interface ReferenceKind {
  readonly name: string
  readonly key: AccessPath
  readonly indexes?: { readonly [name: string]: AccessPath }
  readonly uniques?: { readonly [name: string]: readonly string[] }
  readonly ttl?: string
  readonly revision?: true
  readonly timestamps?: true
  readonly defaults?: Fields
  /** Fields beside the key that every entity has. */
  readonly required?: readonly string[]
  /** What a number may be. Default: any of its kind. */
  readonly rangeOf?: (path: Path) => NumberRange
  /** Where an update left what the schema's own checks refuse. Default: nowhere. */
  readonly misfits?: (entity: Fields) => readonly Path[]
}

export interface AccessPath {
  readonly partition: readonly string[]
  readonly sort: readonly string[]
}

export const keyNames = ({ key }: ReferenceKind): readonly string[] => [...key.partition, ...key.sort]

export const keyOf = (kind: ReferenceKind, fields: Fields): Fields => picked(fields, keyNames(kind))

export function picked(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(fields, name)).map((name) => [name, fields[name]]))
}
