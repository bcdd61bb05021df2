import type { OidcSettings } from './accounts/auth.ts'
import type { Channel, PrintContent } from './channel.ts'
import type { WallClock } from './clock.ts'
import type { AddressRange } from './config/address-range.ts'
import type { Context } from './context.ts'
import type { Db } from './db/index.ts'
import type { MailInSettings } from './mail-in/take-in.ts'
import type { TokenKeys } from './tracking/tokens.ts'
import type { PlanView } from './web/console/campaigns/plan-view.ts'

/** How far to move a sandbox network's clock: by an ISO 8601 duration, or until nothing is left to do. */
export type Advance = { by: string } | { untilIdle: true }

/** What the web needs; `main.ts` puts it together. */
export interface AppDeps {
  /** The engine: pages call the same functions as the command line. */
  context: Context
  db: Db
  wall: WallClock
  /** Signs session cookies. */
  secret: string
  publicUrl: string
  /** A head office's own sign-in, where one is configured. */
  oidc?: OidcSettings
  /** Whose X-Forwarded-For is believed; proxies on this machine when not given. */
  trustedProxies?: readonly AddressRange[]
  version: string
  /** Their webhooks are served under `/webhooks/`. */
  channels: readonly Channel[]
  /** How mail comes in; without it none does. */
  mailIn?: MailInSettings
  /** Verify the links of what was sent. */
  keys: TokenKeys
  actions: {
    /** Moves a sandbox network's clock and plays everything that falls due on the way. */
    advance(networkId: string, to: Advance): Promise<void>
    /** When something is next due in a network, in business time; undefined when nothing waits. */
    nextEventAt(networkId: string): Promise<Date | undefined>
  }
  /** How long a page waits for the clock before it shows that it moves; 1,500 ms. */
  patienceMs?: number
  /** Who would be reached, by what and for how much; reads only. */
  plan(networkId: string, campaignId: string): Promise<PlanView>
  /** The PDF of one letter, as the print shop would get it. */
  letterPdf?(content: PrintContent): Promise<Uint8Array>
  /** Why the process is not ready to serve, if it is not: shown by `/readyz` beside the database's answer. */
  unready?(): string[]
  /** Whether `/metrics` is served: `on` to whoever reaches it, else to who brings this as a bearer token. */
  metricsAccess?: string
  /** A link or webhook that was turned away, with the reason that its caller is not told. */
  onRefused?(path: string, reason: string): void
  /** Last resort: every error nobody expected, with the reference shown to the reader. */
  onError?(error: Error, request: { reference: string; method: string; path: string }): void
}
