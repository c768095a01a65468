import { createHash } from 'node:crypto'
import commitText from './scripts/commit-2.lua'
import deleteText from './scripts/delete-3.lua'
import putText from './scripts/put-3.lua'
import readText from './scripts/read-0.lua'
import sweepText from './scripts/sweep-2.lua'
import updateText from './scripts/update-3.lua'

/** A script of this package; its file says what it takes and returns. */
export interface Script {
  readonly name: 'put-3' | 'update-3' | 'delete-3' | 'sweep-2' | 'commit-2' | 'read-0'
  readonly text: string
  /** What EVALSHA knows it by. */
  readonly sha: string
}

function script(name: Script['name'], text: string): Script {
  return { name, text, sha: createHash('sha1').update(text).digest('hex') }
}

export const putScript: Script = script('put-3', putText)
export const updateScript: Script = script('update-3', updateText)
export const deleteScript: Script = script('delete-3', deleteText)
export const sweepScript: Script = script('sweep-2', sweepText)
export const commitScript: Script = script('commit-2', commitText)
export const readScript: Script = script('read-0', readText)

export const scripts: readonly Script[] = [putScript, updateScript, deleteScript, sweepScript, commitScript, readScript]
