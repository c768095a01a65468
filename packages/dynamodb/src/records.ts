import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { StoredChange } from '@isomodel/core/driver'
import type { Item } from './codec.js'
import { type EntityLayout, toStored } from './layout.js'
import { ENTITY } from './names.js'

/** What a record of a stream says, as far as it matters here. */
export interface ChangeRecord {
  readonly userIdentity?: { readonly Type?: string | undefined; readonly PrincipalId?: string | undefined } | undefined
  readonly dynamodb?:
    | {
        readonly ApproximateCreationDateTime?: Date | undefined
        readonly OldImage?: Readonly<Record<string, AttributeValue>> | undefined
        readonly NewImage?: Readonly<Record<string, AttributeValue>> | undefined
      }
    | undefined
}

/** The change that a record tells of; undefined where it is of no entity that is followed. */
export function changeOf(
  layouts: ReadonlyMap<string, EntityLayout>,
  { userIdentity, dynamodb }: ChangeRecord,
): StoredChange | undefined {
  const { OldImage: old, NewImage: left, ApproximateCreationDateTime: moment } = dynamodb ?? {}
  const layout = layouts.get((left ?? old)?.[ENTITY]?.S ?? '')
  if (layout === undefined) return undefined
  const image = (item: Item | undefined) => (item === undefined ? undefined : toStored(layout, item))
  return {
    entity: layout.entity,
    at: moment?.getTime() ?? 0,
    expired: userIdentity?.Type === 'Service' && userIdentity.PrincipalId === 'dynamodb.amazonaws.com',
    images: () => ({ old: image(old), new: image(left) }),
  }
}
