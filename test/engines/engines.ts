import type { EngineName, Store } from '@isomodel/devstack'

/**
 * The engines that the tests run on, by store. Two for DynamoDB and for MongoDB: where one is wrong about its vendor, the
 * other must be right.
 */
export const engines: Readonly<Record<Store, readonly EngineName[]>> = {
  dynamodb: ['dynamodb-local', 'dynoxide'],
  mongodb: ['secantus-mdb', 'secantusdb-py'],
  redis: ['redis'],
  valkey: ['valkey'],
}

export type TestedStore = Store | 'memory'

const stores: readonly TestedStore[] = ['memory', 'dynamodb', 'mongodb', 'redis', 'valkey']

/**
 * The stores to test on: all, or those that `STORES=redis,memory` names.
 *
 * @throws Error for a name that is no store: it would select nothing, and a run of no tests looks like success
 */
export function selectedStores(
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly TestedStore[] {
  const names = (env.STORES ?? '').split(',').flatMap((name) => name.trim() || [])
  for (const name of names) {
    if ((stores as readonly string[]).includes(name)) continue
    throw new Error(`STORES names '${name}', which is no store: use ${stores.join(', ')}, separated by commas`)
  }
  return names.length === 0 ? stores : stores.filter((store) => names.includes(store))
}
