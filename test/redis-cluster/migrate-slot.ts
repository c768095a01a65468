import type { Redis } from 'ioredis'

/** Moves a slot from one master to another, key by key, as `redis-cli --cluster reshard` does, while clients go on. */
export async function migrateSlot(
  slot: number,
  source: Redis,
  target: Redis,
  masters: readonly Redis[],
  pause: () => Promise<unknown>,
): Promise<void> {
  const [from, to] = [await source.cluster('MYID'), await target.cluster('MYID')]
  await target.cluster('SETSLOT', slot, 'IMPORTING', String(from))
  await source.cluster('SETSLOT', slot, 'MIGRATING', String(to))
  const { host = '', port = 0 } = target.options
  for (;;) {
    const keys = (await source.cluster('GETKEYSINSLOT', slot, 2)) as string[]
    if (keys.length === 0) break
    await source.migrate(host, port, '', 0, 5_000, 'KEYS', ...keys)
    await pause()
  }
  // The new master first: it gives the slot a new epoch, so that the others believe it.
  for (const master of [target, source, ...masters]) await master.cluster('SETSLOT', slot, 'NODE', String(to))
}
