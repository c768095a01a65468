import { type Content, html, type Markup } from '../html.js'
import type { Scale } from './scale.js'

/** A mark on a lane, by its place on the axis. */
export type Mark =
  | { readonly kind: 'dot' | 'ring' | 'tick' | 'other'; readonly value: number }
  | { readonly kind: 'range' | 'band'; readonly from: number; readonly to: number }

export interface Lane {
  readonly label: string
  readonly marks: readonly Mark[]
  /** All figures of the lane in words, for a pointer that rests on it and for who cannot see it. */
  readonly says: string
  /** Stands at the end, or in the place of marks. */
  readonly note?: string | undefined
}

export interface Panel {
  readonly title: string
  readonly caption: Content
  readonly lanes: readonly Lane[]
  readonly scale: Scale
  readonly tick: (value: number) => string
  /** A value that the eye should find, with a line through all lanes. */
  readonly baseline?: number
}

/** One small chart: lanes over one axis. Positions are percentages, so that it fits any width and text keeps its size. */
export function drawPanel({ title, caption, lanes, scale, tick, baseline }: Panel): Markup {
  const axis = scale.ticks.map(
    ({ value, at }) => html`<text x="${percent(at)}" y="13" text-anchor="middle">${tick(value)}</text>`,
  )
  const grid = scale.ticks.map(
    ({ at }) => html`<line class="grid" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>`,
  )
  const line =
    baseline === undefined
      ? undefined
      : html`<line class="base" x1="${percent(scale.at(baseline))}" x2="${percent(scale.at(baseline))}" y1="0" y2="100%"/>`
  return html`<figure class="panel">
<figcaption><h3>${title}</h3><p>${caption}</p></figcaption>
<div class="lane axis" aria-hidden="true"><span></span><svg>${axis}</svg></div>
${lanes.map(
  (lane) => html`<div class="lane"><span title="${lane.label}">${lane.label}</span>
<svg role="img" aria-label="${lane.label}: ${lane.says}"><title>${lane.label}: ${lane.says}</title>${grid}${line}${lane.marks.map((mark) => drawMark(mark, scale))}${
    lane.note === undefined
      ? undefined
      : html`<text class="note" x="0" y="50%" dominant-baseline="central">${lane.note}</text>`
  }</svg></div>
`,
)}</figure>`
}

function drawMark(mark: Mark, scale: Scale): Markup {
  switch (mark.kind) {
    case 'range':
    case 'band':
      return html`<line class="${mark.kind}" x1="${percent(scale.at(mark.from))}" x2="${percent(scale.at(mark.to))}" y1="50%" y2="50%"/>`
    case 'tick':
      return html`<line class="tick" x1="${percent(scale.at(mark.value))}" x2="${percent(scale.at(mark.value))}" y1="25%" y2="75%"/>`
    case 'dot':
    case 'ring':
    case 'other':
      return html`<circle class="${mark.kind}" cx="${percent(scale.at(mark.value))}" cy="50%" r="${mark.kind === 'other' ? 6 : 4.5}"/>`
  }
}

function percent(at: number): string {
  return `${at.toFixed(2)}%`
}
