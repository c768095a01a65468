/** Is told what a comparison does while it runs. */
export interface Progress {
  /** A line that stays: what was started, what was found. */
  note(line: string): void
  /** What is being done now, and how much of it is done, from 0 to 1. */
  at(what: string, done: number): void
}

export const silent: Progress = { note: () => undefined, at: () => undefined }
