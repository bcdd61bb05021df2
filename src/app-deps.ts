import type { PrintContent } from './channel.ts'
import type { WallClock } from './clock.ts'
import type { Db } from './db/index.ts'
import type { PlanView } from './web/console/plan-view.ts'

/** How far to move a sandbox network's clock: by an ISO 8601 duration, or until nothing is left to do. */
export type Advance = { by: string } | { untilIdle: true }

/** What the web needs; `main.ts` puts it together. */
export interface AppDeps {
  db: Db
  wall: WallClock
  /** Signs session cookies. */
  secret: string
  publicUrl: string
  version: string
  actions: {
    /** Moves a sandbox network's clock and plays everything that falls due on the way. */
    advance(networkId: string, to: Advance): Promise<void>
  }
  /** Who would be reached, by what and for how much; reads only. */
  plan(networkId: string, campaignId: string): Promise<PlanView>
  /** The PDF of one letter, as the print shop would get it. */
  letterPdf?(content: PrintContent): Promise<Uint8Array>
  /** Why the process is not ready to serve, if it is not: shown by `/readyz` beside the database's answer. */
  unready?(): string[]
  /** Last resort: every error nobody expected, with the reference shown to the reader. */
  onError?(error: Error, request: { reference: string; method: string; path: string }): void
}
