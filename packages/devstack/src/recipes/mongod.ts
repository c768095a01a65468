import { mongodFromMemoryServer } from '../fetch/mongodb-memory-server.js'
import { probeMongoDB, withMongoDB } from '../probe/mongodb.js'
import type { Recipe } from '../recipe.js'
import { atLeast } from './exactly.js'
import { mongodbAddress } from './mongodb-address.js'

const REPLICA_SET = 'isomodel'
const ALREADY_INITIALIZED = 23

/** Its own default cache is half of the machine's memory. */
const SMALL_REPLICA_SET = ['--replSet', REPLICA_SET, '--wiredTigerCacheSizeGB', '1']

/** MongoDB's own server, as a replica set of one: without one it has neither transactions nor change streams. */
export const mongod: Recipe = {
  name: 'mongod',
  store: 'mongodb',
  probe: probeMongoDB,
  container: {
    image: 'mongo:8.0',
    port: 27017,
    command: () => ['--bind_ip_all', ...SMALL_REPLICA_SET],
  },
  path: {
    binary: 'mongod',
    version: /db version v(\S+)/,
    refuse: atLeast(5),
    remedy: "Install MongoDB Community Server, 5.0 or later, by the system's package manager.",
  },
  fetched: { from: "mongodb-memory-server's mongod", obtain: mongodFromMemoryServer },
  arguments: ({ port, data }) => [
    '--bind_ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--dbpath',
    data,
    ...SMALL_REPLICA_SET,
    // A client on this machine has no use for the socket file in the temporary folder.
    ...(process.platform === 'win32' ? [] : ['--nounixsocket']),
  ],
  listening: /Waiting for connections/,
  picksPort: false,
  address: mongodbAddress,

  open: ({ host, port, ownPort }, signal) =>
    withMongoDB({ host, port }, signal, async (command) => {
      const members = [{ _id: 0, host: `127.0.0.1:${ownPort}` }]
      const reply = await command({ replSetInitiate: { _id: REPLICA_SET, members } })
      if (reply.get('ok') === 1 || reply.get('code') === ALREADY_INITIALIZED) return
      throw new Error(`the replica set could not be initiated: ${String(reply.get('errmsg'))}`)
    }),
}
