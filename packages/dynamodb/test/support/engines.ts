import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { type Engine, startEngine } from '@isomodel/devstack'
import { afterAll, beforeAll } from 'vitest'

/** The engines that every test of the wire runs on; where they disagree, AWS's own is right. */
export const engineNames = ['dynamodb-local', 'dynoxide'] as const

export interface Running {
  readonly engine: Engine
  /** A client as an application would make it: with the SDK's own settings. */
  readonly client: DynamoDBClient
}

/** Starts an engine for the tests of a describe block. */
export function runEngine(name: (typeof engineNames)[number]): () => Running {
  let running: Running | undefined
  beforeAll(async () => {
    const engine = await startEngine(name, { log: () => undefined })
    running = { engine, client: clientAt(engine.address) }
  })
  afterAll(async () => {
    running?.client.destroy()
    await running?.engine.stop()
  })
  return () => {
    if (running === undefined) throw new Error(`${name} is not running`)
    return running
  }
}

export function clientAt(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
}
