import { randomUUID } from 'node:crypto'
import { connect, defineEntity, StoreError } from '@isomodel/core'
import { z } from 'zod'
import { store } from '../stores/chosen.js'

const MINUTE = 60_000

const Session = defineEntity({
  name: 'Session',
  schema: z.object({ token: z.string(), userId: z.string(), roles: z.set(z.string()), expiresAt: z.date() }),
  key: { partition: ['token'] },
  indexes: { byUser: { partition: ['userId'], sort: ['expiresAt'] } },
  ttl: 'expiresAt',
  // A token opens the door: it shows in no error and no event.
  sensitive: ['token'],
})

// A clock of our own, so that the example need not wait for half an hour. An application leaves it out.
let now = Date.now()
await using db = await connect(store, { Session }, { now: () => now })
await db.setup()

const inHalfAnHour = (): Date => new Date(now + 30 * MINUTE)

async function signIn(userId: string): Promise<string> {
  const token = randomUUID()
  await db.Session.create({ token, userId, roles: new Set(['reader']), expiresAt: inHalfAnHour() })
  return token
}

/** The user of a session, which then lasts half an hour from now; undefined when it has ended. */
async function whoIs(token: string): Promise<string | undefined> {
  try {
    return (await db.Session.update({ token }, { expiresAt: inHalfAnHour() })).userId
  } catch (error) {
    if (error instanceof StoreError && error.code === 'NOT_FOUND') return undefined
    throw error
  }
}

const userId = `ann-${randomUUID()}`
const phone = await signIn(userId)
const laptop = await signIn(userId)

now += 20 * MINUTE
console.log('after 20 minutes the phone is used:', (await whoIs(phone)) === userId ? 'signed in' : 'signed out')

now += 20 * MINUTE
console.log('after 40 minutes, the phone:', (await whoIs(phone)) === userId ? 'signed in' : 'signed out')
console.log('after 40 minutes, the laptop:', (await whoIs(laptop)) === userId ? 'signed in' : 'signed out')
console.log('sessions of the user:', await db.Session.query('byUser', { userId }).count())

await db.Session.delete({ token: phone })
console.log('after signing out:', await db.Session.query('byUser', { userId }).count())
