import type { AnyEntity } from '@isomodel/core'
import type { Call, Driver, EntityModel, ReadCall, Reply, SentRequest } from '@isomodel/core/driver'
import { type DynamodbOptions, dynamodb } from '../../src/index.js'

/** A request as the driver reported it. */
export type Seen = SentRequest & { readonly reply: Reply | undefined }

export interface Opened extends AsyncDisposable {
  readonly driver: Driver
  readonly table: string
  /** What was sent since the last look. */
  look(): readonly Seen[]
  readonly call: Call
  readonly strong: ReadCall
  readonly eventual: ReadCall
}

let tables = 0

/** A driver of these entities on a table of its own, which `setup` has made. */
export async function open(
  client: NonNullable<DynamodbOptions['client']>,
  entities: readonly AnyEntity[],
  options: { readonly setup?: boolean; readonly table?: string } = {},
): Promise<Opened> {
  const table = options.table ?? `t${process.pid}-${++tables}`
  const models: readonly EntityModel[] = entities.map(({ model }) => model)
  const driver = await dynamodb({ client, table }).open({ entities: models }, { now: Date.now })
  const seen: { request: SentRequest; reply: Reply | undefined }[] = []
  const call: Call = {
    signal: undefined,
    sent(request) {
      const entry: (typeof seen)[number] = { request, reply: undefined }
      seen.push(entry)
      return (reply) => {
        entry.reply = reply
      }
    },
  }
  if (options.setup !== false) await driver.setup(call)
  seen.length = 0
  return {
    driver,
    table,
    look: () => seen.splice(0).map(({ request, reply }) => ({ ...request, reply })),
    call,
    strong: { ...call, consistency: 'strong' },
    eventual: { ...call, consistency: 'eventual' },
    [Symbol.asyncDispose]: () => driver.close(),
  }
}
