import type { RenderUrls } from '../render/urls.ts'
import { signToken, type TokenKeys, type TokenPurpose } from '../tracking/tokens.ts'
import type { ChannelName, TrackingMode } from '../words.ts'

/** What the first claim fixed of a delivery's addresses; with the token key they give the same URLs again. */
export interface FixedLinks {
  /** Link row by destination, for e-mail. */
  links: Record<string, string>
  /** The short code printed or texted. */
  code?: string
  /** The campaign's own link. */
  action?: string
}

export interface UrlRequest {
  channel: ChannelName
  mode: TrackingMode
  fixed: FixedLinks
  network: number
  deliveryId: string
  messageId: string
  keyId: string
  publicUrl: string
  shortUrl: string
  asksAcknowledgement: boolean
  /** The main button leads to the reader's own page of the campaign's challenge. */
  leadsToChallenge?: boolean
}

/**
 * The addresses of one delivery. What the contact has not agreed to is not in the bytes: no pixel and no
 * personal link in mode `none`, nothing that tells recipients apart in `aggregate` (CNIL délibération 2026-042;
 * Garante provvedimento 284/2026 for aggregate counting).
 */
export function renderUrls(keys: TokenKeys, request: UrlRequest): RenderUrls {
  const { channel, mode, fixed, network, deliveryId, messageId, keyId, publicUrl, shortUrl } = request
  const sign = (purpose: TokenPurpose, claims: { deliveryId?: string; linkId?: string; messageId?: string }) =>
    signToken(keys, { purpose, network, ...claims }, keyId)
  const personal = { deliveryId }
  const click = (linkId: string) =>
    `${publicUrl}/c/${sign('click', mode === 'individual' ? { ...personal, linkId } : { linkId })}`

  const isTracked = channel === 'email' && (mode === 'individual' || mode === 'aggregate')
  const clicks = isTracked
    ? Object.fromEntries(Object.entries(fixed.links).map(([url, linkId]) => [url, click(linkId)]))
    : {}
  const open =
    channel !== 'email' || mode === 'none'
      ? undefined
      : `${publicUrl}/o/${sign('open', mode === 'aggregate' ? { messageId } : personal)}.gif`
  const preferences = `${publicUrl}/prefs/${sign('preferences', personal)}`
  return {
    click: clicks,
    action: actionUrl(),
    open,
    unsubscribe: `${publicUrl}/u/${sign('unsubscribe', personal)}`,
    preferences,
    tracking: `${preferences}#tracking`,
    site: publicUrl,
  }

  function actionUrl(): string | undefined {
    if (request.asksAcknowledgement && channel === 'email') return `${publicUrl}/a/${sign('acknowledge', personal)}`
    if (request.leadsToChallenge && (channel === 'email' || channel === 'intranet'))
      return `${publicUrl}/r/${sign('register', personal)}`
    if (fixed.code) return `${shortUrl}/q/${fixed.code}`
    return fixed.action === undefined ? undefined : (clicks[fixed.action] ?? fixed.action)
  }
}
