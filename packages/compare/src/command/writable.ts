import { access, constants, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { UsageError } from './arguments.js'

/**
 * Found out before a run of minutes, not after it. Nothing is written: a run that is interrupted leaves the file as it was.
 *
 * @throws {UsageError} when the file could not be written.
 */
export async function requireWritable(out: string): Promise<void> {
  const file = resolve(out)
  const reason = await obstacle(file)
  if (reason !== undefined) throw new UsageError(`--out is ${JSON.stringify(out)}, which cannot be written: ${reason}`)
}

async function obstacle(file: string): Promise<string | undefined> {
  const folder = dirname(file)
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory()) return 'it is a folder; name a file in it'
  if (there !== undefined) return (await mayWrite(file)) ? undefined : 'the file is not yours to write'
  const around = await stat(folder).catch(() => undefined)
  if (!around?.isDirectory()) return `there is no folder ${folder}; create it first`
  return (await mayWrite(folder)) ? undefined : `the folder ${folder} is not yours to write`
}

const mayWrite = (path: string): Promise<boolean> =>
  access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
