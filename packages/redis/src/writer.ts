import {
  afterCommit,
  type BatchOp,
  type BatchOutcome,
  type Call,
  judge,
  type Stored,
  StoreError,
  type WriteOp,
  type WriteOutcome,
} from '@isomodel/core/driver'
import type { Access } from './access.js'
import { isThrottled, notAnEntity } from './errors.js'
import { Expired } from './expired.js'
import type { Place } from './keys.js'
import { oversize, refuseOversize, within } from './limits.js'
import type { Entry } from './outbox.js'
import type { Reply, ScriptCall } from './request.js'
import type { Wire } from './wire.js'
import { writeCall } from './write-request.js'

/** Expired entities that a write takes along. */
const SWEPT_BESIDE = 5

/** Does writes: one script call each. */
export class Writer {
  readonly #access: Access
  readonly #expired = new Expired()
  /** Index sets that stored entities are in and the model does not name: indexes that were dropped. */
  readonly #dropped: Set<string>

  constructor(access: Access, dropped: Set<string>) {
    this.#access = access
    this.#dropped = dropped
  }

  async write(op: WriteOp, call: Call): Promise<WriteOutcome> {
    const place = this.#access.keys.place(op.entity, op.key)
    for (let attempt = 0; ; attempt++) {
      const reply = await this.#access.connection.run(this.#call(op, place), { call, writes: true })
      const answer = this.#take(reply, place)
      await this.#access.outbox.post(answer.outgoing)
      if (answer.code !== 'KEYS' || attempt > 1) return this.#outcome(op, answer)
    }
  }

  async writeBatch(ops: readonly BatchOp[], call: Call): Promise<BatchOutcome[]> {
    const places = ops.map((op) => this.#access.keys.place(op.entity, op.key))
    const calls = ops.map((op, at) => this.#call(op, places[at] as Place))
    const replies = await this.#access.connection.runAll(calls, { call, writes: true })
    const answers = replies.map((reply, at) =>
      reply instanceof StoreError ? reply : this.#take(reply, places[at] as Place),
    )
    await this.#access.outbox.post(answers.flatMap((answer) => (answer instanceof StoreError ? [] : answer.outgoing)))
    return Promise.all(
      ops.map(async (op, at): Promise<BatchOutcome> => {
        try {
          const answer = answers[at] as Answer | StoreError
          if (answer instanceof StoreError) throw answer
          const outcome = answer.code === 'KEYS' ? await this.write(op, call) : this.#outcome(op, answer)
          if (outcome.status === 'done') return { status: 'done' }
          throw new StoreError(`An unguarded write was refused as ${outcome.reason}.`, { code: 'UNEXPECTED' })
        } catch (error) {
          if (error instanceof StoreError && isThrottled(error)) return { status: 'throttled' }
          return { status: 'failed', error }
        }
      }),
    )
  }

  /** The call that `write` would make, without what it would take along. */
  explain(op: WriteOp): ScriptCall {
    const place = this.#access.keys.place(op.entity, op.key)
    return writeCall(op, place, this.#access, { expired: [], indexIds: this.#dropped })
  }

  #call(op: WriteOp, place: Place): ScriptCall {
    const expired = this.#expired.take(place.bucket, SWEPT_BESIDE)
    // Any entity may have expired, so their removal may concern any index set.
    const indexIds = expired.length === 0 ? this.#dropped : [...this.#access.entities.indexIds, ...this.#dropped]
    const call = within(() => writeCall(op, place, this.#access, { expired, indexIds }))
    refuseOversize(call, op)
    return call
  }

  #take(reply: Reply, { bucket }: Place): Answer {
    const [code, due, missing, image, outgoing = []] = reply as Answered
    this.#expired.add(bucket, due)
    for (const id of missing) this.#dropped.add(id)
    return { code, image, outgoing: outgoing.map((text) => ({ bucket, text })) }
  }

  #outcome(op: WriteOp, { code, image }: Judged): WriteOutcome {
    const found = this.#read(op, { code, image })
    if (code !== 'done') return this.#refusal(op, code, found)
    if (op.kind === 'put' && op.returning === 'new') {
      return { status: 'done', new: { values: op.values, token: op.token } }
    }
    if (op.returning === 'none' || found === undefined) return { status: 'done' }
    return op.returning === 'old' ? { status: 'done', old: found } : { status: 'done', new: found }
  }

  /** The entity that a script answered with. */
  #read(op: WriteOp, { code, image }: Judged): Stored | undefined {
    const read = (): Stored | undefined => {
      if (image === null) throw notAnEntity()
      return this.#access.entities.of(op.entity).codec.decode(image)?.stored
    }
    return code === 'done' ? afterCommit(read) : read()
  }

  /** The script tells why it refused; the words, and where in the entity, come from what it was judged on. */
  #refusal(op: WriteOp, code: string, current: Stored | undefined): WriteOutcome {
    if (code === 'FORMAT') throw notAnEntity()
    if (code === 'SIZE') throw oversize('A field of the entity would be')
    const judgement = judge(op, current)
    if (judgement.status === 'refused' && judgement.reason === code) return judgement
    throw new StoreError(
      `The server refused the write as ${code}, which does not follow from what is stored. It may have been altered by ` +
        'other code; read the entity and try again, and report it if it goes on.',
      { code: 'UNEXPECTED', store: 'Redis' },
    )
  }
}

/** What a write script answers: see scripts/parts/entity.lua. */
type Answered = readonly [
  code: string,
  due: readonly Wire[],
  missing: readonly string[],
  image: Judged['image'],
  outgoing?: readonly Wire[],
]

interface Judged {
  readonly code: string
  /** null: what lies there is no hash. */
  readonly image: readonly Wire[] | null
}

interface Answer extends Judged {
  readonly outgoing: readonly Entry[]
}
