import type { Verdict } from './judge.js'

const reports: string[] = []

/** Adds a run's table to what is printed at the end. */
export function report(
  title: string,
  injected: { readonly [fault: string]: number },
  verdicts: readonly Verdict[],
): void {
  const counts = Object.entries(injected).flatMap(([fault, count]) => (count > 0 ? [`${fault} ${count}`] : []))
  const rows = verdicts.map((verdict) =>
    [
      verdict.kind,
      verdict.acknowledged,
      `${verdict.unknown} (${verdict.unknownDone})`,
      verdict.notCommitted,
      verdict.lost.length,
      verdict.denied.length,
      verdict.twice.length,
      verdict.wrong.length,
    ]
      .map((cell, at) => (at === 0 ? String(cell).padEnd(10) : String(cell).padStart(13)))
      .join(''),
  )
  reports.push(
    `${title}: injected ${counts.join(', ')}`,
    '  call       acknowledged unknown (done)  not written        lost       denied        twice        wrong',
    ...rows.map((row) => `  ${row}`),
  )
}

export function printReports(): void {
  if (reports.length > 0) process.stdout.write(`\n${reports.splice(0).join('\n')}\n`)
}
