import type { PageContext } from '../../http/page-env.ts'
import { sendPage, type View } from '../view.ts'
import { WaitPage } from './sign-in.tsx'

/** 429 with Retry-After in seconds (RFC 6585 §4), and a page that says it in minutes. */
export function askToWait(c: PageContext, view: View, waitMs: number): Promise<Response> {
  c.header('retry-after', String(Math.ceil(waitMs / 1000)))
  return sendPage(c, <WaitPage view={view} minutes={Math.ceil(waitMs / 60_000)} />, 429)
}
