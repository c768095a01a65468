import { parseArgs } from 'node:util'
import { type SizeName, sizes } from '../shop/generate.js'
import { type StoreName, storeNames } from '../stores/names.js'

/** What the command line asked for. */
export interface Arguments {
  readonly stores: readonly StoreName[]
  readonly size: SizeName
  readonly seed: number
  /** Where the report goes, as given. */
  readonly out: string
  readonly json: boolean
  readonly help: boolean
  readonly version: boolean
}

/** The command line is not understood; the message names the argument and what it can be. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

const sizeNames = Object.keys(sizes) as SizeName[]

/** @throws {UsageError} */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parse(argv)
  return {
    stores: readStores(values.stores),
    size: readSize(values.size),
    seed: readSeed(values.seed),
    out: readOut(values.out),
    json: values.json ?? false,
    help: values.help ?? false,
    version: values.version ?? false,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: false,
      options: {
        stores: { type: 'string' },
        size: { type: 'string' },
        seed: { type: 'string' },
        out: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean' },
      },
    })
  } catch (error) {
    // Node's own message names the argument; its hint about `--` is for programs that take other arguments.
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] as string) : String(error))
  }
}

function readStores(text: string | undefined): readonly StoreName[] {
  if (text === undefined) return storeNames
  const asked = text.split(',').map((name) => name.trim())
  for (const name of asked) {
    if (!isStore(name)) {
      throw new UsageError(
        `--stores has no ${JSON.stringify(name)}; it takes ${storeNames.join(', ')}, with commas between`,
      )
    }
  }
  return storeNames.filter((name) => asked.includes(name))
}

function isStore(name: string): name is StoreName {
  return (storeNames as readonly string[]).includes(name)
}

function readSize(text = 'medium'): SizeName {
  const size = sizeNames.find((name) => name === text)
  if (size === undefined) throw new UsageError(`--size is ${JSON.stringify(text)}; it takes ${sizeNames.join(', ')}`)
  return size
}

const MOST_SEED = 2 ** 32 - 1

function readSeed(text = '1'): number {
  const seed = Number(text)
  if (!/^\d+$/.test(text) || seed > MOST_SEED) {
    throw new UsageError(`--seed is ${JSON.stringify(text)}; it takes a whole number from 0 to ${MOST_SEED}`)
  }
  return seed
}

function readOut(text = 'report.html'): string {
  if (text.trim() === '') throw new UsageError('--out is empty; it takes the path of a file, such as report.html')
  return text
}
