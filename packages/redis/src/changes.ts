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
import type { Reply } from './connection.js'
import { memberText } from './keys.js'
import type { Layout } from './layout.js'
import { readImage } from './read-image.js'
import { feedScript } from './scripts.js'
import { unframe, type Wire } from './wire.js'

/** Between two looks at a feed in which nothing comes, ms: at first, and at most. */
const SOONEST = 10
const LATEST = 250

type Entry = readonly [id: string, fields: readonly Wire[]]

/** What `feed-1.lua` returns of one bucket. */
type Answer = readonly [state: 'there' | 'lost', end: string, entries: readonly Entry[]]

/** Reads the streams of all buckets on. A position is the namespace's id and the id of an entry in each stream. */
export class StreamReader implements ChangeReader {
  readonly #access: Access
  readonly #layout: Layout
  readonly #entities: ReadonlyMap<string, EntityModel>
  #ids: readonly string[]

  private constructor(access: Access, layout: Layout, entities: readonly EntityModel[], ids: readonly string[]) {
    this.#access = access
    this.#layout = layout
    this.#entities = new Map(entities.map((entity) => [encodeComponent({ kind: 'string' }, entity.name), entity]))
    this.#ids = ids
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
    const from = after === undefined ? undefined : idsIn(after, layout)
    const asked = from ?? Array.from({ length: layout.keys.buckets }, () => '')
    const answers = await look(access, asked, 0, call)
    return new StreamReader(access, layout, entities, from ?? answers.map(([, end]) => end))
  }

  get position(): string {
    return `${this.#layout.id} ${this.#ids.join(',')}`
  }

  async read(
    { limit, wait }: { readonly limit: number; readonly wait: number },
    call: Call,
  ): Promise<readonly StoredChange[]> {
    const until = performance.now() + wait
    for (let pause = SOONEST; ; pause = Math.min(pause * 2, LATEST)) {
      throwIfAborted(call.signal)
      const answers = await look(this.#access, this.#ids, limit, call)
      const entries = answers.flatMap(([, , found]) => found)
      const left = until - performance.now()
      if (entries.length > 0 || left <= 0) {
        this.#ids = this.#ids.map((id, bucket) => answers[bucket]?.[2].at(-1)?.[0] ?? id)
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
function hashIn(framed: Wire): readonly Wire[] {
  try {
    return unframe(framed)
  } catch (cause) {
    throw new StoreError('An entry of the change feed ends early: it was altered by other code.', {
      code: 'CORRUPT',
      cause,
    })
  }
}

/** Asks each bucket for what comes behind an id. */
async function look(
  { connection, keys }: Access,
  ids: readonly string[],
  limit: number,
  call: Call,
): Promise<readonly Answer[]> {
  const replies = await connection.runAll(
    ids.map((id, bucket) => ({ script: feedScript, keys: [keys.feed(bucket)], args: [id, String(limit)] })),
    { call, writes: false },
  )
  return replies.map((reply) => {
    if (reply instanceof StoreError) throw reply
    const answer = reply as Reply & Answer
    if (answer[0] === 'lost') throw lost()
    return answer
  })
}

function idsIn(position: string, { id, keys }: Layout): readonly string[] {
  const [namespace, text = ''] = position.split(' ')
  const ids = text.split(',')
  if (!ids.every((each) => /^\d{1,16}-\d{1,16}$/.test(each))) throw invalidCursor('it is no position of a feed')
  if (namespace !== id || ids.length !== keys.buckets) throw lost()
  return ids
}

function lost(): StoreError {
  return new StoreError(
    'Changes behind the position are no longer there: they are older than keepChanges, or the namespace was emptied or set back since. Read all entities anew, and follow the changes from now on.',
    { code: 'POSITION_LOST', store: 'Redis' },
  )
}
