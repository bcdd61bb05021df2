import type { FC } from 'hono/jsx'

export type Tone = 'good' | 'moving' | 'quiet' | 'warning' | 'bad'

/** A word that sorts a thing into a kind, such as a role or a tier; a state that changes is a `Status`. */
export const Badge: FC<{ text: string; tone?: Tone }> = ({ text, tone = 'quiet' }) => (
  <span class={`badge ${tone}`}>{text}</span>
)
