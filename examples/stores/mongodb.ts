import { mongodb } from '@isomodel/mongodb'

const uri = process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017'

const database = process.env.NAMESPACE ?? 'examples'

export const store = mongodb({ uri, database })
