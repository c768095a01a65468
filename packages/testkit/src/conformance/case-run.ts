import type { Adapter, Capability, Claims, ConnectOptions, Entities, RequestEvent } from '@isomodel/core'
import { connectAny } from '../connect-any.js'
import { ConformanceError, same } from './check.js'
import { Clock } from './clock.js'
import type { CaseContext, Namespace, TestedDb } from './context.js'
import { CASE_TIMEOUT, type Harness, type HoldLimits } from './harness.js'
import { randomName } from './random-name.js'

const SETTLING = 10_000

/** The context of one run of one case. */
export class CaseRun implements CaseContext {
  readonly id: string = randomName('k')
  readonly clock: Clock = new Clock()
  readonly limits: HoldLimits
  readonly timeout: number
  readonly #harness: Harness
  readonly #namespace: string
  readonly #capabilities: Claims
  readonly #handles: { close(): Promise<void> }[] = []
  readonly #fresh: string[] = []
  readonly #requests: RequestEvent[] = []

  constructor(harness: Harness, namespace: string, capabilities: Claims) {
    this.#harness = harness
    this.#namespace = namespace
    this.#capabilities = capabilities
    this.limits = harness.limits ?? {}
    this.timeout = harness.timeout ?? CASE_TIMEOUT
  }

  connect<Es extends Entities>(entities: Es, options?: ConnectOptions): Promise<TestedDb<Es>> {
    return this.#connect(this.#harness.adapter(this.#namespace), entities, options)
  }

  fresh(): Namespace {
    const name = randomName('f')
    this.#fresh.push(name)
    return { connect: (entities, options) => this.#connect(this.#harness.adapter(name), entities, options) }
  }

  connectNowhere<Es extends Entities>(entities: Es, options?: ConnectOptions): Promise<TestedDb<Es>> {
    if (this.#harness.unreachable === undefined) throw new ConformanceError('the harness has no unreachable()')
    return this.#connect(this.#harness.unreachable(), entities, options)
  }

  claims(capability: Capability): boolean {
    return this.#capabilities[capability]
  }

  async trips<T>(work: () => Promise<T>): Promise<{ readonly answer: T; readonly requests: readonly RequestEvent[] }> {
    const before = this.#requests.length
    const answer = await work()
    return { answer, requests: this.#requests.slice(before) }
  }

  async settled(read: () => Promise<unknown>, expected: unknown, what?: string): Promise<void> {
    const until = Date.now() + (this.claims('index:strong') ? 0 : SETTLING)
    for (let pause = 5; ; pause = Math.min(pause * 2, 500)) {
      try {
        same(await read(), expected, what)
        return
      } catch (error) {
        if (!(error instanceof ConformanceError) || Date.now() >= until) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  async close(): Promise<void> {
    for (const handle of this.#handles.splice(0)) await handle.close()
    for (const namespace of this.#fresh.splice(0)) await this.#harness.drop?.(namespace)
  }

  async #connect<Es extends Entities>(
    adapter: Adapter | Promise<Adapter>,
    entities: Es,
    options: ConnectOptions = {},
  ): Promise<TestedDb<Es>> {
    const { onRequest, ...others } = options
    const db = await connectAny((await adapter) as Adapter<Capability>, entities, {
      now: this.clock.now,
      ...others,
      onRequest: (event) => {
        this.#requests.push(event)
        onRequest?.(event)
      },
    })
    this.#handles.push(db)
    return db
  }
}
