import { createHash } from 'node:crypto'
import commitText from './scripts/commit-3.lua'
import confirmText from './scripts/confirm-1.lua'
import deleteText from './scripts/delete-4.lua'
import deliverText from './scripts/deliver-1.lua'
import feedText from './scripts/feed-1.lua'
import putText from './scripts/put-4.lua'
import readText from './scripts/read-0.lua'
import settleText from './scripts/settle-2.lua'
import sweepText from './scripts/sweep-3.lua'
import updateText from './scripts/update-4.lua'
import witnessText from './scripts/witness-2.lua'

/** A script of this package; its file says what it takes and returns. */
export interface Script {
  readonly name:
    | 'put-4'
    | 'update-4'
    | 'delete-4'
    | 'sweep-3'
    | 'commit-3'
    | 'read-0'
    | 'feed-1'
    | 'deliver-1'
    | 'confirm-1'
    | 'settle-2'
    | 'witness-2'
  readonly text: string
  /** What EVALSHA knows it by. */
  readonly sha: string
}

function script(name: Script['name'], text: string): Script {
  return { name, text, sha: createHash('sha1').update(text).digest('hex') }
}

export const putScript: Script = script('put-4', putText)
export const updateScript: Script = script('update-4', updateText)
export const deleteScript: Script = script('delete-4', deleteText)
export const sweepScript: Script = script('sweep-3', sweepText)
export const commitScript: Script = script('commit-3', commitText)
export const readScript: Script = script('read-0', readText)
export const feedScript: Script = script('feed-1', feedText)
export const deliverScript: Script = script('deliver-1', deliverText)
export const confirmScript: Script = script('confirm-1', confirmText)
export const settleScript: Script = script('settle-2', settleText)
export const witnessScript: Script = script('witness-2', witnessText)

export const scripts: readonly Script[] = [
  feedScript,
  putScript,
  updateScript,
  deleteScript,
  sweepScript,
  commitScript,
  readScript,
  deliverScript,
  confirmScript,
  settleScript,
  witnessScript,
]
