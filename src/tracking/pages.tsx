import type { Child, FC } from 'hono/jsx'
import type { Language } from '../words.ts'
import { leavable, pageWords } from './page-words.ts'
import type { Preferences } from './preferences.ts'

export interface PublicView {
  language: Language
  /** The network's title; absent where no network is known. */
  network?: string
  /** Where the design system's style sheet is served, if it is. */
  stylesheet?: string
  icon?: string
}

const Page: FC<{ view: PublicView; title: string; children?: Child }> = ({ view, title, children }) => (
  <html lang={view.language}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <meta name="referrer" content="no-referrer" />
      <title>{view.network ? `${title} · ${view.network}` : title}</title>
      {view.icon ? <link rel="icon" href={view.icon} type="image/svg+xml" /> : null}
      {view.stylesheet ? <link rel="stylesheet" href={view.stylesheet} /> : null}
    </head>
    <body>
      <main class="gate" id="content">
        {view.network ? <p class="brand">{view.network}</p> : null}
        <div class="gate-card">
          <h1>{title}</h1>
          {children}
        </div>
        <p class="gate-foot">
          <a href={`?lang=${otherThan(view.language)}`} lang={otherThan(view.language)}>
            {pageWords[view.language].other}
          </a>
        </p>
      </main>
    </body>
  </html>
)

const otherThan = (language: Language): Language => (language === 'fr' ? 'en' : 'fr')

/** A question with one button: the only thing that acts, since programs follow every link in a mail. */
export const AskPage: FC<{ view: PublicView; title: string; question: string; act: string }> = (props) => (
  <Page view={props.view} title={props.title}>
    <p>{props.question}</p>
    <form method="post">
      <button type="submit" class="button primary">
        {props.act}
      </button>
    </form>
  </Page>
)

/** What was done, or why it was not, and where one may go on. */
export const SaidPage: FC<{ view: PublicView; title: string; lines: string[]; more?: [text: string, url: string] }> = (
  props,
) => (
  <Page view={props.view} title={props.title}>
    {props.lines.map((line, index) => (
      <p role={index === 0 ? 'status' : undefined}>{line}</p>
    ))}
    {props.more ? (
      <p>
        <a href={props.more[1]}>{props.more[0]}</a>
      </p>
    ) : null}
  </Page>
)

interface PreferencesPageProps {
  view: PublicView
  preferences: Preferences
  isShared: boolean
  isSaved: boolean
}

export const PreferencesPage: FC<PreferencesPageProps> = ({ view, preferences, isShared, isSaved }) => {
  const { prefs, tracking, channels } = pageWords[view.language]
  return (
    <Page view={view} title={prefs.title}>
      {isSaved ? <p role="status">{prefs.saved}</p> : null}
      <p>{prefs.intro}</p>
      <form method="post" class="choices">
        <section aria-labelledby="tracking">
          <h2 id="tracking">{tracking.title}</h2>
          {isShared ? <p class="note">{tracking.shared}</p> : null}
          {(['opens', 'clicks'] as const).map((subject) => (
            <fieldset>
              <legend>{tracking[subject]}</legend>
              {(['granted', 'refused'] as const).map((choice) => (
                <label>
                  <input
                    type="radio"
                    name={subject}
                    value={choice}
                    checked={preferences[subject] === choice}
                    disabled={isShared && choice === 'granted'}
                  />
                  {choice === 'granted' ? tracking.yes : tracking.no}
                </label>
              ))}
            </fieldset>
          ))}
        </section>
        <section aria-labelledby="channels">
          <h2 id="channels">{prefs.heading}</h2>
          <fieldset>
            <legend>{prefs.channels}</legend>
            {leavable.map((channel) => (
              <label>
                <input
                  type="checkbox"
                  name="leave"
                  value={channel}
                  checked={preferences.left.includes(channel)}
                  disabled={preferences.left.includes(channel)}
                />
                {channels[channel]}
                {preferences.left.includes(channel) ? ` (${prefs.left})` : ''}
              </label>
            ))}
          </fieldset>
          <p class="note">{prefs.stays}</p>
        </section>
        <button type="submit" class="button primary">
          {prefs.save}
        </button>
      </form>
    </Page>
  )
}
