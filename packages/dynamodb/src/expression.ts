import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { type Path, setOwn } from '@isomodel/core/driver'
import type { Item } from './codec.js'

/**
 * The placeholders of one request. Every name and every value goes in as a placeholder, never as text, so that none can
 * become an operator, a path or a reserved word.
 */
export class Placeholders {
  readonly #names = new Map<string, string>()
  readonly #values: Item = {}
  readonly #constants = new Map<string, string>()
  #count = 0

  /** A path under its stored names: `#lines[0].#quantity`. */
  path(path: Path): string {
    let text = ''
    for (const step of path) {
      if (typeof step === 'number') text += `[${step}]`
      else text += `${text === '' ? '' : '.'}${this.name(step)}`
    }
    return text
  }

  name(attribute: string): string {
    const known = this.#names.get(attribute)
    if (known !== undefined) return known
    // The name itself where DynamoDB allows it, for whoever reads an explanation; numbers meet no such name.
    const placeholder = /^[A-Za-z_]\w{0,19}$/.test(attribute) ? `#${attribute}` : `#${this.#names.size}`
    this.#names.set(attribute, placeholder)
    return placeholder
  }

  value(value: AttributeValue): string {
    const placeholder = `:${this.#count++}`
    this.#values[placeholder] = value
    return placeholder
  }

  /** A string that several parts of a request share. */
  constant(text: string): string {
    const known = this.#constants.get(text)
    if (known !== undefined) return known
    const placeholder = this.value({ S: text })
    this.#constants.set(text, placeholder)
    return placeholder
  }

  /** What goes beside the expressions in the request. */
  attributes(): {
    readonly ExpressionAttributeNames?: Record<string, string>
    readonly ExpressionAttributeValues?: Item
  } {
    const names: Record<string, string> = {}
    for (const [attribute, placeholder] of this.#names) setOwn(names, placeholder, attribute)
    return {
      ...(this.#names.size === 0 ? {} : { ExpressionAttributeNames: names }),
      ...(this.#count === 0 ? {} : { ExpressionAttributeValues: this.#values }),
    }
  }
}

/** Bytes of one expression, as DynamoDB counts them: with placeholders, not with what they stand for. */
const MOST_BYTES = 4_096
/** Operators and functions of one expression. */
const MOST_OPERATORS = 300
const OPERATOR = /\b(?:AND|OR|NOT|BETWEEN|IN)\b|[=<>]+|[a-z_]+\(| [+-] /g

/** Whether DynamoDB takes an expression of this size. */
export function fitsExpression(expression: string): boolean {
  if (expression.length > MOST_BYTES) return false
  return expression.length < MOST_OPERATORS * 2 || (expression.match(OPERATOR)?.length ?? 0) <= MOST_OPERATORS
}
