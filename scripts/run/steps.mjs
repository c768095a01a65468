/** @param {number} since @returns {string} as in `0.4 s` or `2 min 05 s` */
function elapsed(since) {
  const seconds = (Date.now() - since) / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
}

const SHOWN_LINES = 200

/** @param {string} output */
function beginning(output) {
  const lines = output.trimEnd().split('\n')
  const more = lines.length - SHOWN_LINES
  return more > 0 ? `${lines.slice(0, SHOWN_LINES).join('\n')}\n... and ${more} lines more` : lines.join('\n')
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
   * One program as a step: its output is shown only when it fails.
   *
   * @param {string} title
   * @param {() => Promise<import('./processes.mjs').Result>} work
   */
  const program = (title, work) =>
    step(title, async () => {
      const result = await work()
      const ok = result.code === 0
      if (!ok) say(beginning(result.output))
      return { ok, value: result }
    })

  /**
   * As `program`, when only its success matters.
   *
   * @param {string} title
   * @param {() => Promise<import('./processes.mjs').Result>} work
   * @returns {Promise<boolean>}
   */
  const quiet = async (title, work) => (await program(title, work)).ok

  return { say, step, program, quiet }
}

/** @typedef {ReturnType<typeof createSteps>} Steps */
