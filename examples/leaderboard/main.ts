import { connect, defineEntity } from '@isomodel/core'
import { z } from 'zod'
import { store } from '../stores/chosen.js'

const Score = defineEntity({
  name: 'Score',
  schema: z.object({ game: z.string(), player: z.string(), points: z.int().default(0), rounds: z.int().default(0) }),
  key: { partition: ['game'], sort: ['player'] },
  indexes: { byPoints: { partition: ['game'], sort: ['points'] } },
})

await using db = await connect(store, { Score })
await db.setup()

const game = 'chess'

/** Counts a won round; the first one makes the player. However many end at once, none is lost. */
async function win(player: string, points: number): Promise<void> {
  await db.Score.update({ game, player }, (score, { add }) => [add(score.points, points), add(score.rounds, 1)], {
    orCreate: true,
    return: 'none',
  })
}

const wins: readonly (readonly [string, number])[] = [
  ['ann', 30],
  ['ben', 45],
  ['cem', 5],
  ['ann', 25],
  ['dora', 50],
  ['cem', 5],
  ['ann', 10],
]

await db.Score.deleteMany(wins.map(([player]) => ({ game, player })))
await Promise.all(wins.map(([player, points]) => win(player, points)))

const best = await db.Score.query('byPoints', { game }).reverse().limit(3).all()
for (const [at, { player, points, rounds }] of best.entries()) {
  console.log(`${at + 1}. ${player}: ${points} points in ${rounds} ${rounds === 1 ? 'round' : 'rounds'}`)
}

const atLeast50 = db.Score.query('byPoints', { game }).where((score, { gte }) => gte(score.points, 50))
console.log('players with 50 points or more:', await atLeast50.count())
