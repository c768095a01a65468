/** Bytes as URL-safe text without padding. */
export function toBase64Url(head: readonly number[], body: Uint8Array): string {
  let binary = String.fromCharCode(...head)
  for (const byte of body) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
