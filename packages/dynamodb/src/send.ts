import type {
  $Command,
  DynamoDBClient,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb'
import { type Call, type Reply, type Target, throwIfAborted } from '@isomodel/core/driver'
import { type Concerned, toStoreError } from './errors.js'

/** What sends low-level commands: a DynamoDBClient, and a document client as well. */
export type LowLevelClient = Pick<DynamoDBClient, 'send'>

export type LowLevelCommand<I extends ServiceInputTypes, O extends ServiceOutputTypes> = $Command<
  I,
  O,
  DynamoDBClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>

const servers = new WeakMap<LowLevelClient, Pick<Target, 'address' | 'port'>>()

/** Where a client's requests go; the endpoint is worked out with the first of them. */
export function serverOf(client: LowLevelClient): Pick<Target, 'address' | 'port'> {
  return servers.get(client) ?? {}
}

/**
 * Sends a command once and reports it. The client's own resends are off for this command alone, so that a lost reply
 * never makes a write happen twice: below its retry middleware, whatever its strategy, a failure looks like a success, and
 * above it is the failure again. The client itself is not changed. Throws StoreError.
 */
export async function sendOnce<I extends ServiceInputTypes, O extends ServiceOutputTypes>(
  client: LowLevelClient,
  command: LowLevelCommand<I, O>,
  concerned: Concerned,
  call: Call,
): Promise<O> {
  throwIfAborted(call.signal)
  let left = false
  let failure: { readonly error: unknown } | undefined

  command.middlewareStack.add(
    (next) => async (args) => {
      if (left) throw new Error('a second sending was stopped: a command is sent once')
      // The handler sends nothing any more once the signal has fired.
      throwIfAborted(call.signal)
      left = true
      if (!servers.has(client)) servers.set(client, addressIn(args.request))
      const done = call.sent({ command: concerned.command, ...bytesOf(args.request) })
      try {
        const result = await next(args)
        done(replyOf(concerned, result.response, result.output))
        return result
      } catch (error) {
        done({ error: withoutImage(error), ...codeOf(error) })
        failure = { error }
        // The response lets the signer set its clock by the server's, as it does after a failure that it sees.
        return { response: responseOf(error), output: { $metadata: {} } as O }
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'isomodelOnce' },
  )
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      if (failure !== undefined) throw failure.error
      return result
    },
    { step: 'build', priority: 'low', name: 'isomodelFailure' },
  )

  try {
    return await client.send(command, call.signal === undefined ? {} : { abortSignal: call.signal })
  } catch (error) {
    throw toStoreError(error, { ...concerned, left, signal: call.signal })
  }
}

/** A failed condition's error carries the item, which is for the write's own judgement and not for whoever observes. */
function withoutImage(error: unknown): unknown {
  if (!(error instanceof Error) || !('Item' in error)) return error
  return Object.assign(new Error(error.message), { name: error.name })
}

/** The exception that the service named; what the network or the client came to has none. */
function codeOf(error: unknown): { readonly code?: string } {
  return error instanceof Error && '$fault' in error ? { code: error.name } : {}
}

function addressIn(request: unknown): Pick<Target, 'address' | 'port'> {
  const { hostname, port } = request as { readonly hostname: string; readonly port?: number }
  return { address: hostname, ...(port === undefined ? {} : { port: Number(port) }) }
}

function responseOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && '$response' in error ? error.$response : undefined
}

function replyOf({ writes }: Concerned, response: unknown, output: object): Reply {
  const units = unitsOf(output)
  return {
    ...bytesOf(response),
    ...(units === undefined ? {} : { capacity: writes ? { write: units } : { read: units } }),
  }
}

/** The size of a request's or a response's body, where its headers say it. */
function bytesOf(message: unknown): { readonly bytes?: number } {
  const { headers } = message as { readonly headers?: Readonly<Record<string, string>> }
  const length = Number(headers?.['content-length'])
  return Number.isNaN(length) ? {} : { bytes: length }
}

function unitsOf(output: object): number | undefined {
  const { ConsumedCapacity: consumed } = output as {
    readonly ConsumedCapacity?: { readonly CapacityUnits?: number } | readonly { readonly CapacityUnits?: number }[]
  }
  if (consumed === undefined) return undefined
  const parts = Array.isArray(consumed) ? consumed : [consumed]
  return parts.reduce((sum, part) => sum + (part.CapacityUnits ?? 0), 0)
}
