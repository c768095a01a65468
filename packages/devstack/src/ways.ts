import { ContainerEngine } from './container/container-engine.js'
import { requireDocker } from './container/daemon.js'
import { loadTestcontainers } from './container/load-testcontainers.js'
import type { Context } from './context.js'
import type { Engine, EngineSource } from './engine.js'
import { EngineError } from './engine-error.js'
import { LocalEngine } from './local/local-engine.js'
import { findOnPath } from './process/find-on-path.js'
import { run } from './process/run.js'
import type { ContainerRecipe, FetchRecipe, PathRecipe, Program, Recipe } from './recipe.js'

/** What is needed to start an engine is on this machine. */
export interface Prepared {
  /** The program, or the container's image. */
  readonly location: string
  start(): Promise<Engine>
}

/** One way to obtain an engine. */
export interface Way {
  readonly source: EngineSource
  /** As in `redis on the PATH`. */
  readonly name: string
  prepare(context: Context): Promise<Prepared>
}

/** The ways to one engine, in the order in which they are tried. */
export function waysTo(recipe: Recipe): Way[] {
  const { container, path, fetched } = recipe
  return [
    ...(container === undefined ? [] : [inContainer(recipe, container)]),
    ...(path === undefined ? [] : [onPath(recipe, path)]),
    ...(fetched === undefined ? [] : [fromRegistry(recipe, fetched)]),
  ]
}

const inContainer = (recipe: Recipe, container: ContainerRecipe): Way => ({
  source: 'container',
  name: `${recipe.name} in a container`,
  async prepare(context) {
    await requireDocker()
    const { getContainerRuntimeClient, ImageName } = await loadTestcontainers()
    const { image } = await getContainerRuntimeClient()
    context.log(`${recipe.name}: image ${container.image}, pulled if it is not here yet`)
    await image.pull(ImageName.fromString(container.image)).catch((cause: unknown) => {
      throw new EngineError(
        'INSTALL_FAILED',
        `Docker could not pull ${container.image}: ${String(cause)}`,
        `Run docker pull ${container.image}, or set TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX to a registry that has it.`,
        { cause },
      )
    })
    return { location: container.image, start: () => ContainerEngine.start(recipe, container, context) }
  },
})

const onPath = (recipe: Recipe, path: PathRecipe): Way => ({
  source: 'path',
  name: `${recipe.name} on the PATH`,
  async prepare(context) {
    const file = await findOnPath(path.binary, context.env)
    if (file === undefined) throw new EngineError('UNAVAILABLE', `There is no ${path.binary}.`, path.remedy)
    const output = await run(file, ['--version'], context)
    const version = path.version.exec(output)?.[1]
    const refusal = version === undefined ? 'it does not tell its version' : path.refuse(version, output)
    if (refusal !== undefined) throw new EngineError('UNAVAILABLE', `Of ${file}: ${refusal}.`, path.remedy)
    return local(recipe, { file, ...(version === undefined ? {} : { version }) }, 'path', context)
  },
})

const fromRegistry = (recipe: Recipe, fetched: FetchRecipe): Way => ({
  source: 'fetched',
  name: `${recipe.name} from ${fetched.from}`,
  prepare: async (context) => local(recipe, await fetched.obtain(context), 'fetched', context),
})

const local = (recipe: Recipe, program: Program, source: EngineSource, context: Context): Prepared => ({
  location: program.file,
  start: () => LocalEngine.start(recipe, program, source, context),
})
