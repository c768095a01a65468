/**
 * Numbers and bigints as texts that sort by value (key format version 1; docs/reference/key-format.md has it in full).
 *
 *     0                  0
 *     0 < x < 1e-6       1 + three digits (1000 + exponent) + . + significant digits
 *     1e-6 <= x < 1e21   a letter that counts the digits before the point (a = 1 ... u = 21) + the decimal number
 *     1e21 <= x          z + three digits (exponent) + . + significant digits
 *     x < 0              - + the complement of the text of -x + ~
 *
 * So 42 is `b42`, 19.99 is `b19.99` and 42n is `b42` too. The significant digits of a double are the fewest that read
 * back as the same double, which is what keeps the order.
 */

const CODE_BEFORE_A = 96
const PLAIN = /^(?:0|[1a-z]\d+(?:\.\d+)?)$/

/** The text of a finite double. */
export function encodeNumber(value: number): string {
  if (value < 0) return complement(positive(-value))
  return value === 0 ? '0' : positive(value)
}

/** The text of an int64. */
export function encodeBigint(value: bigint): string {
  if (value === 0n) return '0'
  const digits = (value < 0n ? -value : value).toString()
  const text = String.fromCharCode(CODE_BEFORE_A + digits.length) + digits
  return value < 0n ? complement(text) : text
}

/** The double behind a text; NaN when it is no number's text. */
export function decodeNumber(text: string): number {
  const negative = text.startsWith('-')
  const plain = negative ? complement(text) : text
  if (!PLAIN.test(plain)) return Number.NaN
  const magnitude = decodePositive(plain)
  return negative ? -magnitude : magnitude
}

/** The bigint behind a text; undefined when it is no bigint's text. */
export function decodeBigint(text: string): bigint | undefined {
  const negative = text.startsWith('-')
  const plain = negative ? complement(text) : text
  if (plain === '0') return 0n
  if (!/^[a-z]\d+$/.test(plain)) return undefined
  const magnitude = BigInt(plain.slice(1))
  return negative ? -magnitude : magnitude
}

function positive(value: number): string {
  if (value >= 1e-6 && value < 1e21) {
    const decimal = String(value)
    const point = decimal.indexOf('.')
    return String.fromCharCode(CODE_BEFORE_A + (point < 0 ? decimal.length : point)) + decimal
  }
  const [digits = '', exponent = ''] = value.toExponential().split('e')
  const scale = Number(exponent)
  const significant = digits.replace('.', '')
  return scale < 0
    ? `1${String(1000 + scale).padStart(3, '0')}.${significant}`
    : `z${String(scale).padStart(3, '0')}.${significant}`
}

function decodePositive(plain: string): number {
  const rest = plain.slice(1)
  if (plain.startsWith('1') || plain.startsWith('z')) {
    const [exponent = '', digits = ''] = rest.split('.')
    const scale = Number(exponent) - (plain.startsWith('1') ? 1000 : 0)
    return Number(`${digits.charAt(0)}.${digits.slice(1)}e${scale}`)
  }
  return plain === '0' ? 0 : Number(rest)
}

/**
 * Turns the order of texts around: each digit by its nine's complement, each class by its mirror image. The closing `~`
 * is above everything a text can go on with, so a text that another one begins with comes behind it. Undoes itself.
 */
function complement(text: string): string {
  const undo = text.startsWith('-')
  const plain = undo ? text.slice(1, text.endsWith('~') ? -1 : undefined) : text
  let out = ''
  for (let i = 0; i < plain.length; i++) {
    const char = plain.charAt(i)
    if (i === 0) out += char === '1' ? '~' : char === '~' ? '1' : String.fromCharCode(219 - char.charCodeAt(0))
    else out += char === '.' ? '.' : String.fromCharCode(105 - char.charCodeAt(0))
  }
  return undo ? out : `-${out}~`
}
