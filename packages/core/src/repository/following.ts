import { StoreError, UnsupportedError } from '../errors/store-error.js'
import type { ChangesOptions, FollowChanges } from './change-types.js'
import { connectedEntities } from './connected.js'
import { EntityFeed } from './entity-feed.js'
import type { Session } from './session.js'
import type { Entities } from './types.js'

/** `db.changes` of one connection. */
export function following<Es extends Entities>(
  session: Session,
  entities: Es,
): Record<keyof FollowChanges<Es>, unknown> {
  return {
    changes: (names: unknown, options: ChangesOptions = {}) =>
      session.run(undefined, 'changes', options, undefined, (call) => {
        const { changes } = session.driver
        if ('missing' in changes) {
          throw new UnsupportedError(
            `This ${session.store} has no exact changes ('changes:exact'): ${changes.missing}.`,
          )
        }
        const followed = connectedEntities(
          entities,
          names,
          "changes takes a list of entities, as in db.changes(['Order'])",
        )
        const silent = followed.find(({ entity }) => !entity.model.changes)
        if (silent !== undefined) {
          throw new StoreError(
            `${silent.name} is in no change feed: give its defineEntity changes: true, and run await db.setup() again. What was written before is in no feed.`,
            { code: 'VALIDATION' },
          )
        }
        return EntityFeed.open(
          { session, changes, entities: followed, signal: options.signal ?? undefined },
          options.after,
          call,
        )
      }),
  }
}
