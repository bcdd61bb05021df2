import { networks } from '../db/schema.ts'
import { redactionsLeft } from '../person/redact.ts'
import { dayMs } from '../retention/ask.ts'
import { retentionState } from '../retention/state.ts'
import type { Examination, Finding } from './finding.ts'

/** A worker asks for it once a day: two days without are too many. */
const late = 2 * dayMs

/** Whether what was kept long enough goes, and whether providers forget those who asked for it. */
export const examineRetention: Examination = async ({ context: { db, wall } }) => {
  const findings: Finding[] = []
  const now = wall.now().getTime()
  for (const network of await db.select().from(networks)) {
    const about = `retention of ${network.name}`
    const { last, nextAt } = await retentionState(db, network)
    if (last?.status === 'failed')
      findings.push({
        ...{ about, health: 'bad', says: 'Removing what was kept long enough broke off.' },
        mend: 'Look in the log for the reference on the settings page “Retention”; it is tried again within a day.',
      })
    else if (now - nextAt.getTime() > late - dayMs)
      findings.push({
        ...{ about, health: 'bad', says: 'Nothing has been removed for more than two days, whatever its term.' },
        mend: 'See that a worker runs (`relais serve`, or `relais worker`).',
      })
    else {
      const rows = Object.values(last?.removed ?? {}).reduce((sum, count) => sum + count, 0)
      const says = last
        ? `What was kept long enough goes once a day; last time ${rows} rows and files.`
        : 'Not due yet.'
      findings.push({ about, health: 'ok', says })
    }
    const { left, givenUp } = await redactionsLeft(db, network.id)
    if (givenUp > 0)
      findings.push({
        about: `erasures of ${network.name}`,
        health: 'warn',
        says: `${givenUp} messages or addresses of erased people could not be erased at their provider in a month of tries.`,
        mend: 'See the certificates of those people, and ask the provider.',
      })
    else if (left > 0)
      findings.push({
        about: `erasures of ${network.name}`,
        health: 'ok',
        says: `${left} messages or addresses of erased people are still to be erased at their provider; it is asked again by itself.`,
      })
  }
  return findings
}
