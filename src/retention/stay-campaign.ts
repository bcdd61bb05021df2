import { and, desc, eq, inArray, like, or } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { wordsOfCampaign } from '../campaign/frozen-words.ts'
import { beginSteps, hashOf, readCampaign } from '../campaign/launch.ts'
import { catalogOf } from '../campaign/network-templates.ts'
import { businessNow } from '../clock.ts'
import type { Context, Network } from '../context.ts'
import { newId, type Tx } from '../db/index.ts'
import { campaigns, campaignVersions, messages } from '../db/schema.ts'
import { stayTemplate } from './stay-template.ts'

/** What is told of a prospect who is to be asked. */
export const stayEvent = 'relais.silent-prospect'

const baseName = 'wish-to-stay'

/** One message, e-mail first, to each who is asked; kept to their consent, hours and caps like any other. */
const sourceNamed = (name: string): string => `name: ${name}
title:
  fr: Prospects sans nouvelles
  en: Silent prospects
class: relational
audience:
  rule:
    attribute: { name: hasContract, is: false }
anchor:
  launch: now
steps:
  - name: ask
    when: { event: ${stayEvent} }
    cooldown: P30D
    intent: relationship
    channels: [email, sms]
    template: ${stayTemplate}
    expires: P30D
    asksAcknowledgement: true
`

export interface StayCampaign {
  id: string
  status: (typeof campaigns.$inferSelect)['status']
  messageId: string
}

/** The campaign by which a network asks its silent prospects, the last one; undefined before the first. */
export async function stayCampaignOf(tx: Tx, networkId: string): Promise<StayCampaign | undefined> {
  const [row] = await tx
    .select({ id: campaigns.id, status: campaigns.status, messageId: messages.id })
    .from(campaigns)
    .innerJoin(messages, and(eq(messages.networkId, campaigns.networkId), eq(messages.campaignId, campaigns.id)))
    .where(
      and(
        eq(campaigns.networkId, networkId),
        or(eq(campaigns.name, baseName), like(campaigns.name, `${baseName}-%`)),
        eq(messages.template, stayTemplate),
        inArray(campaigns.status, ['running', 'paused', 'finished', 'canceled']),
      ),
    )
    .orderBy(desc(campaigns.launchedAt), desc(campaigns.id))
    .limit(1)
  return row
}

const isUnderWay = (known: StayCampaign | undefined): boolean =>
  known !== undefined && (known.status === 'running' || known.status === 'paused')

/**
 * Begins the campaign that asks, unless one is under way; one that was canceled is not taken up again, another begins.
 * The decision is the switch's, by whoever may change the settings, so that no launch is approved beside it.
 * @throws CampaignProblems when the network's own words for the template cannot be used.
 */
export async function beginStayCampaign(context: Context, network: Network, actor: string): Promise<void> {
  const { db, wall } = context
  if (isUnderWay(await stayCampaignOf(db, network.id))) return
  const now = businessNow(wall.now(), network)
  const taken = await db
    .select({ name: campaigns.name })
    .from(campaigns)
    .where(and(eq(campaigns.networkId, network.id), like(campaigns.name, `${baseName}%`)))
  const names = new Set(taken.map(({ name }) => name))
  let name = baseName
  for (let next = 2; names.has(name); next++) name = `${baseName}-${next}`
  const text = sourceNamed(name)
  const campaign = await readCampaign(context, network, { file: name, text }, now)
  const words = wordsOfCampaign(await catalogOf(context, network, campaign), campaign)
  await db.transaction(async (tx) => {
    const [created] = await tx
      .insert(campaigns)
      .values({
        ...{ networkId: network.id, id: newId(), name, title: campaign.title as Record<string, string> },
        ...{ class: campaign.class, status: 'running', createdAt: now, launchedAt: now },
      })
      .onConflictDoNothing()
      .returning({ id: campaigns.id })
    // Somebody pressed at the same moment.
    if (!created) return
    await tx.insert(campaignVersions).values({
      ...{ networkId: network.id, campaignId: created.id, version: 1, definition: campaign, source: text },
      ...{ hash: hashOf({ text }), createdBy: actor, createdAt: now },
    })
    await beginSteps(tx, network, created.id, campaign, { words, until: null }, now)
    const data = { name }
    await audit(tx, {
      ...{
        networkId: network.id,
        actor,
        action: 'campaign.launch' as const,
        subject: created.id,
        data,
        at: wall.now(),
      },
    })
  })
}
