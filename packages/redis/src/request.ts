import type { Call, Reply as Received, SentRequest } from '@isomodel/core/driver'
import { replyCode } from './errors.js'
import type { Script } from './scripts.js'
import type { Wire } from './wire.js'

/** A command with its arguments, one character a byte. */
export interface Request {
  readonly name: string
  readonly args: readonly Wire[]
}

/** What a reply holds: texts one character a byte, whole numbers, lists, nothing. */
export type Reply = Wire | number | null | readonly Reply[]

/** How a request is sent and reported. */
export interface Sending {
  readonly call: Call
  /** Whether a lost reply leaves it open what happened. */
  readonly writes: boolean
}

/** One script call. */
export interface ScriptCall {
  readonly script: Script
  readonly keys: readonly Wire[]
  readonly args: readonly Wire[]
}

export function evalsha({ script, keys, args }: ScriptCall): Request {
  return { name: 'EVALSHA', args: [script.sha, String(keys.length), ...keys, ...args] }
}

export function evaluate({ script, keys, args }: ScriptCall): Request {
  return { name: 'EVAL', args: [script.text, String(keys.length), ...keys, ...args] }
}

/** The key that says where a request goes: the first one; undefined for a script without keys. */
export function keyOf({ name, args }: Request): Wire | undefined {
  if (name !== 'EVALSHA' && name !== 'EVAL') return args[0]
  return args[1] === '0' ? undefined : args[2]
}

/** A call that belongs to no operation of the caller. */
export function unreported(signal?: AbortSignal): Call {
  return { signal, sent: () => () => undefined }
}

/** What is told of requests that leave together. */
export function describe(requests: readonly Request[]): SentRequest {
  const names = new Set(requests.map((request) => request.name))
  return { command: [...names].join('+'), bytes: sizeOf(requests) }
}

/** What is told of their replies. */
export function describeReplies(replies: readonly unknown[]): Received {
  const failure = replies.find((reply) => reply instanceof Error)
  const code = replyCode(failure)
  return {
    bytes: sizeOfReply(replies),
    ...(failure === undefined ? {} : { error: failure }),
    ...(code === undefined ? {} : { code }),
  }
}

function sizeOf(requests: readonly Request[]): number {
  let size = 0
  for (const { name, args } of requests) {
    size += name.length
    for (const arg of args) size += arg.length
  }
  return size
}

function sizeOfReply(reply: unknown): number {
  if (typeof reply === 'string') return reply.length
  if (!Array.isArray(reply)) return 0
  let size = 0
  for (const part of reply) size += sizeOfReply(part)
  return size
}
