import type { Person } from '../audience/people.ts'
import { smsCountriesOf } from '../network/sms-countries.ts'
import { route } from '../routing/route.ts'
import type { Belief, Decision, Measured, Touch } from '../routing/types.ts'
import type { ChannelName, Language } from '../words.ts'
import type { Contents } from './contents.ts'
import { mergeValues } from './merge-values.ts'
import type { Step } from './step.ts'

export interface Deciding {
  step: Step
  contents: Contents
  /** PUBLIC_URL and SHORT_URL: the short link is part of what an SMS weighs. */
  publicUrl: string
  shortUrl: string
  /** The size where the words are fixed already; otherwise they are measured. */
  measured?: Measured
}

export interface Circumstances {
  beliefs: Partial<Record<ChannelName, Belief>>
  touches: { contact: readonly Touch[]; site: readonly Touch[] }
  isSpent: boolean
  /** Business time from which the message may leave. */
  now: Date
  exclude?: readonly ChannelName[]
  /** Set for whose outlet is in the control group. */
  holdout?: { share: number }
}

/** As long as every short code is, so that what is measured is what is sent. */
const codeShape = 'XXXXXXXX'

/** Routes one step for one person: gathers what `route` reads and asks it. Nothing is written. */
export function decide(deciding: Deciding, person: Person, circumstances: Circumstances): Decision {
  const { step } = deciding
  return route({
    contact: person.routable,
    message: step.routable,
    policy: step.policy,
    senders: step.senders,
    smsCountries: smsCountriesOf(step.network),
    measure: (channel, language) =>
      deciding.measured ?? measure(deciding, person, channel, language, circumstances.now),
    seed: seedOf(step, person),
    closures: step.network.settings.closures,
    ...circumstances,
  })
}

/** Fixed by what a replay keeps, not by ids: network, campaign, step, occurrence and the person's identity. */
export const seedOf = (step: Step, person: Person): string =>
  [step.network.name, step.campaign.name, step.message.step, step.message.occurrence, person.contact.identityKey].join(
    '|',
  )

function measure(
  deciding: Deciding,
  person: Person,
  channel: ChannelName,
  language: Language,
  now: Date,
): Measured | undefined {
  const { step, contents, publicUrl, shortUrl } = deciding
  const found = contents.find(channel, language)
  if (!found) return undefined
  if ('problem' in found) return { language: found.language, parts: 1, problem: found.problem }
  // Only an SMS is paid by its length; elsewhere having words is what matters before the first claim.
  if (channel !== 'sms') return { language: found.language, parts: 1 }
  const values = mergeValues({
    network: step.network,
    campaign: step.campaign,
    step: step.definition,
    person,
    channel,
    language: found.language,
    sender: step.senders.find((sender) => sender.channel === channel),
    isShared: false,
    now,
  })
  return {
    language: found.language,
    ...found.template.measure(values, { click: {}, action: `${shortUrl}/q/${codeShape}`, site: publicUrl }),
  }
}
