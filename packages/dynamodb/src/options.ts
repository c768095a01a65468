import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { StoreError } from '@isomodel/core/driver'

/** What has a name at AWS keeps it (`table`; `region`, `endpoint` and `credentials` of the client): its documentation explains it. */
export interface DynamodbOptions {
  /**
   * The table of all entities, `'shop'`; or the table of each, `(entity) => 'shop-' + entity`. Entities that are given the
   * same name share a table, and every table has the same layout.
   */
  readonly table: string | ((entity: string) => string)
  /**
   * Your client, a `DynamoDBClient` or lib-dynamodb's `DynamoDBDocumentClient`: it stays as it is and stays open. Or what
   * a client is made from (`{ region, endpoint, credentials }`), which `close` then ends. Default: a client from the
   * environment.
   */
  readonly client?: DynamodbClient | DynamoDBClientConfig
}

export type DynamodbClient = DynamoDBClient | DynamoDBDocumentClient

/** The options, checked and filled in. */
export interface Settings {
  /** The client of one driver; `owned` when it is to be ended with the driver. */
  connect(): { readonly client: DynamodbClient; readonly owned: boolean }
  tableOf(entity: string): string
}

/** @throws StoreError `VALIDATION` for options that cannot work, naming the option and the remedy. */
export function readOptions(options: DynamodbOptions): Settings {
  if (typeof options !== 'object' || options === null) {
    throw invalid(`dynamodb() needs options, at least the table: dynamodb({ table: 'shop' }).`)
  }
  const known = new Set(['table', 'client'])
  const unknown = Object.keys(options).find((name) => !known.has(name))
  if (unknown !== undefined) {
    throw invalid(
      `dynamodb() has no option ${JSON.stringify(unknown)}; there are table and client. What the AWS client is made from goes in client: { region, endpoint, credentials }.`,
    )
  }
  const { table } = options
  if (typeof table === 'string') checkName(table, 'table')
  else if (typeof table !== 'function') {
    throw invalid(
      `dynamodb() needs table: a name for all entities, table: 'shop', or one for each, table: (entity) => 'shop-' + entity.`,
    )
  }
  return {
    connect: readClient(options.client),
    tableOf: (entity) =>
      typeof table === 'string' ? table : checkName(table(entity), `table(${JSON.stringify(entity)})`),
  }
}

function checkName(name: unknown, option: string): string {
  if (typeof name === 'string' && /^[a-zA-Z0-9_.-]{3,255}$/.test(name)) return name
  throw invalid(
    `dynamodb(): ${option} is ${JSON.stringify(name)}; it is the name of a table, 3 to 255 letters, digits, _, - and . (no ARN).`,
  )
}

function readClient(client: DynamodbOptions['client']): Settings['connect'] {
  if (isClient(client)) return () => ({ client, owned: false })
  if (client !== undefined && (typeof client !== 'object' || client === null)) {
    throw invalid(
      `dynamodb(): client is ${client === null ? 'null' : `a ${typeof client}`}; give a DynamoDBClient, a DynamoDBDocumentClient, or the configuration of one such as { region: 'eu-central-1' }.`,
    )
  }
  // The SDK waits for ever by default: neither a lost host nor a hung request would ever be reported.
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 30_000 }
  return () => ({ client: new DynamoDBClient({ requestHandler, ...client }), owned: true })
}

function isClient(client: unknown): client is DynamodbClient {
  return typeof client === 'object' && client !== null && 'send' in client && 'middlewareStack' in client
}

/**
 * lib-dynamodb's client over the caller's. Making one puts its settings into the configuration it is given, so it gets a
 * view of its own: another document client over the same client keeps its settings.
 */
export function documentClient(client: DynamodbClient): DynamoDBDocumentClient {
  if (client instanceof DynamoDBDocumentClient) return client
  // Own properties, since the client copies its configuration for each command.
  const config = Object.defineProperties({}, Object.getOwnPropertyDescriptors(client.config))
  const view = Object.create(client, { config: { value: config } }) as DynamoDBClient
  return DynamoDBDocumentClient.from(view)
}

function invalid(message: string): StoreError {
  return new StoreError(message, { code: 'VALIDATION' })
}
