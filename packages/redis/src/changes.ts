import {
  type Call,
  type ChangeReader,
  type EntityModel,
  encodeComponent,
  invalidCursor,
  type Stored,
  type StoredChange,
  StoreError,
  sleep,
  throwIfAborted,
} from '@isomodel/core/driver'
import type { Access } from './access.js'
import { memberText } from './keys.js'
import type { Layout } from './layout.js'
import { readImage } from './read-image.js'
import type { Reply } from './request.js'
import { feedScript } from './scripts.js'
import { unframe, type Wire } from './wire.js'

/** Between two looks at a feed in which nothing comes, ms: at first, and at most. */
const SOONEST = 10
const LATEST = 250

type Entry = readonly [id: string, fields: readonly Wire[]]

/** What `feed-1.lua` returns of one bucket. */
type Answer = readonly [state: 'there' | 'lost', end: string, count: number, entries: readonly Entry[]]

/** A place in a stream: an id, and how many entries there ever were up to it. */
interface Place {
  readonly id: string
  readonly count: number
}

/** Reads the streams of all buckets on. A position is the namespace's id and a place in each stream. */
export class StreamReader implements ChangeReader {
  readonly #access: Access
  readonly #layout: Layout
  readonly #entities: ReadonlyMap<string, EntityModel>
  #places: readonly Place[]

  private constructor(access: Access, layout: Layout, entities: readonly EntityModel[], places: readonly Place[]) {
    this.#access = access
    this.#layout = layout
    this.#entities = new Map(entities.map((entity) => [encodeComponent({ kind: 'string' }, entity.name), entity]))
    this.#places = places
  }

  /** Throws `POSITION_LOST` where what follows is no longer held, `INVALID_CURSOR` for what is no position. */
  static async open(
    access: Access,
    layout: Layout,
    entities: readonly EntityModel[],
    after: string | undefined,
    call: Call,
  ): Promise<StreamReader> {
    await layout.require(call)
    const from = after === undefined ? undefined : placesIn(after, layout)
    const asked = from ?? Array.from({ length: layout.keys.buckets }, () => NOWHERE)
    const answers = await look(access, asked, 0, call)
    return new StreamReader(access, layout, entities, from ?? answers.map(([, id, count]) => ({ id, count })))
  }

  get position(): string {
    return `${this.#layout.id} ${this.#places.map(({ id, count }) => `${id}/${count}`).join(',')}`
  }

  async read(
    { limit, wait }: { readonly limit: number; readonly wait: number },
    call: Call,
  ): Promise<readonly StoredChange[]> {
    const until = performance.now() + wait
    for (let pause = SOONEST; ; pause = Math.min(pause * 2, LATEST)) {
      throwIfAborted(call.signal)
      const answers = await look(this.#access, this.#places, limit, call)
      const entries = answers.flatMap(([, , , found]) => found)
      const left = until - performance.now()
      if (entries.length > 0 || left <= 0) {
        this.#places = this.#places.map((place, bucket) => {
          const found = answers[bucket]?.[3] ?? []
          const [id] = found.at(-1) ?? []
          return id === undefined ? place : { id, count: place.count + found.length }
        })
        return entries.flatMap((entry) => this.#shown(entry))
      }
      await sleep(Math.min(pause, left), call.signal)
    }
  }

  async close(): Promise<void> {
    // It holds nothing: the connection is the driver's.
  }

  #shown([, fields]: Entry): StoredChange[] {
    const named = new Map<Wire, Wire>()
    for (let at = 0; at < fields.length; at += 2) named.set(fields[at] as Wire, fields[at + 1] as Wire)
    const member = named.get('m') ?? ''
    const [name = ''] = memberText(member).sort.split('#')
    const entity = this.#entities.get(name)
    if (entity === undefined) return []
    const { codec } = this.#access.entities.of(entity)
    const image = (hash: Wire | undefined): Stored | undefined =>
      hash === undefined || hash === '' ? undefined : readImage({ entity, codec, member }, hashIn(hash))?.stored
    return [
      {
        entity,
        at: Number(named.get('t')),
        expired: named.get('x') === '1',
        images: () => ({ old: image(named.get('o')), new: image(named.get('n')) }),
      },
    ]
  }
}

/** The names and texts of a hash that an entry holds. */
function hashIn(framed: Wire): readonly Wire[] | StoreError {
  try {
    return unframe(framed)
  } catch (cause) {
    return new StoreError('An entry of the change feed ends early: it was altered by other code.', {
      code: 'CORRUPT',
      cause,
    })
  }
}

/** Asked only for the end. */
const NOWHERE: Place = { id: '', count: 0 }

/** Asks each bucket for what comes behind an id. */
async function look(
  { connection, keys }: Access,
  places: readonly Place[],
  limit: number,
  call: Call,
): Promise<readonly Answer[]> {
  const replies = await connection.runAll(
    places.map(({ id, count }, bucket) => ({
      script: feedScript,
      keys: [keys.feed(bucket)],
      args: [id, String(count), String(limit)],
    })),
    { call, writes: false },
  )
  return replies.map((reply) => {
    if (reply instanceof StoreError) throw reply
    const answer = reply as Reply & Answer
    if (answer[0] === 'lost') throw lost()
    return answer
  })
}

function placesIn(position: string, { id, keys }: Layout): readonly Place[] {
  const [namespace, text = ''] = position.split(' ')
  const places = text.split(',').map((place) => /^(\d{1,16}-\d{1,16})\/(\d{1,15})$/.exec(place))
  if (places.includes(null)) throw invalidCursor('it is no position of a feed')
  if (namespace !== id || places.length !== keys.buckets) throw lost()
  return places.map((place) => ({ id: place?.[1] ?? '', count: Number(place?.[2]) }))
}

function lost(): StoreError {
  return new StoreError(
    'Changes behind the position are no longer there: they are older than keepChanges, or the namespace was emptied or set back since. Read all entities anew, and follow the changes from now on.',
    { code: 'POSITION_LOST', store: 'Redis' },
  )
}
