import { show } from '../../same/show.js'
import type { NotLinearizable } from '../verdict.js'
import { columns } from './columns.js'
import { lanes } from './lanes.js'
import { type Placing, shown, summary } from './placing.js'
import { xml } from './xml.js'

const MOST = 80
const LONGEST = 48
const CHARACTER = 7.3
const ROW = 34
const BAR = 24
const TOP = 92
const MARGIN = 16

/**
 * A history that fails, as the text of an SVG image that needs nothing else: a lane for each process, a bar for each
 * operation from its invocation to its return with its place in the longest order, and the one without a place in red.
 * Only the order of events counts along the axis, not how long anything took. At most 80 operations, the last ones.
 *
 * @example
 * if (verdict.status === 'not linearizable') await writeFile('history.svg', drawSvg(verdict))
 */
export function drawSvg<S, I, O>(verdict: NotLinearizable<S, I, O>): string {
  const { placings, leftOut } = shown(verdict, MOST)
  const labels = placings.map(labelOf)
  const sizes = new Map(placings.map((placing, at) => [placing, textWidth(labels[at] ?? '') + 16]))
  const { bars, end } = columns(placings, 10, (placing) => sizes.get(placing) ?? 0)
  const rows = lanes(placings, bars)
  const names = rows.map(({ process }, at) => (rows[at - 1]?.process === process ? '' : cut(process, 16)))
  const left = MARGIN + Math.max(...names.map(textWidth)) + 14
  const words = [
    ...summary(verdict, cut(show(verdict.state), 80)),
    ...(leftOut === 0 ? [] : [`${leftOut} operations before these are left out, the first of the order.`]),
  ]
  const width = Math.ceil(
    Math.max(left + end + MARGIN, ...[...words, LEGEND].map((line) => MARGIN * 2 + textWidth(line))),
  )
  const height = TOP + rows.length * ROW + 48

  const lines = words.map((line, at) => text(MARGIN, 26 + at * 20, line, at === 0 ? 'bold' : ''))
  const tracks = rows.flatMap((_, at) => {
    const y = TOP + at * ROW + BAR / 2
    return [
      `<path class="track" d="M${left} ${y}H${width - MARGIN}"/>`,
      text(MARGIN, y + 4, names[at] ?? '', 'process'),
    ]
  })
  const drawn = rows.flatMap(({ members }, row) =>
    members.map((at) => {
      const [placing, bar] = [placings[at] as Placing, bars[at] ?? { from: 0, to: 0, isClosed: true }]
      const [x, y] = [left + bar.from, TOP + row * ROW]
      const title = `${placing.process}: ${placing.label}${bar.isClosed ? '' : ' (goes on)'}`
      return (
        `<g class="${kindOf(placing)}"><title>${xml(title)}</title>` +
        `<rect x="${x}" y="${y}" width="${bar.to - bar.from}" height="${BAR}" rx="4"/>` +
        `${text(x + 8, y + 16, labels[at] ?? '', '')}</g>`
      )
    }),
  )
  const legend = text(MARGIN, height - 18, LEGEND, 'process')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${xml(words[0] ?? '')}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...lines,
    ...tracks,
    ...drawn,
    legend,
    '</svg>\n',
  ].join('\n')
}

const LEGEND =
  'Time goes to the right. Numbers: the longest order. ✗ red: has no place. Dashed: may have happened or not. · grey: under way.'

const STYLE = [
  'text{font:12px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1f2328}',
  '.page{fill:#fff}.bold{font-weight:700}.process{fill:#59636e}.track{stroke:#d1d9e0}',
  '.placed rect{fill:#ddf4ff;stroke:#0969da}.pending rect{fill:#f6f8fa;stroke:#818b98}',
  '.unknown rect{fill:#fff8c5;stroke:#9a6700;stroke-dasharray:4 3}',
  '.blocked rect{fill:#ffebe9;stroke:#cf222e;stroke-width:2}.blocked text{fill:#a40e26;font-weight:700}',
].join('')

function kindOf({ isBlocked, isUnknown, place }: Placing): string {
  if (isBlocked) return 'blocked'
  if (isUnknown) return 'unknown'
  return place === undefined ? 'pending' : 'placed'
}

function labelOf(placing: Placing): string {
  const { place, isBlocked, isUnknown, label } = placing
  const mark = place ?? (isBlocked ? '✗' : isUnknown ? '' : '·')
  return cut(mark === '' ? label : `${mark}  ${label}`, LONGEST)
}

const cut = (label: string, longest: number): string => {
  const characters = [...label]
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : label
}

/** Of a font of one width, in which the characters of East Asia take two. */
const textWidth = (label: string): number =>
  CHARACTER * [...label].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) >= 0x1100 ? 2 : 1), 0)

const text = (x: number, y: number, content: string, style: string): string =>
  `<text x="${x}" y="${y}"${style === '' ? '' : ` class="${style}"`} xml:space="preserve">${xml(content)}</text>`
