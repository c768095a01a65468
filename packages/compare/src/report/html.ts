import { escapeHtml } from './escape.js'

/** Markup that is safe to put into a page as it is: made by `html`, or written in this package. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What `html` puts into a page: markup as it is, everything else escaped. */
export type Content = Markup | string | number | undefined | readonly Content[]

/** A template whose values are escaped, unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = parts[0] ?? ''
  for (const [at, value] of values.entries()) text += show(value) + (parts[at + 1] ?? '')
  return new Markup(text)
}

function show(value: Content): string {
  if (value === undefined) return ''
  if (value instanceof Markup) return value.text
  return typeof value === 'object' ? value.map(show).join('') : escapeHtml(String(value))
}
