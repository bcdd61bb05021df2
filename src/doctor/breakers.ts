import { openBreakers } from '../deliver/breaker.ts'
import { breakerText } from '../deliver/breaker-text.ts'
import type { Examination } from './finding.ts'

/** Whether every provider takes what is handed to it. */
export const examineBreakers: Examination = async ({ context: { db } }) => {
  const open = await openBreakers(db)
  if (open.length === 0)
    return [{ about: 'providers’ answers', health: 'ok', says: 'No provider is refusing everybody.' }]
  return open.map((breaker) => ({
    about: `answers of ${breaker.provider}`,
    health: 'bad' as const,
    says: breakerText(breaker),
    mend: 'See that the account is active and its credentials are right; then press “Try now” in Settings, Senders.',
  }))
}
