import type { Fetched, FetchRequest, ReadCall, Row } from '@isomodel/core/driver'
import type { EntityCollection } from './collection.js'
import type { Find } from './planner.js'
import type { Server } from './server.js'

/** One `find` of a plan: a page of its rows, each with its position. */
export async function fetchPage(
  server: Server,
  { codec }: EntityCollection,
  find: Find,
  { after, limit, now }: FetchRequest,
  call: ReadCall,
): Promise<Fetched> {
  const command = find.command(after, limit, new Date(now))
  if (command === undefined) return { rows: [] }
  const { documents, unfinished } = await server.find(command, call)
  const rows = documents.map((document): Row => {
    const stored = codec.decode(document)
    return { stored, position: () => find.position(document, stored) }
  })
  const last = rows.at(-1)
  return last !== undefined && (unfinished || rows.length === limit) ? { rows, next: last.position() } : { rows }
}
