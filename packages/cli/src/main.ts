#!/usr/bin/env node
import { run } from './run.js'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The second one does not wait: Node's default is back.
  process.once(signal, () => stopping.abort(new Error(`stopped by ${signal}`)))
}

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: stopping.signal,
})
