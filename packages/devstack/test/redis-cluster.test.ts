import { Cluster } from 'ioredis'
import { expect, test, vi } from 'vitest'
import { startRedisCluster } from '../src/index.js'
import { accepts, collectLog, exists, ownTemporaryFolder, portOf } from './machine.js'

vi.setConfig({ testTimeout: 120_000 })

const temporary = ownTemporaryFolder()

test('a cluster of six: it serves, replaces a killed master, takes it back as a replica, and leaves nothing behind', async () => {
  const { log, lines } = collectLog()
  const cluster = await startRedisCluster({ log })
  expect(lines).toEqual([expect.stringMatching(/^redis-cluster: redis \d+\.\S+, 6 nodes, at redis:\/\/127\.0\.0\.1:/)])
  expect(await cluster.masters()).toEqual(cluster.nodes.slice(0, 3))

  const client = new Cluster([...cluster.addresses])
  client.on('error', () => undefined)
  const keys = Array.from({ length: 60 }, (_, n) => `key-${n}`)
  for (const key of keys) await client.set(key, `of ${key}`)
  const served = await Promise.all(client.nodes('master').map((node) => node.dbsize()))
  expect(served.toSorted((a, b) => a - b)[0]).toBeGreaterThan(0)
  // Every write is at its replica before the master goes.
  for (const node of client.nodes('master')) await node.wait(1, 5_000)

  const [killed] = cluster.nodes
  if (killed === undefined) throw new Error('a cluster has nodes')
  await killed.kill()
  await expect.poll(() => cluster.masters(), { timeout: 30_000 }).toHaveLength(3)
  await killed.restart()
  await cluster.whole()
  expect(await cluster.masters()).not.toContain(killed)
  for (const key of keys) expect(await client.get(key)).toBe(`of ${key}`)
  client.disconnect()

  const pids = cluster.nodes.map(({ pid }) => pid ?? 0)
  expect(pids.every(exists)).toBe(true)
  expect(await accepts('127.0.0.2', portOf(cluster.addresses[0] ?? ''))).toBe(false)
  await cluster.stop()
  await cluster.stop()
  expect(pids.some(exists)).toBe(false)
  expect(temporary.entries()).toEqual([])
})
