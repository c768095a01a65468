import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type CompareOptions, compare } from '../compare.js'
import { ownVersion } from '../facts/versions.js'
import { renderReport } from '../report/report.js'
import type { Comparison } from '../result.js'
import { type Terminal, TerminalProgress } from '../terminal/progress.js'
import { renderTable } from '../terminal/table.js'
import { type Arguments, readArguments, UsageError } from './arguments.js'
import { requireWritable } from './writable.js'

export interface CommandOptions extends Pick<CompareOptions, 'signal' | 'imported'> {
  readonly stdout: Terminal
  readonly stderr: Terminal
}

export const comparisonHelp = `Usage: isomodel compare [options]

Runs one model, an online shop with sixteen access patterns, on every store: first its sample rows,
whose answers must equal the file's own, then a generated shop, measured beside the vendor's own client.
Engines are started as needed; DYNAMODB_ENDPOINT, MONGODB_URI, REDIS_URL and VALKEY_URL name your own.

  --stores <names>   of dynamodb, mongodb, redis, valkey, memory, with commas between (default: all)
  --size <name>      of the generated shop: small, medium, large (default: medium)
  --seed <number>    what it is generated from (default: 1)
  --out <file>       where the report goes, over what is there, also when that had more stores (default: report.html)
  --json             print the figures as JSON on standard output, and nothing else there
  --help, --version

npm prints a header of its own: in the repository, npm start --silent -- --json > figures.json

Exit code: 0 when every answer is equal, 1 when one differs or a store fails, 2 for bad arguments.
`

/** Code of a program that Ctrl-C ended. */
const INTERRUPTED = 130

/** `isomodel compare`: gives the exit code. */
export async function runComparison(argv: readonly string[], options: CommandOptions): Promise<number> {
  const { stdout, stderr } = options
  let asked: Arguments
  try {
    asked = readArguments(argv)
    if (!asked.help && !asked.version) await requireWritable(asked.out)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    stderr.write(`isomodel compare: ${error.message}\nSee isomodel compare --help\n`)
    return 2
  }
  if (asked.help || asked.version) {
    stdout.write(asked.help ? comparisonHelp : `${ownVersion()}\n`)
    return 0
  }
  const progress = new TerminalProgress(stderr)
  let comparison: Comparison
  try {
    const { stores, size, seed } = asked
    const { signal, imported } = options
    comparison = await compare({
      stores,
      size,
      seed,
      progress,
      ...(signal === undefined ? {} : { signal }),
      ...(imported === undefined ? {} : { imported }),
    })
  } catch (error) {
    if (options.signal?.aborted !== true) throw error
    stderr.write('isomodel compare: interrupted\n')
    return INTERRUPTED
  } finally {
    progress.end()
  }
  return tell(comparison, asked, options)
}

async function tell(
  comparison: Comparison,
  { out, json }: Arguments,
  { stdout, stderr }: CommandOptions,
): Promise<number> {
  stdout.write(json ? `${JSON.stringify(comparison, undefined, 2)}\n` : renderTable(comparison))
  const file = resolve(out)
  try {
    await writeFile(file, renderReport(comparison))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    stderr.write(`isomodel compare: the report could not be written: ${reason}\n`)
    return 1
  }
  stderr.write(`The report is in ${file}\n`)
  return comparison.ok ? 0 : 1
}
