import { mongodb } from '@isomodel/mongodb'
import { faultsOn } from './on-engine.js'

faultsOn({
  store: 'mongodb',
  engine: 'secantus-mdb',
  calls: 300,
  // A transaction is some five requests, and one that cannot even be undone keeps others out until the server gives it up.
  badness: 0.15,
  adapter: (uri, database) => mongodb({ uri, database }),
})
