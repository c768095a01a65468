import { type CheckProblem, StoreError, UnsupportedError } from '@isomodel/core/driver'

/** What INFO says of a server, as far as isomodel depends on it; undefined where it is not said. */
export interface ServerInfo {
  readonly product: 'Redis' | 'Valkey'
  readonly version: string | undefined
  /** The version of Redis that it is compatible with. */
  readonly compatible: string | undefined
  readonly clustered: boolean
  readonly replica: boolean
  readonly evictionPolicy: string | undefined
}

export function readInfo(text: string): ServerInfo {
  const lines = new Map(
    text.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon), line.slice(colon + 1)]
    }),
  )
  const valkey = lines.get('valkey_version')
  return {
    product: valkey === undefined ? 'Redis' : 'Valkey',
    version: valkey ?? lines.get('redis_version'),
    compatible: lines.get('redis_version'),
    clustered: lines.get('cluster_enabled') === '1',
    replica: lines.get('role') === 'slave',
    evictionPolicy: lines.get('maxmemory_policy'),
  }
}

/** What a server lacks for isomodel to keep its promises. */
export function serverProblems(info: ServerInfo): CheckProblem[] {
  const problems: CheckProblem[] = []
  const what = `${info.product} ${info.version ?? 'of unknown version'}`
  if (info.compatible !== undefined && Number.parseInt(info.compatible, 10) < 7) {
    problems.push({
      what,
      expected: 'Redis 7.0 or newer, or Valkey',
      found: `version ${info.version}`,
      remedy: 'Upgrade the server: older ones have no script flags, so a full memory could cut a write in two.',
    })
  }
  if (info.evictionPolicy?.startsWith('allkeys-') === true) {
    problems.push({
      what,
      expected: 'maxmemory-policy noeviction',
      found: `maxmemory-policy ${info.evictionPolicy}`,
      remedy:
        'Set maxmemory-policy to noeviction (the parameter group, on ElastiCache): this server may drop any key, and with it entities or whole indexes. Caches belong on a server of their own.',
    })
  }
  return problems
}

/** Throws where the server cannot be worked on. `inCluster`: it is to be a node of one. */
export function requireServer(info: ServerInfo, address: string, inCluster: boolean): void {
  const [problem] = serverProblems(info)
  if (problem !== undefined) {
    throw new UnsupportedError(
      `${problem.what} at ${address} has ${problem.found}, and isomodel needs ${problem.expected}. ${problem.remedy}`,
      { store: 'Redis' },
    )
  }
  if (info.clustered && !inCluster) {
    throw new UnsupportedError(
      `${info.product} at ${address} is a node of a cluster. Connect to the cluster: redis({ nodes: [address, ...] }), or give an ioredis Cluster as client.`,
      { store: 'Redis' },
    )
  }
  if (info.replica) {
    throw new StoreError(`${info.product} at ${address} is a replica. Connect to its primary.`, {
      code: 'UNAVAILABLE',
      retryable: true,
      store: 'Redis',
    })
  }
}
