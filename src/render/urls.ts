/**
 * The addresses of one delivery. What is missing is not in the bytes: without `open` there is no pixel, without a
 * `click` entry the link is plain. Consent to measuring is thus decided before rendering, and nothing here can
 * forget it (CNIL, délibération 2026-042: the pixel itself is the act that needs consent).
 */
export interface RenderUrls {
  /** Destination → tracked URL, for the destinations `linksIn` lists. */
  click: Record<string, string>
  /** The campaign's link for this person: tracked, short on SMS and paper. */
  action?: string
  open?: string
  /** RFC 8058: acts on POST, shows a page on GET. */
  unsubscribe?: string
  preferences?: string
  /** Where a reader withdraws consent to measuring; the preferences page when absent. */
  tracking?: string
  /** PUBLIC_URL. */
  site: string
}
