// Fetches and builds the engines that the tests run on, so that no test waits for a compiler.
import { prepareEngines } from '@isomodel/devstack'
import { engines, selectedStores } from './engines.js'

const names = selectedStores().flatMap((store) => (store === 'memory' ? [] : engines[store]))
try {
  await prepareEngines(names, { log: (line) => void process.stdout.write(`${line}\n`) })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
