import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams'
import {
  type Call,
  type ChangeReader,
  invalidCursor,
  type StoredChange,
  StoreError,
  sleep,
  throwIfAborted,
} from '@isomodel/core/driver'
import { describeTable } from './describe.js'
import { toStoreError } from './errors.js'
import type { EntityLayout } from './layout.js'
import type { DynamodbClient } from './options.js'
import { changeOf } from './records.js'
import type { LowLevelClient } from './send.js'
import {
  DONE,
  descend,
  type Frontier,
  frontierAt,
  isMoment,
  isTrimmed,
  type ListedShard,
  momentIn,
  momentPlace,
} from './shards.js'
import { type Streams, streamsOf } from './streams-client.js'

/** Between two looks at shards in which nothing comes, ms: at first, and at most. A shard allows five looks a second. */
const SOONEST = 50
const LATEST = 500

/**
 * How long before a moment records are still read that say they are older, ms: clocks differ, and DynamoDB rounds the times of
 * records down.
 */
const MARGIN = 300_000

/** How long a stream holds records, ms. */
const KEPT = 86_400_000

/** The stream of one table. */
interface TableStream {
  readonly table: string
  readonly arn: string
  readonly layouts: ReadonlyMap<string, EntityLayout>
}

/** What one request of a shard came to. */
interface ReadShard {
  readonly shard: string
  readonly place: string
  readonly next: string | undefined
  readonly records: readonly StreamRecord[]
}

/** What the shards of a table came to. */
interface ReadTable {
  readonly frontier: Frontier
  readonly iterators: readonly (readonly [id: string, next: string])[]
  readonly changes: readonly StoredChange[]
}

/** A position as text: of each table its stream, and how far each shard is read. */
type Position = readonly (readonly [table: string, stream: string, frontier: readonly (readonly [string, string])[]])[]

/** Reads the streams of some tables on. */
export class StreamsReader implements ChangeReader {
  readonly #client: LowLevelClient
  readonly #streams: Streams
  readonly #tables: readonly TableStream[]
  #frontiers: readonly Frontier[]
  /** Where to read on in a shard, by table and shard; they last for a quarter of an hour. */
  readonly #iterators = new Map<string, string>()
  /** Whether it began now, and its iterators are those that it began with: then what has no number yet has had no records. */
  #isAnchored = false

  private constructor(client: LowLevelClient, streams: Streams, tables: readonly TableStream[]) {
    this.#client = client
    this.#streams = streams
    this.#tables = tables
    this.#frontiers = []
  }

  /** Throws `POSITION_LOST` where what follows is no longer held, `INVALID_CURSOR` for what is no position. */
  static async open(
    client: DynamodbClient,
    layouts: readonly EntityLayout[],
    after: string | undefined,
    call: Call,
  ): Promise<StreamsReader> {
    const position = after === undefined ? undefined : positionIn(after)
    const streams = await streamsOf(client)
    const tables = await Promise.all(
      [...Map.groupBy(layouts, ({ table }) => table)].map(async ([table, own]): Promise<TableStream> => {
        const arn = await streamArn(client, table, call)
        return { table, arn, layouts: new Map(own.map((layout) => [layout.entity.name, layout])) }
      }),
    )
    const reader = new StreamsReader(client, streams, tables)
    const now = Date.now()
    reader.#frontiers = await Promise.all(
      tables.map(async (table) => {
        const shards = await reader.#list(table, call)
        if (position === undefined) return frontierAt(shards, now)
        const [, stream, reached] = position.find(([name]) => name === table.table) ?? []
        const frontier = new Map(reached)
        if (stream !== table.arn || isTrimmed(frontier, shards)) throw lost()
        return frontier
      }),
    )
    // So that what is written from now on is behind them, and not only what is older by the margin.
    if (position === undefined) await reader.#anchor(call)
    return reader
  }

  get position(): string {
    return JSON.stringify(this.#tables.map(({ table, arn }, at) => [table, arn, [...(this.#frontiers[at] ?? [])]]))
  }

  async read(
    { limit, wait }: { readonly limit: number; readonly wait: number },
    call: Call,
  ): Promise<readonly StoredChange[]> {
    const until = performance.now() + wait
    for (let pause = SOONEST; ; pause = Math.min(pause * 2, LATEST)) {
      throwIfAborted(call.signal)
      const read = await Promise.all(this.#tables.map((_, at) => this.#confirmed(at, limit, call)))
      // All at once, and only now: what failed or was given up before leaves the reader where it was.
      this.#frontiers = read.map(({ frontier }) => frontier)
      for (const [id, next] of read.flatMap(({ iterators }) => iterators)) this.#iterators.set(id, next)
      const changes = read.flatMap((each) => each.changes)
      const left = until - performance.now()
      if (changes.length > 0 || left <= 0) return changes
      await sleep(Math.min(pause, left), call.signal)
    }
  }

  async close(): Promise<void> {
    // It holds nothing: the connections are those of the caller's client.
  }

  /** What is not found is looked for before it is called lost: an iterator may fail alone. */
  async #confirmed(at: number, limit: number, call: Call): Promise<ReadTable> {
    try {
      return await this.#readTable(at, limit, call)
    } catch (error) {
      const { cause } = error instanceof StoreError ? error : {}
      const frontier = this.#frontiers[at] as Frontier
      // Where it only wants what came since a moment that the stream reaches back to, nothing of that is trimmed.
      const mayGoOn = isTrimmedData(cause)
        ? [...frontier.values()].every((place) => isMoment(place) && isKept(momentIn(place)))
        : isNotFound(cause)
      if (!mayGoOn) throw error
      const table = this.#tables[at] as TableStream
      const isThere = await isCurrent(this.#client, table, call)
      if (!isThere || isTrimmed(frontier, await this.#list(table, call))) throw error
      throw goesOn('An iterator is not valid, and its shard is there', cause)
    }
  }

  #forget(): void {
    this.#iterators.clear()
    this.#isAnchored = false
  }

  async #readTable(at: number, limit: number, call: Call): Promise<ReadTable> {
    const stream = this.#tables[at] as TableStream
    const frontier = this.#frontiers[at] as Frontier
    const read = await Promise.all(
      Array.from(frontier, ([shard, place]) => this.#readShard(stream, shard, place, limit, call)),
    )
    const reached = new Map(read.map(({ shard, place }) => [shard, place]))
    const isOver = reached.size === 0 || [...reached.values()].includes(DONE)
    return {
      frontier: isOver ? await this.#descend(stream, reached, call) : reached,
      iterators: read.flatMap(({ shard, next }) =>
        next === undefined ? [] : [[iteratorId(stream, shard), next] as const],
      ),
      changes: read.flatMap(({ records }) => records.flatMap((record) => changeOf(stream.layouts, record) ?? [])),
    }
  }

  async #descend(stream: TableStream, reached: Frontier, call: Call): Promise<Frontier> {
    const shards = await this.#list(stream, call)
    const next = descend(reached, shards)
    if (isTrimmed(next, shards)) throw lost()
    // It ended, or its next shards are listed a little later.
    const mayHaveEnded = next.size > 0 && [...next.values()].every((place) => place === DONE)
    if (mayHaveEnded && !(await isCurrent(this.#client, stream, call))) throw lost()
    return next
  }

  async #readShard(stream: TableStream, shard: string, place: string, limit: number, call: Call): Promise<ReadShard> {
    if (place === DONE) return { shard, place, next: undefined, records: [] }
    const known = this.#iterators.get(iteratorId(stream, shard))
    const iterator = known ?? (await this.#iterator(stream, shard, place, call))
    const asked = momentPlace(Date.now())
    const { GetRecordsCommand, client } = this.#streams
    const { Records: found = [], NextShardIterator: next } = await this.#send(stream, 'GetRecords', call, (options) =>
      client.send(new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, 1_000) }), options),
    )
    const records = isMoment(place) ? from(momentIn(place) - MARGIN, found) : found
    const last = records.at(-1)?.dynamodb?.SequenceNumber ?? (isMoment(place) && this.#isAnchored ? asked : place)
    return { shard, place: next === undefined ? DONE : last, next, records }
  }

  /** An iterator at the end of each shard: in this reader, nothing from before it is seen at all. */
  async #anchor(call: Call): Promise<void> {
    this.#isAnchored = true
    await Promise.all(
      this.#tables.flatMap((stream, at) =>
        [...(this.#frontiers[at] ?? [])].map(async ([shard]) => {
          this.#iterators.set(iteratorId(stream, shard), await this.#iterator(stream, shard, 'LATEST', call))
        }),
      ),
    )
  }

  async #iterator(stream: TableStream, shard: string, place: string, call: Call): Promise<string> {
    const { GetShardIteratorCommand, client } = this.#streams
    if (isMoment(place) && !isKept(momentIn(place))) throw lost()
    const start =
      place === 'LATEST'
        ? ({ ShardIteratorType: 'LATEST' } as const)
        : place === '' || isMoment(place)
          ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
          : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: place } as const)
    const { ShardIterator: iterator } = await this.#send(stream, 'GetShardIterator', call, (options) =>
      client.send(new GetShardIteratorCommand({ StreamArn: stream.arn, ShardId: shard, ...start }), options),
    )
    return iterator ?? ''
  }

  async #list(stream: TableStream, call: Call): Promise<readonly ListedShard[]> {
    const { DescribeStreamCommand, client } = this.#streams
    const listed: ListedShard[] = []
    let last: string | undefined
    do {
      const { StreamDescription: found } = await this.#send(stream, 'DescribeStream', call, (options) =>
        client.send(
          new DescribeStreamCommand({
            StreamArn: stream.arn,
            ...(last === undefined ? {} : { ExclusiveStartShardId: last }),
          }),
          options,
        ),
      )
      for (const { ShardId: id = '', ParentShardId: parent } of found?.Shards ?? []) listed.push({ id, parent })
      last = found?.LastEvaluatedShardId
    } while (last !== undefined)
    return listed
  }

  async #send<T>(
    { table }: TableStream,
    command: string,
    call: Call,
    send: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    throwIfAborted(call.signal)
    const reply = call.sent({ command })
    try {
      const output = await send(call.signal === undefined ? {} : { abortSignal: call.signal })
      reply({})
      return output
    } catch (error) {
      reply({ error })
      // Another one is asked for behind the last record.
      if (isNotFound(error) || isTrimmedData(error) || isExpired(error)) this.#forget()
      throw streamError(
        error,
        toStoreError(error, { command, tables: [table], writes: false, left: true, signal: call.signal }),
      )
    }
  }
}

function iteratorId({ arn }: TableStream, shard: string): string {
  return `${arn} ${shard}`
}

function isKept(moment: number): boolean {
  return Date.now() - moment < KEPT
}

/** The records from the first one on that is not older than a moment. */
function from(moment: number, records: readonly StreamRecord[]): readonly StreamRecord[] {
  const first = records.findIndex(
    ({ dynamodb }) => !((dynamodb?.ApproximateCreationDateTime?.getTime() ?? moment) < moment),
  )
  return first < 0 ? [] : records.slice(first)
}

/** The stream of a table. Throws `MODEL_MISMATCH` where there is none that holds what a write found and left. */
async function streamArn(client: LowLevelClient, table: string, call: Call): Promise<string> {
  const found = await describeTable(client, table, call)
  const { StreamEnabled: isOn, StreamViewType: view } = found?.StreamSpecification ?? {}
  if (isOn === true && view === 'NEW_AND_OLD_IMAGES' && found?.LatestStreamArn !== undefined)
    return found.LatestStreamArn
  throw new StoreError(
    `Table ${table} has ${isOn === true ? `a stream of ${view}` : 'no stream'}, and the change feed needs one of NEW_AND_OLD_IMAGES. Run await db.setup(); await db.check() lists the differences.`,
    { code: 'MODEL_MISMATCH', store: 'DynamoDB' },
  )
}

/** Whether a table still writes to a stream. */
async function isCurrent(client: LowLevelClient, { table, arn }: TableStream, call: Call): Promise<boolean> {
  const found = await describeTable(client, table, call)
  return found?.StreamSpecification?.StreamEnabled === true && found.LatestStreamArn === arn
}

function positionIn(text: string): Position {
  try {
    const found: unknown = JSON.parse(text)
    if (Array.isArray(found) && found.every(isPlace)) return found as Position
  } catch {
    // No text of ours; said below.
  }
  throw invalidCursor('it is no position of a feed')
}

function isPlace(place: unknown): boolean {
  const [table, stream, frontier] = Array.isArray(place) ? (place as readonly unknown[]) : []
  return (
    typeof table === 'string' &&
    typeof stream === 'string' &&
    Array.isArray(frontier) &&
    frontier.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string'))
  )
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'ResourceNotFoundException'
}

function isTrimmedData(error: unknown): boolean {
  return error instanceof Error && error.name === 'TrimmedDataAccessException'
}

function isExpired(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExpiredIteratorException'
}

/** What the store's own names mean of a stream. */
function streamError(error: unknown, known: StoreError): StoreError {
  if (isNotFound(error) || isTrimmedData(error)) return lost(error)
  return isExpired(error) ? goesOn('The iterator of a shard has expired', error) : known
}

function goesOn(why: string, cause: unknown): StoreError {
  return new StoreError(`${why}; the feed goes on with another.`, { code: 'UNAVAILABLE', retryable: true, cause })
}

function lost(cause?: unknown): StoreError {
  return new StoreError(
    'Changes behind the position are no longer there: DynamoDB keeps them for 24 hours, and none of a stream that was turned off. Read all entities anew, and follow the changes from now on.',
    { code: 'POSITION_LOST', store: 'DynamoDB', cause },
  )
}
