/**
 * A table for the terminal: the first column to the left, the others to the right.
 *
 * @param {string[]} header
 * @param {string[][]} rows as wide as the header
 * @returns {string}
 */
export function table(header, rows) {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  /** @param {string[]} row */
  const line = (row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '-'.repeat(width)).join('  ')
  return `${[line(header), rule, ...rows.map(line)].join('\n')}\n`
}
