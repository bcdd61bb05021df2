import { reachObstacle } from '../challenge/simulation/keep.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/index.ts'
import type { Network } from '../network/networks.ts'
import { sendersOf, unknownSenders } from '../network/senders.ts'
import { contactIdOf, siteIdOf } from '../outbox/step.ts'
import { isPersonal } from '../sequence/ways.ts'
import { urgentReasons } from '../words.ts'
import type { CampaignDefinition, StepDefinition } from './definition.ts'
import { catalogOf } from './network-templates.ts'
import type { TemplateCatalog } from './templates.ts'

/** Why a well-written campaign cannot be launched as things are. */
export interface Obstacle {
  code: 'step.condition' | 'reply.one_way' | 'sender.unknown' | 'audience.unknown' | 'challenge.reach' | 'urgent.reason'
  /** Absent when it concerns the campaign as a whole. */
  step?: string
  /** What it is and what would mend it. */
  message: string
}

/** Everything that keeps a campaign from being launched in this network, at once. */
export async function obstaclesTo(
  context: Pick<Context, 'db' | 'templates'>,
  network: Network,
  campaign: CampaignDefinition,
): Promise<Obstacle[]> {
  const { db } = context
  const templates = await catalogOf(context, network, campaign)
  const senders = await sendersOf(db, network.id)
  const texting = senders.filter((sender) => sender.channel === 'sms')
  const isOneWay = texting.length > 0 && !texting.some((sender) => sender.isTwoWay)
  const nameless = unknownSenders(senders, campaign.sender).map(
    (name): Obstacle => ({
      code: 'sender.unknown',
      message: `No sender of ${network.name} is named "${name}" (sender:). There is ${[...new Set(senders.map((sender) => sender.name))].join(', ')}.`,
    }),
  )
  const inSteps = campaign.steps.flatMap((step): Obstacle[] => {
    const found: Obstacle[] = []
    if (step.propose && isPersonal(campaign, step))
      found.push({
        code: 'step.condition',
        step: step.name,
        message: `Step "${step.name}" is proposed (propose:), but people come to it one by one: nobody could say yes to each. Remove propose:, or give it a date with at:.`,
      })
    if (step.asksReply && isOneWay && mayBeTexted(step, templates))
      found.push({
        code: 'reply.one_way',
        step: step.name,
        message: `Step "${step.name}" asks for a reply, but every SMS sender of ${network.name} is one-way: nobody could answer. Add a two-way sender (a short code), or ask with a link instead.`,
      })
    return found
  })
  return [
    ...unreasoned(network, campaign),
    ...(await nobodyMeant(db, network, campaign)),
    ...nameless,
    ...inSteps,
    ...(await outOfReach(db, network, campaign)),
  ]
}

/** What goes past consent, hours and caps is launched with a reason, which the journal keeps; a rehearsal needs none. */
function unreasoned(network: Network, campaign: CampaignDefinition): Obstacle[] {
  if (campaign.class !== 'urgent_service' || campaign.reason !== undefined || network.mode === 'sandbox') return []
  const message = `The class urgent_service goes past consent, hours and caps: say why with reason: ${urgentReasons.join(', ')}.`
  return [{ code: 'urgent.reason', message }]
}

/** Rules that a replay of last year found too hard or too easy go public only when somebody answers for them. */
async function outOfReach(tx: Tx, network: Network, { name, challenge }: CampaignDefinition): Promise<Obstacle[]> {
  const found = await reachObstacle(tx, network.id, name, challenge)
  if (!found) return []
  const { reached, people, verdict } = found
  const message = `Replayed on past results, ${reached} of ${people} would reach their objective: too ${verdict === 'too_few' ? 'few' : 'many'}, 70 to 80 % are aimed at. Change the rules of the challenge, or confirm the simulation with a reason.`
  return [{ code: 'challenge.reach', message }]
}

async function nobodyMeant(tx: Tx, network: Network, { audience }: CampaignDefinition): Promise<Obstacle[]> {
  const missing = (message: string): Obstacle[] => [{ code: 'audience.unknown', message }]
  if ('site' in audience && !(await siteIdOf(tx, network.id, audience.site)))
    return missing(`There is no site "${audience.site}" in ${network.name}: give its code in the partner file.`)
  if ('contact' in audience && !(await contactIdOf(tx, network.id, audience.contact)))
    return missing(`There is no contact "${audience.contact}" in ${network.name}: give the identifier of the file.`)
  return []
}

const mayBeTexted = (step: StepDefinition, templates: TemplateCatalog): boolean =>
  (step.channels?.includes('sms') ?? true) && templates.channels(step.template).includes('sms')
