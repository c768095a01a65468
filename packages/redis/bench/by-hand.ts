import { createHash, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { OrderValues } from './order.js'

/**
 * The same orders kept with ioredis alone, as a careful developer would: one hash an order with a new token each time, two
 * indexes in sorted sets, each write one script that judges its condition and keeps the indexes, so that no reader ever sees
 * half of it.
 */
const STORE = `
local old = redis.call('HMGET', KEYS[1], 'byStatus', 'byEmail')
if old[1] and old[1] ~= ARGV[1] then redis.call('ZREM', KEYS[3], old[1]) end
if old[2] and old[2] ~= ARGV[2] then redis.call('ZREM', KEYS[4], old[2]) end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'byStatus', ARGV[1], 'byEmail', ARGV[2], unpack(ARGV, 4))
redis.call('ZADD', KEYS[2], 0, ARGV[3])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
redis.call('ZADD', KEYS[4], 0, ARGV[2])
return 1`

const CHANGE_STATUS = `
local old = redis.call('HMGET', KEYS[1], 'status', 'byStatus')
if not old[1] then return 'absent' end
if old[1] ~= ARGV[1] then return 'refused' end
redis.call('HSET', KEYS[1], 'status', ARGV[2], 'byStatus', ARGV[3], 'token', ARGV[4])
redis.call('ZREM', KEYS[2], old[2])
redis.call('ZADD', KEYS[2], 0, ARGV[3])
return 'done'`

const COUNT = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 'absent' end
redis.call('HINCRBY', KEYS[1], 'views', 1)
redis.call('HSET', KEYS[1], 'token', ARGV[1])
return redis.call('HGETALL', KEYS[1])`

type Key = Pick<OrderValues, 'customerId' | 'orderId'>

export class ByHand {
  readonly #client: Redis
  readonly #namespace: string

  constructor(client: Redis, namespace: string) {
    this.#client = client
    this.#namespace = namespace
  }

  async load(): Promise<void> {
    for (const text of [STORE, CHANGE_STATUS, COUNT]) await this.#client.script('LOAD', text)
  }

  async get(key: Key): Promise<OrderValues | undefined> {
    const hash = await this.#client.hgetall(this.#key(key))
    return hash.orderId === undefined ? undefined : read(hash)
  }

  async put(order: OrderValues): Promise<OrderValues> {
    const id = `${order.customerId}#${order.orderId}`
    await this.#client.evalsha(
      sha(STORE),
      4,
      this.#key(order),
      `${this.#namespace}:keys`,
      `${this.#namespace}:byStatus`,
      `${this.#namespace}:byEmail`,
      this.#byStatus(order, order.status),
      `${order.email}#${order.placedAt.toISOString()}#${id}`,
      id,
      ...this.#fields(order),
    )
    return order
  }

  /** What many applications do: the hash alone, no index, no condition, no token. */
  async putAlone(order: OrderValues): Promise<void> {
    await this.#client.hset(`${this.#key(order)}:alone`, ...this.#fields(order))
  }

  async changeStatus(order: OrderValues, from: OrderValues['status'], to: OrderValues['status']): Promise<void> {
    const answer = await this.#client.evalsha(
      sha(CHANGE_STATUS),
      2,
      this.#key(order),
      `${this.#namespace}:byStatus`,
      from,
      to,
      this.#byStatus(order, to),
      token(),
    )
    if (answer !== 'done') throw new Error(`the status was not changed: ${answer}`)
  }

  async count(key: Key): Promise<OrderValues> {
    const flat = (await this.#client.evalsha(sha(COUNT), 1, this.#key(key), token())) as string[]
    const hash: Record<string, string> = {}
    for (let at = 0; at < flat.length; at += 2) hash[flat[at] as string] = flat[at + 1] as string
    return read(hash)
  }

  async page(status: OrderValues['status'], limit: number): Promise<OrderValues[]> {
    const members = await this.#client.zrange(
      `${this.#namespace}:byStatus`,
      `[${status}#`,
      `(${status}$`,
      'BYLEX',
      'LIMIT',
      0,
      limit,
    )
    const pipeline = this.#client.pipeline()
    for (const member of members) {
      const [, , customerId = '', orderId = ''] = member.split('#')
      pipeline.hgetall(this.#key({ customerId, orderId }))
    }
    const replies = (await pipeline.exec()) ?? []
    return replies.map(([error, hash]) => {
      if (error) throw error
      return read(hash as Record<string, string>)
    })
  }

  #byStatus({ customerId, orderId, placedAt }: OrderValues, status: string): string {
    return `${status}#${placedAt.toISOString()}#${customerId}#${orderId}`
  }

  #key({ customerId, orderId }: Key): string {
    return `${this.#namespace}:order:${customerId}#${orderId}`
  }

  #fields(order: OrderValues): (string | number)[] {
    return [
      'customerId',
      order.customerId,
      'orderId',
      order.orderId,
      'status',
      order.status,
      'placedAt',
      order.placedAt.toISOString(),
      'total',
      order.total,
      'currency',
      order.currency,
      'paid',
      order.paid ? '1' : '0',
      'note',
      order.note,
      'email',
      order.email,
      'views',
      order.views,
      'address',
      JSON.stringify(order.address),
      'lines',
      JSON.stringify(order.lines),
      'token',
      token(),
    ]
  }
}

function read(hash: Record<string, string>): OrderValues {
  return {
    customerId: hash.customerId as string,
    orderId: hash.orderId as string,
    status: hash.status as OrderValues['status'],
    placedAt: new Date(hash.placedAt as string),
    total: Number(hash.total),
    currency: hash.currency as string,
    paid: hash.paid === '1',
    note: hash.note as string,
    email: hash.email as string,
    views: Number(hash.views),
    address: JSON.parse(hash.address as string),
    lines: JSON.parse(hash.lines as string),
  }
}

const shas = new Map<string, string>()

function sha(text: string): string {
  const known = shas.get(text) ?? createHash('sha1').update(text).digest('hex')
  shas.set(text, known)
  return known
}

function token(): string {
  return randomBytes(15).toString('base64url')
}
