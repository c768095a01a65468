import type { AttributeValue } from '@aws-sdk/client-dynamodb'

/** Bytes of a text in UTF-8. */
export function textBytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // The two halves of a character beyond the BMP count 2 each: 4 bytes.
    if (unit > 0x7f) bytes += unit > 0x7ff && !(unit >= 0xd800 && unit <= 0xdfff) ? 2 : 1
  }
  return bytes
}

/** Bytes that an attribute's value takes, as DynamoDB counts them; its name comes on top. */
export function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return textBytes(value.S)
  if (value.N !== undefined) return numberBytes(value.N)
  if (value.B !== undefined) return value.B.length
  if (value.SS !== undefined) return value.SS.reduce((sum, member) => sum + textBytes(member), 0)
  if (value.NS !== undefined) return value.NS.reduce((sum, member) => sum + numberBytes(member), 0)
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + valueBytes(element) + 1, 3)
  if (value.M !== undefined) return fieldsBytes(value.M) + Object.keys(value.M).length + 3
  return 1
}

/** Bytes of names and values together. */
export function fieldsBytes(fields: Readonly<Record<string, AttributeValue>>): number {
  let bytes = 0
  for (const name of Object.keys(fields)) bytes += textBytes(name) + valueBytes(fields[name] as AttributeValue)
  return bytes
}

/** A byte for two significant digits, one more, and one for the sign. */
function numberBytes(text: string): number {
  const digits = text.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0)
}

/** At least as many bytes as the value takes, and quickly said. */
export function mostBytes(value: AttributeValue): number {
  if (value.S !== undefined) return value.S.length * 3
  if (value.N !== undefined) return 24
  if (value.L !== undefined) return value.L.reduce((sum, element) => sum + mostBytes(element) + 1, 3)
  if (value.M !== undefined) {
    let bytes = 3
    for (const name of Object.keys(value.M)) bytes += name.length * 3 + mostBytes(value.M[name] as AttributeValue) + 1
    return bytes
  }
  return valueBytes(value)
}

/** Lists and objects inside each other; 0 for what is neither. */
export function depthOf(value: AttributeValue): number {
  const parts = value.L ?? (value.M === undefined ? undefined : Object.values(value.M))
  if (parts === undefined) return 0
  let deepest = 0
  for (const part of parts) deepest = Math.max(deepest, depthOf(part))
  return deepest + 1
}
