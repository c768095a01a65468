/**
 * `npm start`, `npm test` and `npm run bench`, on a machine that has only Node (18 or newer) and npm: what is missing is
 * installed first, into this folder. Everything after that runs on the workspace's own Node.
 */
import { bench } from './run/bench.mjs'
import { passSignalsOn, Stopped, stopAll } from './run/processes.mjs'
import { start } from './run/start.mjs'
import { test } from './run/test.mjs'

const commands = new Map(Object.entries({ start, test, bench }))
const [name = '', ...args] = process.argv.slice(2)

/** @param {string[]} unused @returns {Promise<number>} */
async function refuse(unused) {
  console.error(`no command '${[name, ...unused].join(' ')}': use ${[...commands.keys()].join(', ')}`)
  return 1
}

passSignalsOn()
try {
  process.exitCode = await (commands.get(name) ?? refuse)(args)
} catch (error) {
  if (!(error instanceof Stopped)) throw error
  console.error(error.message)
  process.exitCode = 130
} finally {
  await stopAll()
}
