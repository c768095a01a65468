import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Environment } from '../engine.js'

/** The first executable file of this name on `PATH`, or `undefined`. */
export async function findOnPath(name: string, env: Environment): Promise<string | undefined> {
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== '')
  const endings = process.platform === 'win32' ? (env.PATHEXT ?? '.EXE').split(';') : ['']
  for (const folder of folders) {
    for (const ending of endings) {
      const file = join(folder, name + ending)
      if (await isExecutable(file)) return file
    }
  }
  return undefined
}

const isExecutable = async (file: string): Promise<boolean> => {
  const usable = await access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
  return usable && (await stat(file)).isFile()
}
