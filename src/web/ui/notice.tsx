import type { Child, FC } from 'hono/jsx'
import type { View } from '../view.ts'

/** An empty state: why there is nothing, and what to do next. */
export const Empty: FC<{ text: string; children?: Child }> = ({ text, children }) => (
  <div class="empty">
    <p>{text}</p>
    {children}
  </div>
)

/** What has just been done, or failed; read out when it appears. */
export const Flash: FC<{ tone: 'good' | 'bad' | 'warning'; children?: Child }> = ({ tone, children }) => (
  <p class={`flash ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
    {children}
  </p>
)

/** Work that takes longer than a second; its page renews itself until it is over. */
export const Progress: FC<{ view: View; text: string; done?: number; all?: number }> = ({ view, text, done, all }) => (
  <div class="working" role="status">
    <p>{text}</p>
    <progress max={all} value={all === undefined ? undefined : done} aria-label={text} />
    {done !== undefined && (
      <p class="note">{all === undefined ? view.formats.number(done) : view.t('ui.doneOf', { done, all })}</p>
    )}
  </div>
)

/**
 * The last look before something that cannot be taken back: it names the number of people, and what will happen.
 * A page of its own, so that it works without script.
 */
export const Confirmation: FC<{
  view: View
  title: string
  /** How many people this reaches; left out when it reaches nobody. */
  people?: number
  action: string
  confirm: string
  back: string
  isDangerous?: boolean
  fields?: Readonly<Record<string, string>>
  children?: Child
}> = ({ view, title, people, action, confirm, back, isDangerous, fields = {}, children }) => (
  <section class="confirmation" aria-labelledby="confirmation-title">
    <h1 id="confirmation-title">{title}</h1>
    {people !== undefined && <p class="people">{view.t('ui.people', { count: people })}</p>}
    {children}
    <form method="post" action={action}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div class="buttons">
        <button type="submit" class={isDangerous ? 'danger' : 'primary'}>
          {confirm}
        </button>
        <a class="button" href={back}>
          {view.t('ui.back')}
        </a>
      </div>
    </form>
  </section>
)
