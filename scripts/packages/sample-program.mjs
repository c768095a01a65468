/** A small application, the same in every kind of project. */
const body = `
const Note = defineEntity({
  name: 'Note',
  schema: z.object({ owner: z.string(), id: z.string(), text: z.string() }),
  key: { partition: ['owner'], sort: ['id'] },
  revision: true,
})

async function main() {
  const db = await connect(memory(), { Note })
  await db.setup()
  const created = await db.Note.create({ owner: 'o-1', id: 'n-1', text: 'hello' })
  const read = await db.Note.get({ owner: 'o-1', id: 'n-1' })
  if (read === undefined || read.text !== 'hello' || read.revision !== created.revision) {
    throw new Error('not what was written: ' + JSON.stringify(read))
  }
  const again = await db.Note.create({ owner: 'o-1', id: 'n-1', text: 'again' }).catch((error: unknown) => error)
  if (!(again instanceof StoreError) || again.code !== 'ALREADY_EXISTS') throw again
  await db.close()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
`

const untyped = body.replaceAll(': unknown', '')

const imports = `import { connect, defineEntity, StoreError } from '@isomodel/core'
import { memory } from '@isomodel/memory'
import { z } from 'zod'
`

export const esModule = {
  sample: imports + untyped,
  /** Prints every name that every entry exports. @param {string[]} entries */
  names: (entries) =>
    `for (const entry of ${JSON.stringify(entries)}) console.log(entry, Object.keys(await import(entry)).sort().join())\n`,
}

export const commonJs = {
  sample: imports.replace(/import (.*) from ('.*')/g, 'const $1 = require($2)') + untyped,
  /** Prints every name that every entry exports. @param {string[]} entries */
  names: (entries) => `const own = (entry) => Object.keys(require(entry)).filter((key) => key !== '__esModule')
for (const entry of ${JSON.stringify(entries)}) console.log(entry, own(entry).sort().join())\n`,
}

export const typeScript = {
  sample: imports + body,
  /** Uses every entry. @param {string[]} entries */
  names: (entries) => `${entries.map((entry, index) => `import * as entry${index} from '${entry}'`).join('\n')}
console.log(${entries.map((_, index) => `entry${index}`).join(', ')})\n`,
}
