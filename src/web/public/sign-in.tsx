import type { FC } from 'hono/jsx'
import { PublicPage } from '../layout.tsx'
import type { View } from '../view.ts'

/** Whoever comes without a link learns how to get one. */
export const SignInPage: FC<{ view: View }> = ({ view }) => {
  const words = view.words.signIn
  return (
    <PublicPage view={view} title={words.title}>
      <h1>{words.welcome}</h1>
      <p>{words.how}</p>
      <pre>
        <code>{words.command}</code>
      </pre>
      <p class="note">{words.atStart}</p>
    </PublicPage>
  )
}

/** Looking at a link does nothing; the button uses it. */
export const OpenLinkPage: FC<{ view: View; token: string }> = ({ view, token }) => {
  const words = view.words.signIn
  return (
    <PublicPage view={view} title={words.title}>
      <h1>{words.ready}</h1>
      <p>{words.once}</p>
      <form method="post" action={`/sign-in/${encodeURIComponent(token)}`}>
        <button type="submit" class="primary wide">
          {words.open}
        </button>
      </form>
    </PublicPage>
  )
}

/** One page for unknown, used and expired links alike: it tells nobody which. */
export const ClosedLinkPage: FC<{ view: View }> = ({ view }) => {
  const words = view.words.signIn
  return (
    <PublicPage view={view} title={words.closedTitle}>
      <h1>{words.closedTitle}</h1>
      <p>{words.closed}</p>
      <p>{words.how}</p>
      <pre>
        <code>{words.command}</code>
      </pre>
    </PublicPage>
  )
}
