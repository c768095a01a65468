import { createRequire } from 'node:module'
import { type CommandOptions, runComparison } from '@isomodel/compare'

const help = `Usage: isomodel <command> [options]

  compare     run one model on every store, hold the answers against each other, measure, write a report

  --help, --version

isomodel <command> --help tells of a command.
`

type Command = (argv: readonly string[], options: CommandOptions) => Promise<number>

const commands: ReadonlyMap<string, Command> = new Map([['compare', runComparison]])

/** Runs the command that the arguments name; gives the exit code. */
export async function run(argv: readonly string[], options: CommandOptions): Promise<number> {
  const [name = '--help', ...rest] = argv
  if (name === '--help' || name === '-h') {
    options.stdout.write(help)
    return 0
  }
  if (name === '--version') {
    const { version } = createRequire(import.meta.url)('isomodel/package.json') as { readonly version: string }
    options.stdout.write(`${version}\n`)
    return 0
  }
  const command = commands.get(name)
  if (command !== undefined) return command(rest, options)
  const kind = name.startsWith('-') ? 'option' : 'command'
  options.stderr.write(`isomodel: there is no ${kind} ${JSON.stringify(name)}\nSee isomodel --help\n`)
  return 2
}
