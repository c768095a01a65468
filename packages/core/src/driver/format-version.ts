/**
 * The version of what the library writes beside the values: key texts (docs/reference/key-format.md), tokens, cursors. What
 * another version wrote is refused, never guessed at.
 */
export const FORMAT_VERSION = 1
