import type { Stage } from './stage.ts'

/** Something that happens outside the engine at an instant: a meeting, a file that arrives, a post office. */
export interface Act {
  at: string
  does(): Promise<unknown>
}

/** Moves the clock from act to act; what is due in between has happened when each comes. */
export async function inOrder(stage: Stage, acts: readonly Act[]): Promise<void> {
  for (const { at, does } of acts.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    await stage.to(at)
    await does()
  }
}
