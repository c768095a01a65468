import type { Engine } from '@isomodel/devstack'

/** What ran, for the report. */
export interface EngineFacts {
  readonly name: string
  readonly version: string
  readonly source: string
  /** What a reader must know of it. */
  readonly caveat: string
}

const caveats: { readonly [engine: string]: string } = {
  'dynamodb-local': "AWS's own emulator over SQLite: its answers are DynamoDB's, its latency is not.",
  dynoxide: "An emulator of DynamoDB: its latency is not the service's.",
  'secantus-mdb':
    "Speaks MongoDB's protocol over WiredTiger: its latency is not MongoDB's. Where a query has a limit it reads the whole range of the index, so pages of a large partition are slow here and only here.",
  'secantusdb-py': "Speaks MongoDB's protocol: its latency is not MongoDB's.",
}

export function factsOf(engine: Engine | undefined): EngineFacts {
  if (engine === undefined) {
    return {
      name: 'memory',
      version: process.version,
      source: 'in process',
      caveat: 'In process: no network, no durability, no client of a vendor to stand beside.',
    }
  }
  return {
    name: engine.engine,
    version: engine.version ?? 'of an unknown version',
    source: engine.source,
    caveat:
      caveats[engine.engine] ??
      'On this machine beside its client: its latency is not that of a service across a network.',
  }
}
