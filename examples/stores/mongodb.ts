import { mongodb } from '@isomodel/mongodb'

const uri = process.env.MONGODB_URI ?? 'mongodb://127.0.0.1:27017'

export const store = mongodb({ uri, database: 'examples' })
