import { audiencePage } from '../audience/page.ts'
import { type Person, readPeople } from '../audience/people.ts'
import type { Context, Network } from '../context.ts'
import { audienceOf } from '../outbox/step.ts'
import type { Because, Decision } from '../routing/types.ts'
import type { ChannelName } from '../words.ts'
import type { CampaignDefinition } from './definition.ts'
import { decideForPage, type Planning, planningOf } from './plan.ts'
import { whyNothing } from './plan-tally.ts'

/** Which of a step's people: those of a channel, those who get nothing for a reason, or those who wait. */
export interface PlanFilter {
  step: string
  /** Of a step that recurs; its first occurrence otherwise. */
  occurrence?: string
  channel?: ChannelName
  /** A routing code. */
  reason?: string
  isDeferred?: boolean
}

export interface PlannedPerson {
  contactId: string
  name: string
  siteName: string
  channel?: ChannelName
  at?: Date
  because: Because[]
}

export interface PeoplePage {
  people: PlannedPerson[]
  /** After whom to go on; undefined at the end of the audience. */
  next?: string
}

const readAtOnce = 100
const shown = 50

/**
 * Who stands behind a number of the dry run, a page at a time. It goes through the audience from `after` on until the
 * page is full or `isOver`: then the page is short and `next` goes on. Writes nothing.
 */
export async function planPeople(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  filter: PlanFilter,
  launchedAt: Date,
  after: string,
  isOver: () => boolean,
): Promise<PeoplePage> {
  const { db } = context
  const planning = await planningOf(context, network, campaign, launchedAt)
  const whom = await audienceOf(db, network.id, campaign.audience)
  const people: PlannedPerson[] = []
  for (let place = after; ; ) {
    const ids = await audiencePage(db, whom, place, readAtOnce)
    const found = await matching(context, network, planning, await readPeople(db, network.id, ids), filter)
    for (const one of found) {
      if (people.length === shown) return { people, next: people.at(-1)!.contactId }
      people.push(one)
    }
    if (ids.length < readAtOnce) return { people }
    place = ids.at(-1) as string
    if (isOver()) return { people, next: place }
  }
}

async function matching(
  context: Context,
  network: Network,
  planning: Planning,
  page: Person[],
  filter: PlanFilter,
): Promise<PlannedPerson[]> {
  const found: PlannedPerson[] = []
  const asked = planning.steps.findIndex(
    ({ step: { message } }) =>
      message.step === filter.step && (filter.occurrence === undefined || message.occurrence === filter.occurrence),
  )
  await decideForPage(context, network, planning, page, (index, person, decision) => {
    if (index !== asked || !isMeant(decision, filter)) return
    const { contact, site } = person
    found.push({
      contactId: contact.id,
      name: [contact.firstName, contact.lastName].filter(Boolean).join(' '),
      siteName: site.name,
      channel: decision.channel,
      at: decision.at,
      because: decision.because,
    })
  })
  return found
}

function isMeant(decision: Decision, { channel, reason, isDeferred }: PlanFilter): boolean {
  if (channel !== undefined) return decision.channel === channel
  if (isDeferred) return decision.outcome === 'defer'
  if (decision.channel) return false
  return reason === undefined || whyNothing(decision) === reason
}
