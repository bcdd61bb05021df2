import { and, asc, desc, eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { type AuditFact, audit } from '../../../accounts/audit.ts'
import { contactsWithin } from '../../../accounts/scope.ts'
import { findChallenge } from '../../../challenge/challenge.ts'
import { localDay } from '../../../challenge/result.ts'
import { centsOf } from '../../../challenge/reward/amount.ts'
import { award, awardRefusals, cancelReward, markDelivered } from '../../../challenge/reward/award.ts'
import { addPrize, budgetOf, prizesOf, retirePrize, setBudget } from '../../../challenge/reward/prizes.ts'
import { smicOf, smicReferences } from '../../../challenge/reward/smic.ts'
import { ownSmic, smicReferenceOf } from '../../../challenge/reward/smic-settings.ts'
import { sayStanding, yearAccounts, yearPage, yearsWithRewards } from '../../../challenge/reward/year.ts'
import { businessNow } from '../../../clock.ts'
import { newId } from '../../../db/index.ts'
import { prizeKinds } from '../../../db/schema/reward.ts'
import { challengeParticipants, contacts, rewards } from '../../../db/schema.ts'
import { csvOf } from '../../../export/csv.ts'
import { streamOf } from '../../../export/table.ts'
import { xlsxOf } from '../../../export/xlsx.ts'
import { attachment } from '../../../http/attachment.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { findCampaign } from '../campaigns/queries.ts'
import { campaignOf, networkOf } from '../locate.ts'
import { listAddress } from '../network/list-address.ts'
import { ChallengeFrame, titleOf } from './challenge-tabs.tsx'
import { RewardsPage } from './rewards-page.tsx'
import { lineTable, situations, YearPage, yearTable } from './year-page.tsx'

const shownAtMost = 500
const refusedQuery = z.object({ refused: optional(z.enum(awardRefusals)) })
const yearQuery = z.object({
  year: optional(z.coerce.number().int().min(2000).max(2200)),
  smic: optional(z.enum(smicReferences)),
  cursor: optional(anId),
})

/** Prizes of a challenge, and the year's ledger of all that was given. */
export function rewardRoutes({ app, deps: { db, wall }, view, guards: { may } }: House): void {
  const text = (form: Record<string, unknown>, name: string): string => {
    const value = form[name]
    return typeof value === 'string' ? value.trim().slice(0, 200) : ''
  }
  const note = (c: PageContext, action: AuditFact['action'], subject: string, data: AuditFact['data'] = {}) =>
    db.transaction((tx) =>
      audit(tx, { networkId: c.get('network').id, actor: c.get('user').id, action, subject, data, at: wall.now() }),
    )
  const needed = async (c: PageContext) => {
    const network = c.get('network')
    const campaign = await findCampaign(db, network.id, idOf(c))
    const challenge = campaign && (await findChallenge(db, network.id, campaign.id))
    if (!campaign || !challenge) throw new HTTPException(404)
    return { network, campaign, challenge, now: businessNow(wall.now(), network) }
  }

  async function show(c: PageContext, problems?: Problems, values?: Record<string, string>) {
    const network = c.get('network')
    const campaign = await findCampaign(db, network.id, idOf(c))
    if (!campaign) throw new HTTPException(404)
    const drawn = await view(c)
    const challenge = await findChallenge(db, network.id, campaign.id)
    if (!challenge) {
      const title = drawn.t('rewards.of', { campaign: titleOf(drawn, campaign) })
      const lead = drawn.t('ranking.none')
      return sendPage(c, <ChallengeFrame view={drawn} campaign={campaign} title={title} lead={lead} />)
    }
    const nameOf = (row: { firstName: string | null; lastName: string | null }) =>
      [row.firstName, row.lastName].filter(Boolean).join(' ')
    const ofContact = and(eq(contacts.networkId, rewards.networkId), eq(contacts.id, rewards.contactId))
    const given = await db
      .select({ reward: rewards, firstName: contacts.firstName, lastName: contacts.lastName })
      .from(rewards)
      .innerJoin(contacts, ofContact)
      .where(and(eq(rewards.networkId, network.id), eq(rewards.challengeId, challenge.id)))
      .orderBy(desc(rewards.awardedAt), desc(rewards.id))
      .limit(shownAtMost)
    const people = await db
      .select({ contactId: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName })
      .from(challengeParticipants)
      .innerJoin(
        contacts,
        and(eq(contacts.networkId, challengeParticipants.networkId), eq(contacts.id, challengeParticipants.contactId)),
      )
      .where(
        and(
          eq(challengeParticipants.networkId, network.id),
          eq(challengeParticipants.challengeId, challenge.id),
          eq(challengeParticipants.status, 'registered'),
        ),
      )
      .orderBy(asc(contacts.nameKey))
      .limit(shownAtMost)
    return sendPage(
      c,
      <RewardsPage
        view={drawn}
        campaign={campaign}
        budget={await budgetOf(db, network.id, challenge.id)}
        prizes={await prizesOf(db, network.id, challenge.id)}
        rewards={given.map(({ reward, ...name }) => ({ ...reward, name: nameOf(name) }))}
        people={people.map(({ contactId, ...name }) => ({ contactId, name: nameOf(name) }))}
        requestKey={newId()}
        refused={parsed(refusedQuery, c.req.query()).refused}
        problems={problems}
        values={values}
      />,
      problems ? 422 : 200,
    )
  }
  const back = (c: PageContext, refused?: string) =>
    c.redirect(`/console/campaigns/${idOf(c)}/rewards${refused ? `?refused=${refused}` : ''}`, 303)

  const budget: PageHandler = async (c) => {
    const { network, challenge, now } = await needed(c)
    const { t } = await view(c)
    const cap = text(await c.req.parseBody(), 'cap')
    const capCents = centsOf(cap)
    if (capCents === undefined) return show(c, { cap: t('rewards.badValue') }, { cap })
    const isSet = await setBudget(db, { networkId: network.id, challengeId: challenge.id, capCents, at: now })
    if (!isSet) return show(c, { cap: t('rewards.budgetLow') }, { cap })
    await note(c, 'reward.budget', challenge.id, { capCents })
    return back(c)
  }

  const prize: PageHandler = async (c) => {
    const { network, challenge, now } = await needed(c)
    const form = await c.req.parseBody()
    const { t, language } = await view(c)
    const retire = text(form, 'retire')
    if (retire) {
      if (await retirePrize(db, network.id, retire, now)) await note(c, 'reward.prize', retire, { retired: true })
      return back(c)
    }
    const values = {
      title: text(form, 'title'),
      kind: text(form, 'kind'),
      value: text(form, 'value'),
      stock: text(form, 'stock'),
    }
    const valueCents = centsOf(values.value)
    const kind = prizeKinds.find((one) => one === values.kind)
    const problems: Record<string, string> = {}
    if (values.title === '') problems.title = t('rewards.badTitle')
    if (valueCents === undefined || valueCents === 0) problems.value = t('rewards.badValue')
    if (values.stock !== '' && !/^\d{1,6}$/.test(values.stock)) problems.stock = t('rewards.badStock')
    if (!kind || valueCents === undefined || Object.keys(problems).length > 0) return show(c, problems, values)
    const stock = values.stock === '' ? {} : { stock: Number(values.stock) }
    const made = await addPrize(
      db,
      {
        networkId: network.id,
        challengeId: challenge.id,
        kind,
        title: { [language]: values.title },
        valueCents,
        ...stock,
      },
      now,
    )
    await note(c, 'reward.prize', made.id, { valueCents })
    return back(c)
  }

  const give: PageHandler = async (c) => {
    const { network, challenge, now } = await needed(c)
    const form = parsed(z.object({ prize: anId, contact: anId, requestKey: anId }), await c.req.parseBody())
    const given = await award(db, network, {
      ...{ challengeId: challenge.id, prizeId: form.prize, contactId: form.contact, requestKey: form.requestKey },
      ...{ by: c.get('user').id, at: now },
    })
    if (given.outcome === 'refused') return back(c, given.code)
    if (given.outcome === 'awarded')
      await note(c, 'reward.give', given.reward.id, { contact: form.contact, valueCents: given.reward.valueCents })
    return back(c)
  }

  const state: PageHandler = async (c) => {
    const { network, now } = await needed(c)
    const form = await c.req.parseBody()
    const [deliver, cancel] = [text(form, 'deliver'), text(form, 'cancel')]
    const { t } = await view(c)
    if (deliver && (await markDelivered(db, network.id, deliver, now))) await note(c, 'reward.deliver', deliver)
    if (cancel) {
      const done = await db.transaction((tx) =>
        cancelReward(tx, network.id, cancel, t('rewards.canceledByOffice'), now),
      )
      if (done) await note(c, 'reward.cancel', cancel)
    }
    return back(c)
  }

  const yearAsked = (c: PageContext, given: Record<string, unknown>) => {
    const network = c.get('network')
    const { year: asked, smic: reference = smicReferenceOf(network.settings), cursor } = parsed(yearQuery, given)
    const current = Number(localDay(businessNow(wall.now(), network), network.timezone).slice(0, 4))
    const year = asked ?? current
    const smic = network.country === 'FR' ? smicOf(year, reference, ownSmic(network.settings)) : undefined
    const of = { networkId: network.id, year, smic, only: contactsWithin(db, c.get('scope')) }
    return { network, year, current, reference, smic, cursor, of }
  }

  const year: PageHandler = async (c) => {
    const { network, year: shown, current, reference, smic, cursor, of } = yearAsked(c, c.req.query())
    const { accounts, next } = await yearPage(db, of, cursor)
    const drawn = await view(c)
    const years = [...new Set([current, shown, ...(await yearsWithRewards(db, network.id))])].sort((a, b) => b - a)
    const url = listAddress(drawn, '/console/rewards', { year: String(shown), smic: reference })
    return sendPage(
      c,
      <YearPage
        {...{ view: drawn, year: shown, years, reference, smic, accounts, next, url }}
        isContinued={cursor !== undefined}
      />,
    )
  }

  const standing: PageHandler = async (c) => {
    const network = c.get('network')
    const form = parsed(
      z.object({ contact: anId, situation: z.enum(situations), year: z.coerce.number().int() }),
      await c.req.parseBody(),
    )
    const [person] = await db
      .select({ id: contacts.id })
      .from(contacts)
      .where(and(eq(contacts.networkId, network.id), eq(contacts.id, form.contact), contactsWithin(db, c.get('scope'))))
    if (!person) throw new HTTPException(404)
    const { situation } = form
    await sayStanding(db, {
      ...{ networkId: network.id, contactId: form.contact, by: c.get('user').id, at: businessNow(wall.now(), network) },
      regime: situation === 'other_regime' ? 'self_employed' : 'employee',
      ...{ isCustomerFacing: situation !== 'not_customer_facing', isSameGroup: situation === 'same_group' },
    })
    await note(c, 'reward.standing', form.contact, { situation })
    return c.redirect(`/console/rewards?network=${encodeURIComponent(network.name)}&year=${form.year}`, 303)
  }

  const take: PageHandler = async (c) => {
    const form = await c.req.parseBody()
    const { file } = parsed(z.object({ file: z.enum(['csv', 'xlsx']) }), form)
    const { year: shown, of } = yearAsked(c, { year: form.year, smic: form.smic })
    const drawn = await view(c)
    await note(c, 'reward.export', String(shown), { file })
    const table = yearTable(drawn, shown, yearAccounts(db, of))
    c.header('cache-control', 'no-store')
    c.header('content-disposition', attachment(`${table.name}.${file}`))
    c.header(
      'content-type',
      file === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    )
    return c.body(
      streamOf(
        file === 'csv'
          ? csvOf(table, drawn.language)
          : xlsxOf([table, lineTable(drawn, shown, yearAccounts(db, of))], wall.now()),
      ),
    )
  }

  app.get('/console/campaigns/:id/rewards', may('campaign.read', campaignOf(db)), (c) => show(c))
  app.post('/console/campaigns/:id/rewards/budget', may('campaign.control', campaignOf(db)), budget)
  app.post('/console/campaigns/:id/rewards/prize', may('campaign.control', campaignOf(db)), prize)
  app.post('/console/campaigns/:id/rewards/give', may('campaign.control', campaignOf(db)), give)
  app.post('/console/campaigns/:id/rewards/state', may('campaign.control', campaignOf(db)), state)
  app.get('/console/rewards', may('contact.read', networkOf(db)), year)
  app.post('/console/rewards/standing', may('contact.write', networkOf(db)), standing)
  app.post('/console/rewards/export', may('result.export', networkOf(db)), take)
}
