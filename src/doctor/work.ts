import { readDoubts, readOutboxLag, readWebhookLag } from '../metrics/lags.ts'
import type { Examination, Finding } from './finding.ts'

/** A worker looks every second: what is five minutes overdue waits for nobody. */
const longLagSeconds = 300

/** Whether what is due leaves, what comes in is applied, and what is in doubt is being cleared up. */
export const examineWork: Examination = async ({ context: { db, wall } }) => {
  const findings: Finding[] = []
  await readOutboxLag(db, wall.now(), (lag, network) => {
    findings.push(
      lag > longLagSeconds
        ? {
            about: `outbox of ${network}`,
            health: 'bad',
            says: `A delivery has been due for ${Math.round(lag / 60)} minutes.`,
            mend: 'See that a worker runs (`relais serve`, or `relais worker`), and what the log says of this network.',
          }
        : { about: `outbox of ${network}`, health: 'ok', says: 'Nothing is overdue.' },
    )
  })
  await readDoubts(db, wall.now(), 'unknown', (count, network) => {
    if (count > 0)
      findings.push({
        about: `doubts of ${network}`,
        health: 'warn',
        says: `${count} deliveries are in doubt: the provider's answer was never seen. They are being cleared up.`,
      })
  })
  await readDoubts(db, wall.now(), 'needs_review', (count, network) => {
    if (count > 0)
      findings.push({
        about: `review of ${network}`,
        health: 'warn',
        says: `${count} deliveries wait for a person to say whether they left.`,
        mend: 'Open the outbox in the console, filtered by “to review”.',
      })
  })
  const lag = await readWebhookLag(db, wall.now())
  findings.push(
    lag > longLagSeconds
      ? {
          about: 'events from outside',
          health: 'bad',
          says: `An event has waited ${Math.round(lag / 60)} minutes to be applied.`,
          mend: 'See that a worker runs, and what the log says of inbound events.',
        }
      : { about: 'events from outside', health: 'ok', says: 'Everything that came in has been applied.' },
  )
  return findings
}
