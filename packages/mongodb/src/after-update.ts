import { setOwn } from '@isomodel/core/driver'
import type { Bson, BsonObject } from './bson.js'

/** What a change stream says of an update; paths are of stored names, and `.` stands in none of them. */
export interface UpdateDescription {
  readonly updatedFields?: { readonly [path: string]: Bson }
  readonly removedFields?: readonly string[]
  readonly truncatedArrays?: readonly { readonly field: string; readonly newSize: number }[]
}

type Container = { [name: string]: Bson } | Bson[]

/** A document after an update, from what it was before and what the server says has changed. */
export function afterUpdate(document: BsonObject, described: UpdateDescription): BsonObject {
  const copy = structuredCopy(document) as BsonObject
  for (const { field, newSize } of described.truncatedArrays ?? []) {
    const [parent, name] = reach(copy, field)
    const list = parent === undefined ? undefined : inside(parent, name)
    if (Array.isArray(list)) list.length = Number(newSize)
  }
  for (const path of described.removedFields ?? []) {
    const [parent, name] = reach(copy, path)
    if (parent !== undefined && !Array.isArray(parent)) delete parent[name]
  }
  for (const [path, value] of Object.entries(described.updatedFields ?? {})) {
    const [parent, name] = reach(copy, path)
    if (Array.isArray(parent)) parent[Number(name)] = value
    else if (parent !== undefined) setOwn(parent as never, name, value as never)
  }
  return copy
}

/** The container that a path ends in, and the name there. */
function reach(document: BsonObject, path: string): readonly [parent: Container | undefined, name: string] {
  const steps = path.split('.')
  const name = steps.pop() as string
  let parent: Container | undefined = document
  for (const step of steps) {
    const next: Bson | undefined = parent === undefined ? undefined : inside(parent, step)
    parent = isContainer(next) ? next : undefined
  }
  return [parent, name]
}

function inside(parent: Container, name: string): Bson | undefined {
  if (Array.isArray(parent)) return parent[Number(name)]
  return Object.hasOwn(parent, name) ? parent[name] : undefined
}

function isContainer(value: Bson | undefined): value is Container {
  if (typeof value !== 'object' || value === null) return false
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
}

/** Containers anew; everything else, which nothing changes, as it is. */
function structuredCopy(value: Bson): Bson {
  if (!isContainer(value)) return value
  if (Array.isArray(value)) return value.map(structuredCopy)
  const copy = {}
  for (const [name, inner] of Object.entries(value)) setOwn(copy, name, structuredCopy(inner) as never)
  return copy
}
