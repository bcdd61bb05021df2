/** What an example came to: its figures, and the same as people read them. */
export interface Played {
  figures: Record<string, unknown>
  text: string
}

export interface PlayedWith {
  /** Of the installation; empty. */
  folder: string
  seed: string
  percent?: number
  onStage?: (doing: string) => void
}

export interface Example {
  /** Its folder below `examples/`. */
  name: string
  /** In one line. */
  about: string
  play(how: PlayedWith): Promise<Played>
}
