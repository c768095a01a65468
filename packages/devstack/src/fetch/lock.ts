import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.js'
import { hold } from '../process/guard.js'
import { isAlive } from '../process/kill-group.js'

const HEARTBEAT = 2_000
const STALE = 15_000
const POLL = 100

/**
 * Runs `work` while no other process that uses the same lock file does. The others wait, and say so.
 *
 * The file tells who holds it, and a heartbeat keeps it young: it is stale when its process on this machine is gone, or,
 * for one in another container or on another machine, when it has not been touched for 15 seconds. Two processes that
 * find the same stale lock at the same moment may both go on. That wastes work and breaks nothing, since what they
 * install is put in place by one rename.
 */
export async function withLock<T>(file: string, task: string, context: Context, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(file), { recursive: true })
  let told = false
  while (!(await take(file))) {
    context.signal.throwIfAborted()
    const holder = await readHolder(file)
    if (holder === undefined) continue
    if (holder.stale) {
      await rm(file, { force: true })
      continue
    }
    if (!told) context.log(`${task}: another process (${holder.pid}) is at it; waiting`)
    told = true
    await sleep(POLL)
  }
  const release = hold({ path: file })
  const heartbeat = setInterval(() => {
    const now = new Date()
    // The lock may have been taken for stale after a long sleep of the machine; then it is not ours to keep young.
    utimes(file, now, now).catch(() => clearInterval(heartbeat))
  }, HEARTBEAT)
  heartbeat.unref()
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    await rm(file, { force: true })
    release()
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx')
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }))
    await handle.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** `undefined` when the lock has just been released. */
async function readHolder(file: string): Promise<{ pid: number | string; stale: boolean } | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    const old = Date.now() - mtimeMs > STALE
    // Between its creation and its first byte a lock is empty.
    if (text === '') return { pid: 'starting', stale: old }
    const { pid, host } = JSON.parse(text) as { pid: number; host: string }
    return { pid, stale: old || (host === hostname() && !isAlive(pid)) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
