/** Accepts one version of a program on the PATH: its known faults, which tests name, go with the version. */
export const exactly =
  (wanted: string): ((version: string) => string | undefined) =>
  (version) =>
    version === wanted ? undefined : `it is version ${version}, and ${wanted} is wanted`

/** Accepts a major version and all later ones. */
export const atLeast =
  (major: number): ((version: string) => string | undefined) =>
  (version) =>
    Number.parseInt(version, 10) >= major ? undefined : `it is version ${version}, and ${major} or later is wanted`
