import type { Child, FC } from 'hono/jsx'
import { type Language, languages, preferredHours } from '../words.ts'
import { type Leavable, pageWords } from './page-words.ts'
import type { Preferences } from './preferences.ts'
import { type TopicChoice, topicChannels } from './topics.ts'

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

const Topics: FC<{ view: PublicView; topics: readonly TopicChoice[]; isShared: boolean }> = (props) => {
  const { view, topics, isShared } = props
  const { prefs, channels } = pageWords[view.language]
  return (
    <section aria-labelledby="topics">
      <h2 id="topics">{prefs.topics}</h2>
      <p class="note">{prefs.topicsNote}</p>
      {topics.map(({ topic, isOpen }) => (
        <fieldset>
          <legend>{topic}</legend>
          {topicChannels.map((channel) =>
            isOpen[channel] === undefined ? null : (
              <>
                <input type="hidden" name="shown" value={`${channel}:${topic}`} />
                <label>
                  <input
                    type="checkbox"
                    name="keep"
                    value={`${channel}:${topic}`}
                    checked={isOpen[channel]}
                    disabled={isShared && !isOpen[channel]}
                  />
                  {channels[channel]}
                </label>
              </>
            ),
          )}
        </fieldset>
      ))}
    </section>
  )
}

const languageNames: Record<Language, string> = { fr: 'Français', en: 'English' }

/** What one person may choose for themselves. */
const Own: FC<{ view: PublicView; preferences: Preferences }> = ({ view, preferences }) => {
  const { prefs, learning } = pageWords[view.language]
  const radio = (name: string, value: string, text: string, isChecked: boolean) => (
    <label lang={name === 'language' ? value : undefined}>
      <input type="radio" name={name} value={value} checked={isChecked} />
      {text}
    </label>
  )
  return (
    <section aria-labelledby="hours">
      <h2 id="hours">{prefs.hours}</h2>
      <p class="note">{prefs.hoursNote}</p>
      <fieldset>
        <legend>{prefs.hours}</legend>
        {radio('hours', 'any', prefs.anyHour, !preferences.hours)}
        {preferredHours.map((part) => radio('hours', part, prefs.partsOfDay[part], preferences.hours === part))}
      </fieldset>
      <fieldset>
        <legend>{prefs.language}</legend>
        {languages.map((one) => radio('language', one, languageNames[one], preferences.language === one))}
      </fieldset>
      <h2>{learning.title}</h2>
      <p class="note">{learning.note}</p>
      <fieldset>
        <legend>{learning.text}</legend>
        {radio('learning', 'granted', learning.yes, preferences.learning !== 'refused')}
        {radio('learning', 'refused', learning.no, preferences.learning === 'refused')}
      </fieldset>
    </section>
  )
}

interface PreferencesPageProps {
  view: PublicView
  preferences: Preferences
  isShared: boolean
  /** What may be left here. */
  channels: readonly Leavable[]
  isSaved: boolean
}

export const PreferencesPage: FC<PreferencesPageProps> = ({
  view,
  preferences,
  isShared,
  channels: offered,
  isSaved,
}) => {
  const { prefs, tracking, channels } = pageWords[view.language]
  return (
    <Page view={view} title={prefs.title}>
      {isSaved ? (
        <p role="status" class="flash good">
          {prefs.saved}
        </p>
      ) : null}
      <p>{prefs.intro}</p>
      {preferences.isAllStopped ? <p class="flash warning">{prefs.stopped}</p> : null}
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
            {offered.map((channel) => (
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
        </section>
        {preferences.topics.length > 0 ? <Topics view={view} topics={preferences.topics} isShared={isShared} /> : null}
        {isShared ? null : <Own view={view} preferences={preferences} />}
        <button type="submit" class="button primary">
          {prefs.save}
        </button>
      </form>
      {preferences.isAllStopped ? null : (
        <form method="post" class="choices">
          <h2>{prefs.stopTitle}</h2>
          <p>{isShared ? prefs.stopShared : prefs.stopText}</p>
          <button type="submit" name="stop" value="all" class="button danger">
            {prefs.stop}
          </button>
        </form>
      )}
      <p class="note">{prefs.stays}</p>
    </Page>
  )
}
