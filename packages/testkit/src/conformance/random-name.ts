/** A new name of at most 20 lower-case letters and digits. */
export function randomName(prefix: string): string {
  const random = crypto.getRandomValues(new Uint32Array(2))
  return `${prefix}${Date.now().toString(36)}${random[0]?.toString(36).slice(-5)}${random[1]?.toString(36).slice(-5)}`
}
