import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchCampaign, readCampaign } from '../../src/campaign/launch.ts'
import { planCampaign } from '../../src/campaign/plan.ts'
import { planContact } from '../../src/campaign/plan-contact.ts'
import { campaigns, contacts, decisions, deliveries, holdouts, sites } from '../../src/db/schema.ts'
import { explain } from '../../src/routing/explain.ts'
import { tickAll } from '../../src/worker.ts'
import { type World, world } from '../world.ts'

/** Outlets of one to three people, of two tiers, all reachable by text. */
function outlets(count: number): string {
  const header =
    'Code site;Raison sociale;Typologie;Niveau;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Profil;Mobile;Langue;Accord SMS'
  const rows: string[] = []
  for (let n = 0; n < count; n++)
    for (let k = 0; k <= n % 3; k++) {
      const digits = String(rows.length).padStart(4, '0')
      rows.push(
        `S${n};Maison ${n};Artisan;${n % 2 ? 'Or' : 'Argent'};69002;Lyon;France;P${n}-${k};Jean;N${n}${k};Terrain;06 39 98 ${digits.slice(0, 2)} ${digits.slice(2)};fr;oui`,
      )
    }
  return [header, ...rows].join('\n')
}

let w: World
beforeAll(async () => {
  w = await world({ file: outlets(60), at: new Date('2027-01-12T09:00:00Z') })
})
afterAll(() => w.close())

const file = (name: string, of: string, urgency = 'normal') => ({
  file: `${name}.yaml`,
  text: `name: ${name}\ntitle: { fr: Essai, en: Trial }\nclass: ${of}\nholdout: 20%\naudience: { segment: tous }\nanchor: { launch: now }\nlink: https://www.example.com\nsteps:\n  - { name: une, at: launch, intent: follow-up, urgency: ${urgency}, template: challenge/launch }\n  - { name: deux, at: launch + PT30H, intent: follow-up, urgency: ${urgency}, template: challenge/launch }`,
})

const readIn = (source: { file: string; text: string }) => readCampaign(w.context, w.network, source, w.clock.now())

/** Launches it and lets both steps go by; what was decided, by person and step. */
async function played(name: string, of: string, urgency?: string) {
  const { db } = w.context
  const { steps } = await launchCampaign(w.context, w.network, file(name, of, urgency), 'test', w.clock.now())
  await tickAll(w.context)
  w.clock.set(new Date(w.clock.now().getTime() + 54 * 3_600_000))
  await tickAll(w.context)
  const rows = await db
    .select({ contactId: contacts.id, siteId: sites.id, tier: sites.tier, decision: decisions })
    .from(decisions)
    .innerJoin(contacts, eq(contacts.id, decisions.contactId))
    .innerJoin(sites, eq(sites.id, contacts.siteId))
  const own = rows.filter(
    ({ decision }) => decision.occurrence === '1' && steps.some((step) => step.messageId === decision.messageId),
  )
  const [campaign] = await db.select().from(campaigns).where(eq(campaigns.name, name))
  return { rows: own, campaign: campaign! }
}

describe('a control group', () => {
  test('is drawn by outlet, of every tier and size its share; for all steps the same, as the plan said', async () => {
    const planned = await planCampaign(w.context, w.network, await readIn(file('temoin', 'relational')), w.clock.now())
    const { rows, campaign } = await played('temoin', 'relational')
    const kept = await w.context.db.select().from(holdouts).where(eq(holdouts.campaignId, campaign.id))
    const ids = new Set(kept.map((row) => row.siteId))
    expect(campaign.holdout).toEqual({ share: 0.2, outlets: 60, heldOut: ids.size })
    // Six strata of ten outlets (two tiers, one to three people): 20 % of each.
    expect(Math.abs(ids.size - 12)).toBeLessThanOrEqual(4)
    expect(rows).toHaveLength(240)
    for (const { siteId, decision } of rows) expect(decision.outcome === 'holdout').toBe(ids.has(siteId))
    const [steps] = [planned.steps.map((step) => step.reasons.find(({ code }) => code === 'held_out')?.count)]
    expect(steps).toEqual([ids.size * 2, ids.size * 2].map(() => rows.filter(isHeld).length / 2))
    const left = rows.find(isHeld)!
    expect(explain(left.decision.because, 'fr')).toBe(
      'Rien envoyé : fait partie du groupe témoin (20 % des points de vente, tirés au sort)',
    )
    const sent = await w.context.db.select().from(deliveries)
    const written = new Set(sent.map((row) => row.recipientKey))
    for (const row of rows.filter(isHeld)) {
      expect(written).not.toContain(`contact:${row.contactId}`)
      expect(written).not.toContain(`site:${row.siteId}`)
    }
  })

  test('says so for one person, once it is drawn', async () => {
    const { db } = w.context
    const [campaign] = await db.select().from(campaigns).where(eq(campaigns.name, 'temoin'))
    const [row] = await db
      .select({ contactId: contacts.id })
      .from(holdouts)
      .innerJoin(contacts, and(eq(contacts.networkId, holdouts.networkId), eq(contacts.siteId, holdouts.siteId)))
      .where(eq(holdouts.campaignId, campaign!.id))
    const definition = await readIn(file('temoin', 'relational'))
    const plan = await planContact(w.context, w.network, definition, row!.contactId, w.clock.now())
    expect(plan.steps.map((step) => step.outcome)).toEqual(['holdout', 'holdout'])
  })

  test('does not move when the network grows or changes after the draw', async () => {
    const { db } = w.context
    await db.update(sites).set({ tier: 'Platine' })
    const plan = await planCampaign(w.context, w.network, await readIn(file('temoin', 'relational')), w.clock.now())
    const [campaign] = await db.select().from(campaigns).where(eq(campaigns.name, 'temoin'))
    const people = await db
      .select({ id: contacts.id })
      .from(contacts)
      .innerJoin(holdouts, and(eq(holdouts.siteId, contacts.siteId), eq(holdouts.campaignId, campaign!.id)))
    expect(plan.steps[0]!.reasons.find(({ code }) => code === 'held_out')?.count).toBe(people.length)
  })

  test('lacks nothing that is urgent', async () => {
    const { rows, campaign } = await played('urgent', 'relational', 'immediate')
    expect(campaign.holdout!.heldOut).toBeGreaterThan(5)
    expect(rows).toHaveLength(240)
    expect(rows.filter(isHeld)).toEqual([])
  })

  test('cannot be asked for where people are owed the message, or of more than half the outlets', async () => {
    await expect(readIn(file('du', 'contractual'))).rejects.toThrow(/class contractual leaves nobody out/)
    const { text } = file('trop', 'marketing')
    const asked = (share: string) => readIn({ file: 'trop.yaml', text: text.replace('20%', share) })
    await expect(asked('60%')).rejects.toThrow(/from 1% to 50%/)
    await expect(asked('dix%')).rejects.toThrow(/written like 10%/)
    await expect(asked('10 %')).resolves.toMatchObject({ holdout: '10 %' })
  })
})

const isHeld = ({ decision }: { decision: { outcome: string } }) => decision.outcome === 'holdout'
