/**
 * Compares by code point, which is the order of the UTF-8 bytes and so the order of every store. JavaScript's `<` compares
 * UTF-16 units, and puts U+1F600 before U+FF5E.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return unitRank(x) - unitRank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above U+FFFF, so they rank above every other unit. */
function unitRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/**
 * The least text greater than every text that begins with `prefix`.
 *
 * @throws RangeError for a prefix of nothing but U+10FFFF (the empty one too), which has none.
 */
export function successor(prefix: string): string {
  const points = [...prefix]
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0
    if (point === 0x10ffff) continue
    // U+D800 to U+DFFF are no characters: what follows U+D7FF in the order is U+E000.
    return points.join('') + String.fromCodePoint(point === 0xd7ff ? 0xe000 : point + 1)
  }
  throw new RangeError('This prefix has no successor: it holds nothing but U+10FFFF.')
}
