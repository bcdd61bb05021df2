import type { Person } from '../audience/people.ts'
import type { Tx } from '../db/index.ts'
import type { DecisionRow } from '../outbox/rows.ts'
import type { Step } from '../outbox/step.ts'
import { arrive, type Coming } from './arrive.ts'
import { watchingMessage } from './bring.ts'
import { calendarFor } from './calendar.ts'
import { after } from './delay.ts'
import { followersOf } from './ways.ts'

/** What brought somebody to the step at hand, handed on to what follows. */
export interface Turn {
  occurrence: string
  data: Record<string, unknown>
}

/**
 * What follows a step for the people it was just decided for, in the same transaction: who may be silent after it is on
 * the way to the step that waits for silence, and who is waited for is waited for.
 */
export async function afterDeciding(
  tx: Tx,
  step: Step,
  decided: readonly { person: Person; row: Pick<DecisionRow, 'outcome' | 'at'> }[],
  now: Date,
  turnOf: (contactId: string) => Turn | undefined = () => undefined,
): Promise<void> {
  const { campaign, definition, network, message, campaignId } = step
  const followers = followersOf(campaign, definition.name)
  const { waitFor } = definition
  if (followers.length === 0 && !waitFor) return
  const messageOf = await watchingMessage(
    tx,
    network.id,
    campaignId,
    followers.map((follower) => follower.step.name),
  )
  const coming: Coming[] = []
  for (const { person, row } of decided) {
    if (row.outcome === 'holdout') continue
    const contactId = person.contact.id
    const { occurrence = message.occurrence, data = {} } = turnOf(contactId) ?? {}
    const calendar = calendarFor(campaign, person.site, network)
    const from = row.at ?? now
    const way = { campaignId, contactId, occurrence, causeAt: from, data }
    if (row.outcome !== 'none')
      for (const { step: follower, cause } of followers) {
        const messageId = messageOf.get(follower.name)
        if (messageId === undefined) continue
        const params = { step: cause.step, silence: cause.silence }
        coming.push({
          ...{ ...way, messageId, kind: 'step', dueAt: after(cause.within, from, calendar) },
          cause: { code: 'silent', params },
        })
      }
    // Who could not be written to is waited for as well: that is when somebody rings them up.
    if (waitFor)
      coming.push({
        ...{ ...way, messageId: message.id, kind: 'wait', dueAt: after(waitFor.upTo, from, calendar) },
        cause: { code: 'wait', params: { step: definition.name } },
      })
  }
  await arrive(tx, network.id, coming, now)
}
