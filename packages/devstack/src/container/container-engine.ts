import type { ContainerRuntimeClient, GenericContainer, StartedTestContainer, WaitStrategy } from 'testcontainers'
import { type Context, uncancelled } from '../context.js'
import type { Engine, EngineName, Store } from '../engine.js'
import { EngineError, messageOf } from '../engine-error.js'
import { inTurn } from '../in-turn.js'
import { freePort, PORT_TAKEN } from '../local/port.js'
import type { ContainerRecipe, Reach, Recipe } from '../recipe.js'
import { untilAnswering } from '../until-answering.js'

const GOODBYE_SECONDS = 10
const PORT_ATTEMPTS = 5

type Docker = ReturnType<ContainerRuntimeClient['container']['getById']>

/** A server in a container. Testcontainers' own helper removes the container when this process is gone. */
export class ContainerEngine implements Engine {
  readonly store: Store
  readonly engine: EngineName
  readonly source = 'container'
  readonly pid: number | undefined = undefined
  readonly address: string
  readonly #recipe: Recipe
  readonly #docker: Docker
  readonly #reach: Reach
  #context: Context
  readonly #turn: <T>(work: () => Promise<T>) => Promise<T> = inTurn()
  #version: string | undefined
  #stopped = false

  private constructor(recipe: Recipe, docker: Docker, reach: Reach, context: Context) {
    this.#recipe = recipe
    this.#docker = docker
    this.#reach = reach
    this.#context = context
    this.store = recipe.store
    this.engine = recipe.name
    this.address = recipe.address(reach.host, reach.port)
  }

  static async start(recipe: Recipe, container: ContainerRecipe, context: Context): Promise<ContainerEngine> {
    const testcontainers = await import('testcontainers')
    const { LoopbackContainer, StartedIsEnough } = await import('./containers.js')
    const client = await testcontainers.getContainerRuntimeClient()
    const { host: daemon } = client.info.containerRuntime
    const local = daemon === 'localhost' || daemon === '127.0.0.1'
    const Container = local ? LoopbackContainer : testcontainers.GenericContainer
    const { port, started } = await publish(recipe, container, Container, new StartedIsEnough(), context)
    const reach = { host: local ? '127.0.0.1' : daemon, port, ownPort: container.port }
    const docker = client.container.getById(started.getId())
    const engine = new ContainerEngine(recipe, docker, reach, context)
    try {
      await engine.#untilReady(container)
      engine.#isStarted()
      return engine
    } catch (error) {
      await engine.stop()
      throw error
    }
  }

  #isStarted(): void {
    this.#context = uncancelled(this.#context)
  }

  get version(): string | undefined {
    return this.#version
  }

  pause(): Promise<void> {
    return this.#control(async () => void (await this.#docker.pause()))
  }

  resume(): Promise<void> {
    return this.#control(async () => void (await this.#docker.unpause()))
  }

  kill(): Promise<void> {
    return this.#control(async () => {
      const { State } = await this.#docker.inspect()
      if (State.Running) await this.#docker.kill()
    })
  }

  restart(): Promise<void> {
    return this.#control(async () => {
      const { State } = await this.#docker.inspect()
      if (State.Paused) await this.#docker.unpause()
      await this.#docker.restart({ t: GOODBYE_SECONDS })
      await this.#untilReady(this.#recipe.container)
    })
  }

  stop(): Promise<void> {
    return this.#turn(async () => {
      if (this.#stopped) return
      await this.#docker.remove({ force: true, v: true })
      this.#stopped = true
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #control(work: () => Promise<void>): Promise<void> {
    return this.#turn(async () => {
      if (!this.#stopped) return work()
      throw new EngineError('STOPPED', `This ${this.engine} was stopped and its data is gone.`, 'Start another one.')
    })
  }

  async #untilReady(container: ContainerRecipe | undefined): Promise<void> {
    const deadline = Date.now() + this.#context.timeout
    const check = async () => {
      const { State } = await this.#docker.inspect()
      if (!State.Running)
        throw new EngineError('NOT_READY', `its container ended (code ${State.ExitCode})`, 'See its log.')
    }
    const identity = await untilAnswering(this.#recipe, this.#reach, deadline, this.#context.signal, check).catch(
      (cause: unknown) => {
        this.#context.signal.throwIfAborted()
        throw notReady(this.#recipe, container, cause)
      },
    )
    this.#version = identity.version ?? (await this.#versionInLog())
  }

  async #versionInLog(): Promise<string | undefined> {
    if (this.#recipe.versionInLog === undefined) return undefined
    const log = await this.#docker.logs({ follow: false, stdout: true, stderr: true })
    return this.#recipe.versionInLog.exec(log.toString('utf8'))?.[1]
  }
}

/** The port is chosen here and not by Docker, which would choose another one when the container is restarted. */
async function publish(
  recipe: Recipe,
  container: ContainerRecipe,
  Container: typeof GenericContainer,
  wait: WaitStrategy,
  context: Context,
): Promise<{ port: number; started: StartedTestContainer }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      const started = await new Container(container.image)
        .withCommand(container.command(context.durable))
        .withExposedPorts({ container: container.port, host: port })
        .withWaitStrategy(wait)
        .withStartupTimeout(context.timeout)
        .start()
      return { port, started }
    } catch (cause) {
      if (attempt === PORT_ATTEMPTS || !PORT_TAKEN.test(messageOf(cause))) throw notReady(recipe, container, cause)
    }
  }
}

const notReady = (recipe: Recipe, container: ContainerRecipe | undefined, cause: unknown): EngineError =>
  new EngineError(
    'NOT_READY',
    `${recipe.name} did not start in a container of ${container?.image ?? 'its image'}: ${messageOf(cause)}`,
    'Look at the log of the container, or give it more time by the option `timeout`.',
    { cause },
  )
