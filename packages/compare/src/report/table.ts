import { type Content, html, type Markup } from './html.js'

/** A table of figures: the first column names the row, the others are aligned to the right. */
export function drawTable(head: readonly Content[], rows: readonly (readonly Content[])[]): Markup {
  return html`<div class="scroll"><table>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...rest]) => html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>
`,
)}</tbody></table></div>`
}

/** A table behind a line that opens it. */
export function drawFigures(summary: string, table: Content): Markup {
  return html`<details><summary>${summary}</summary>${table}</details>`
}
