/** Lets everything through until it is shut, and then nothing until it is opened. */
export class Gate {
  #shut: { readonly opened: Promise<void>; readonly open: () => void } | undefined

  get passed(): Promise<void> {
    return this.#shut?.opened ?? Promise.resolve()
  }

  shut(): void {
    if (this.#shut !== undefined) return
    let open = (): void => undefined
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    this.#shut = { opened, open }
  }

  open(): void {
    this.#shut?.open()
    this.#shut = undefined
  }
}
