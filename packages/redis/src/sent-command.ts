import { Command } from 'ioredis'
import { toArgument, type Wire } from './wire.js'

/**
 * A command that keeps its arguments to itself. They hold the fields of entities, and the client shows those that it knows
 * of: in its errors, in its debug output, and on its tracing channel, of EVAL and EVALSHA every one.
 */
export class SentCommand extends Command {
  readonly #written: string | Buffer

  constructor(name: string, args: readonly Wire[]) {
    super(name, [], { replyEncoding: 'latin1' })
    let text = `*${args.length + 1}\r\n$${name.length}\r\n${name}\r\n`
    for (const arg of args) text += `$${arg.length}\r\n${arg}\r\n`
    this.#written = toArgument(text)
  }

  override toWritable(): string | Buffer {
    return this.#written
  }
}
