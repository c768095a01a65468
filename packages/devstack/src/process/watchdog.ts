/**
 * The program of the watchdog, for `node -e`: as text, because a published package has no file of its own that both its
 * ESM and its CommonJS build could name.
 *
 * Each line of standard input is `{ id, pid?, path? }`, to hold, or `{ id }`, to let go. At the end of input it kills
 * what is still held, then removes the paths, and ends.
 */
export const WATCHDOG: string = `
const { rm } = require('node:fs/promises')
const held = new Map()
let rest = ''
process.stdin.setEncoding('utf8')
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n')
  rest = lines.pop()
  for (const line of lines) {
    const { id, pid, path } = JSON.parse(line)
    if (pid === undefined && path === undefined) held.delete(id)
    else held.set(id, { pid, path })
  }
})
const signal = (pid, name) => {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}
process.stdin.on('error', () => {})
process.stdin.on('close', async () => {
  const pids = [...held.values()].flatMap(({ pid }) => pid ?? [])
  for (const pid of pids) signal(process.platform === 'win32' ? pid : -pid, 'SIGKILL')
  const deadline = Date.now() + 3000
  while (pids.some((pid) => signal(pid, 0)) && Date.now() < deadline) await new Promise((wake) => setTimeout(wake, 20))
  const paths = [...held.values()].flatMap(({ path }) => path ?? [])
  await Promise.allSettled(paths.map((path) => rm(path, { recursive: true, force: true, maxRetries: 5 })))
})
`
