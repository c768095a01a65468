import { type Adapter, type Capability, type ConnectOptions, connect, type Db, type Entities } from '@isomodel/core'

/** `connect` where the entities are a type parameter: whether they fit together, and the store, is then judged at run time alone. */
export function connectAny<Es extends Entities, C extends Capability>(
  adapter: Adapter<C>,
  entities: Es,
  options: ConnectOptions = {},
): Promise<Db<Es, unknown, C>> {
  const connectUnchecked = connect as unknown as (
    adapter: Adapter,
    entities: Es,
    options: ConnectOptions,
  ) => Promise<Db<Es, unknown, C>>
  return connectUnchecked(adapter, entities, options)
}
