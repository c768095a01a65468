import { $ZodDate, $ZodString, type $ZodType } from 'zod/v4/core'
import type { EntityModel } from '../model/model.js'
import type { Slot, ValueType } from '../schema/type.js'

const slot = (type: ValueType, schema: $ZodType): Slot =>
  Object.freeze<Slot>({ type, optional: false, nullable: false, defaulted: false, schema, converts: false })

export const text: Slot = slot({ kind: 'string' }, new $ZodString({ type: 'string' }))
export const moment: Slot = slot({ kind: 'date' }, new $ZodDate({ type: 'date' }))
export const optionalMoment: Slot = Object.freeze<Slot>({ ...moment, optional: true })

/** An entity of the library's own, found by one text. Its name, `isomodel_...`, is one that `defineEntity` refuses. */
export function libraryEntity(
  name: `isomodel_${string}`,
  key: string,
  fields: { readonly [field: string]: Slot },
  { ttl, sensitive = [] }: { readonly ttl?: string; readonly sensitive?: readonly string[] } = {},
): EntityModel {
  return Object.freeze<EntityModel>({
    name,
    type: Object.freeze({
      kind: 'object',
      fields: new Map([[key, text], ...Object.entries(fields)]),
      unknown: 'strip',
      catchall: undefined,
    }),
    schema: undefined,
    key: Object.freeze({ partitionName: name, partition: [Object.freeze({ name: key, slot: text })], sort: [] }),
    indexes: [],
    uniques: [],
    revision: undefined,
    timestamps: undefined,
    names: new Map(),
    changes: false,
    ttl,
    sensitive: new Set(sensitive),
  })
}
