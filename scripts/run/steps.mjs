import { run } from './processes.mjs'

/** @param {number} since @returns {string} as in `0.4 s` or `2 min 05 s` */
function elapsed(since) {
  const seconds = (Date.now() - since) / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
}

/**
 * The steps of one command, each told when it begins and when it ends, with its time.
 *
 * @param {NodeJS.WritableStream} out
 */
export function createSteps(out) {
  /** @param {string} line */
  const say = (line) => void out.write(`${line}\n`)

  /**
   * @template T
   * @param {string} title
   * @param {() => Promise<{ ok: boolean, note?: string, value: T }>} work
   * @returns {Promise<{ ok: boolean, value: T }>}
   */
  const step = async (title, work) => {
    const began = Date.now()
    say(`> ${title}`)
    const { ok, note, value } = await work()
    say(`${ok ? 'ok' : 'FAILED'}: ${title}, ${elapsed(began)}${note ? ` (${note})` : ''}`)
    return { ok, value }
  }

  /**
   * One program as a step. Its output is shown only when it fails, unless `output` says otherwise.
   *
   * @param {string} title
   * @param {string} command
   * @param {string[]} args
   * @param {import('./processes.mjs').Options} [options]
   */
  const program = (title, command, args, options) =>
    step(title, async () => {
      const result = await run(command, args, options)
      const ok = result.code === 0
      if (!ok && options?.output === undefined) say(result.output.trimEnd())
      return { ok, value: result }
    })

  return { say, step, program }
}

/** @typedef {ReturnType<typeof createSteps>} Steps */
