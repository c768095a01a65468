/** How figures are written, the same in the terminal and in the report. */

/** Milliseconds in three digits. Undefined means that the samples were too few to say. */
export function milliseconds(value: number | undefined): string {
  return value === undefined ? 'n too small' : threeDigits(value)
}

/** Of a second. */
export function rate(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** As in `1.25x`. */
export function times(ratio: number): string {
  return `${ratio.toFixed(2)}x`
}

/** Round trips: whole where they are. */
export function count(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1)
}

/** Bytes in whole; undefined where they cannot be counted. */
export function bytes(value: number | undefined): string {
  return value === undefined ? 'not counted' : Math.round(value).toLocaleString('en-US')
}

function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0)
  if (value >= 10) return value.toFixed(1)
  return value >= 1 ? value.toFixed(2) : value.toFixed(3)
}
