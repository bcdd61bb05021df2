import { and, eq, gte, inArray, isNotNull, ne } from 'drizzle-orm'
import { latestApproval } from '../../approval/approve.ts'
import { type LaunchRules, launchRulesOf, needsApproval } from '../../approval/rules.ts'
import { snapshotHash } from '../../approval/snapshot.ts'
import { audiencePage } from '../../audience/page.ts'
import { type Person, readPeople } from '../../audience/people.ts'
import type { Context, Network } from '../../context.ts'
import { campaigns, campaignWords } from '../../db/schema.ts'
import { renderUrls } from '../../deliver/urls.ts'
import { preferSenders, sendersOf } from '../../network/senders.ts'
import { mergeValues } from '../../outbox/merge-values.ts'
import { audienceOf } from '../../outbox/step.ts'
import { checkTemplate } from '../../render/check.ts'
import { frontMatter } from '../../render/front-matter.ts'
import { splitLayout } from '../../render/layout.ts'
import { compile, linksIn, RenderProblem } from '../../render/render.ts'
import { classRules } from '../../routing/classes.ts'
import { verifyToken } from '../../tracking/tokens.ts'
import { languages } from '../../words.ts'
import type { CampaignDefinition } from '../definition.ts'
import { type FrozenText, wordsOfCampaign } from '../frozen-words.ts'
import { fieldsOf } from '../merge.ts'
import { catalogOf } from '../network-templates.ts'
import { obstaclesTo } from '../obstacles.ts'
import type { CampaignPlan } from '../plan.ts'
import { usualAudience } from '../usual-size.ts'
import { domainOf, knownDomain } from './domain.ts'
import type { CheckItem, CheckState } from './item.ts'
import { knownLinks } from './links.ts'

/** People whose fields and languages are looked at; the page says so where there are more. */
const looked = 2_000
/** The audience is compared with the usual one: beyond this much more or less somebody should look. */
const usualShare = 0.3
/** Words sent to the network within so many days are a repetition. */
const repeatDays = 14
const dayMs = 86_400_000
/** Why a message would no longer be worth sending when it may leave. */
const tooLate: readonly string[] = ['expired', 'expires_before_window']

export interface Checking {
  campaignId: string
  campaign: CampaignDefinition
  text: string
  plan: CampaignPlan
}

interface Seen {
  /** Those its steps may leave by. */
  words: readonly FrozenText[]
  /** All its templates say, as an approval is for. */
  whole: readonly FrozenText[]
  people: readonly Person[]
  here: string
  rules: LaunchRules
}

/** Every link the words of a campaign and the campaign itself lead to, each once. */
export const linksOf = (campaign: CampaignDefinition, words: readonly FrozenText[]): string[] => [
  ...new Set([
    ...(campaign.link ? [campaign.link] : []),
    ...words
      .filter((text) => text.channel === 'email' || text.channel === 'intranet')
      .flatMap((text) => linksIn(text.source))
      .filter((url) => /^https?:\/\//.test(url)),
  ]),
]

/** The links of a campaign as its templates stand. */
export const linksOfCampaign = async (
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
): Promise<string[]> => linksOf(campaign, wordsOfCampaign(await catalogOf(context, network, campaign), campaign))

/** What a machine finds in a campaign that is to be launched at `now` (business time). Reads only, calls nobody. */
export async function checklistOf(
  context: Context,
  network: Network,
  checking: Checking,
  now: Date,
): Promise<CheckItem[]> {
  const { campaign, campaignId } = checking
  const catalog = await catalogOf(context, network, campaign)
  const ids = await audiencePage(context.db, await audienceOf(context.db, network.id, campaign.audience), '', looked)
  const whole = wordsOfCampaign(catalog, campaign)
  const seen: Seen = {
    whole,
    words: whole.filter((text) =>
      campaign.steps.some((step) => step.template === text.template && (step.channels?.includes(text.channel) ?? true)),
    ),
    people: await readPeople(context.db, network.id, ids),
    here: `/console/campaigns/${campaignId}`,
    rules: launchRulesOf(network.settings),
  }
  const obstacles = await obstaclesTo(context, network, campaign)
  const item = (code: CheckItem['code'], state: CheckState, params: CheckItem['params'] = {}, href = seen.here) => ({
    code,
    state,
    params,
    href: state === 'ok' ? undefined : href,
  })
  const others = obstacles.filter(({ code }) => code !== 'reply.one_way' && code !== 'sender.unknown')
  const sender = obstacles.length - others.length
  return [
    item('text', others.length > 0 ? 'stop' : 'ok', { count: others.length }),
    item('halt', network.halt ? 'stop' : 'ok', { reason: network.halt?.reason ?? '' }, '/console/halt'),
    ...(await approvalCheck(context, network, checking, seen)),
    ...(await audienceChecks(context, network, checking, seen)),
    ...wordChecks(seen, campaign),
    await linkCheck(context, network, campaign, seen),
    ...(await renderChecks(context, network, checking, seen, now)),
    ...planChecks(network, checking, seen),
    await repeatCheck(context, network, checking, seen, now),
    ...(await domainCheck(context, network, campaign, seen)),
    item('sender', sender > 0 ? 'stop' : 'ok', { count: sender }, '/console/settings/senders'),
  ]
}

async function approvalCheck(
  { db }: Context,
  network: Network,
  { campaignId, campaign, text, plan }: Checking,
  { whole, rules, here }: Seen,
): Promise<CheckItem[]> {
  if (!needsApproval(rules, campaign, plan.audience)) return []
  const approval = await latestApproval(db, network.id, campaignId)
  const isGiven = approval?.status === 'approved'
  const isCurrent = approval?.hash === snapshotHash(text, whole)
  const state = isGiven && isCurrent ? 'ok' : isGiven ? 'warn' : 'stop'
  return [{ code: 'approval', state, params: {}, href: state === 'ok' ? undefined : `${here}/approval` }]
}

async function audienceChecks(
  { db }: Context,
  network: Network,
  { plan }: Checking,
  { here }: Seen,
): Promise<CheckItem[]> {
  const count = plan.audience
  const usual = await usualAudience(db, network.id)
  const share = usual ? count / usual - 1 : 0
  const isUnusual = Math.abs(share) > usualShare
  return [
    {
      code: 'audience',
      state: count === 0 ? 'stop' : 'ok',
      params: { count },
      href: count === 0 ? `${here}/plan` : undefined,
    },
    ...(usual === undefined
      ? []
      : [
          {
            code: 'usual' as const,
            state: isUnusual ? ('warn' as const) : ('ok' as const),
            params: { usual, share: Math.abs(share), more: share > 0 ? 'more' : 'less' },
            href: isUnusual ? `${here}/plan` : undefined,
          },
        ]),
  ]
}

function wordChecks({ words, people, here }: Seen, campaign: CampaignDefinition): CheckItem[] {
  const spoken = languages.filter((language) => people.some(({ contact }) => contact.language === language))
  const missing = campaign.steps.flatMap((step) => {
    const own = words.filter((text) => text.template === step.template)
    const channels = [...new Set(own.map((text) => text.channel))]
    return channels.flatMap((channel) =>
      spoken
        .filter((language) => !own.some((text) => text.channel === channel && text.language === language))
        .map((language) => `${step.name} · ${channel} · ${language}`),
    )
  })
  const mails = words.filter((text) => text.channel === 'email')
  const bare = mails.filter((text) => {
    const { words: own } = splitLayout(text.source, 'email')
    const { fields } = frontMatter(own, ['subject', 'preheader'])
    return !fields.subject || !fields.preheader
  })
  return [
    {
      code: 'words',
      state: missing.length > 0 ? 'warn' : 'ok',
      params: { count: missing.length, which: missing.slice(0, 5).join(', ') },
      href: missing.length > 0 ? `${here}/words` : undefined,
    },
    ...(mails.length === 0
      ? []
      : [
          {
            code: 'subject' as const,
            state: bare.length > 0 ? ('warn' as const) : ('ok' as const),
            params: { count: bare.length, which: bare.map((text) => `${text.template}.${text.language}`).join(', ') },
            href: bare.length > 0 ? `${here}/words` : undefined,
          },
        ]),
    fieldCheck(words, people, campaign, here),
  ]
}

/** Fields of people written without a way round a missing one, and for how many of the audience they are empty. */
function fieldCheck(
  words: readonly FrozenText[],
  people: readonly Person[],
  campaign: CampaignDefinition,
  here: string,
): CheckItem {
  const fields = fieldsOf(Object.keys(campaign.values ?? {}))
  const bare = new Set(
    words.flatMap((text) =>
      checkTemplate(text.source, text.channel, fields, campaign.class)
        .filter(({ code }) => code === 'fallback.missing')
        .flatMap(({ message }) => /^"([^"]+)"/.exec(message)?.[1] ?? []),
    ),
  )
  const empty = ({ contact }: Person) =>
    [...bare].some((path) => {
      const name = path.replace(/^contact\./, '')
      return name === 'fullName'
        ? !contact.firstName && !contact.lastName
        : !contact[name as 'firstName' | 'lastName' | 'salutation']
    })
  const count = people.filter(empty).length
  return {
    code: 'fields',
    state: bare.size > 0 && count > 0 ? 'warn' : 'ok',
    params: { which: [...bare].join(', '), count, all: people.length },
    href: bare.size > 0 && count > 0 ? `${here}/words` : undefined,
  }
}

async function linkCheck(
  { db, wall }: Context,
  network: Network,
  campaign: CampaignDefinition,
  { words, here }: Seen,
): Promise<CheckItem> {
  const urls = linksOf(campaign, words)
  const known = await knownLinks(db, network.id, urls, wall.now())
  const bad = urls.filter((url) => known.get(url) !== undefined && known.get(url)?.outcome !== 'answers')
  const untried = urls.filter((url) => known.get(url) === undefined)
  const state: CheckState = bad.length > 0 ? 'stop' : untried.length > 0 ? 'warn' : 'ok'
  return {
    code: 'links',
    state,
    params: {
      count: state === 'stop' ? bad.length : state === 'warn' ? untried.length : urls.length,
      which: bad.join(', '),
    },
    href: state === 'ok' ? undefined : `${here}/checklist`,
  }
}

/** Renders a message of each kind with the links of a real one: the way out has to be in it, and to open. */
async function renderChecks(
  context: Context,
  network: Network,
  { campaignId, campaign }: Checking,
  { words, people, here }: Seen,
  now: Date,
): Promise<CheckItem[]> {
  const [person] = people
  if (!person) return []
  const urls = renderUrls(context.keys, {
    channel: 'email',
    mode: 'none',
    fixed: { links: {}, code: 'XXXXXXXX', action: campaign.link },
    network: network.number,
    deliveryId: campaignId,
    messageId: campaignId,
    keyId: context.keys.current,
    publicUrl: context.publicUrl,
    shortUrl: context.shortUrl,
    asksAcknowledgement: false,
  })
  const senders = preferSenders(await sendersOf(context.db, network.id), campaign.sender)
  const broken: string[] = []
  let parts = 0
  for (const text of words) {
    if (text.channel !== 'email' && text.channel !== 'sms') continue
    const step = campaign.steps.find((one) => one.template === text.template)
    if (!step) continue
    const { channel, language } = text
    const values = mergeValues({
      network,
      campaign,
      step,
      person,
      channel,
      language,
      sender: senders.find((one) => one.channel === channel),
      isShared: false,
      now,
    })
    try {
      const template = await compile(text.source, channel, language, context.templates.layouts)
      const content = template.render(values, { ...urls, action: campaign.link })
      if (content.channel === 'sms') parts = Math.max(parts, content.parts)
      if (content.channel === 'email' && classRules[campaign.class].isCapped) {
        const token = urls.unsubscribe?.split('/u/')[1] ?? ''
        const opens = verifyToken(context.keys, 'unsubscribe', token)?.deliveryId === campaignId
        if (!opens || !content.html.includes(token) || !content.text.includes(token))
          broken.push(`${text.template}.${language}`)
      }
    } catch (error) {
      if (!(error instanceof RenderProblem)) throw error
      if (channel === 'email') broken.push(`${text.template}.${language} (${error.code})`)
    }
  }
  const hasMail = words.some((text) => text.channel === 'email')
  const found: CheckItem[] = []
  if (hasMail && classRules[campaign.class].isCapped)
    found.push({
      code: 'unsubscribe',
      state: broken.length > 0 ? 'stop' : 'ok',
      params: { which: broken.join(', ') },
      href: broken.length > 0 ? `${here}/words` : undefined,
    })
  if (parts > 0)
    found.push({
      code: 'sms',
      state: parts > 1 ? 'warn' : 'ok',
      params: { count: parts },
      href: parts > 1 ? `${here}/words` : undefined,
    })
  return found
}

function planChecks(network: Network, { plan }: Checking, { here }: Seen): CheckItem[] {
  const sum = (of: (step: CampaignPlan['steps'][number]) => number) =>
    plan.steps.reduce((total, step) => total + of(step), 0)
  const capped = sum((step) => step.reasons.find(({ code }) => code === 'cap_reached')?.count ?? 0)
  const deferred = sum((step) => step.deferred)
  const late = sum((step) =>
    step.reasons.reduce((all, { code, count }) => all + (tooLate.includes(code) ? count : 0), 0),
  )
  const unreachable = sum((step) => step.unreachable) - capped - late
  const august = plan.steps.filter((step) => step.at?.slice(5, 7) === '08')
  const most = sum((step) => step.cost.max)
  const budget = network.settings.dailyBudget
  const isOver = budget !== undefined && most * 1_000 > budget.millis
  const plain = (code: CheckItem['code'], count: number, href = `${here}/plan`): CheckItem => ({
    code,
    state: count > 0 ? 'warn' : 'ok',
    params: { count },
    href: count > 0 ? href : undefined,
  })
  return [
    plain('hours', deferred),
    {
      ...plain('august', august.length),
      params: { count: august.length, which: august.map(({ step }) => step).join(', ') },
    },
    plain('expiry', late),
    plain('caps', capped),
    plain('unreachable', unreachable),
    {
      code: 'budget',
      state: isOver ? 'warn' : 'ok',
      params: { most: most / 100, currency: plan.steps[0]?.cost.currency ?? network.currency },
      href: isOver ? '/console/settings/caps' : undefined,
    },
  ]
}

/** The domain a campaign’s e-mails come from, where it has any. */
export async function domainOfCampaign(
  { db }: Pick<Context, 'db'>,
  network: Network,
  campaign: CampaignDefinition,
): Promise<string | undefined> {
  const senders = preferSenders(await sendersOf(db, network.id), campaign.sender)
  return domainOf(senders.find(({ channel }) => channel === 'email')?.address)
}

/** Whether mailbox providers can tell who writes: worth a look and no more, a key may be where nobody would search. */
async function domainCheck(
  context: Context,
  network: Network,
  campaign: CampaignDefinition,
  { words, here }: Seen,
): Promise<CheckItem[]> {
  const domain = words.some((text) => text.channel === 'email')
    ? await domainOfCampaign(context, network, campaign)
    : undefined
  // A sandbox network writes to nobody.
  if (domain === undefined || network.mode === 'sandbox') return []
  const missing = await knownDomain(context.db, network.id, domain, context.wall.now())
  if (missing === undefined)
    return [{ code: 'domainUntried', state: 'warn', params: { domain }, href: `${here}/checklist` }]
  const params = { domain, which: missing.join(', ') }
  return missing.length > 0
    ? [{ code: 'domain', state: 'warn', params, href: '/console/settings/senders' }]
    : [{ code: 'domain', state: 'ok', params }]
}

/** The very same words, sent by another campaign a few days ago. */
async function repeatCheck(
  { db }: Context,
  network: Network,
  { campaignId }: Checking,
  { words, here }: Seen,
  now: Date,
): Promise<CheckItem> {
  const hashes = [...new Set(words.map((text) => text.hash))]
  const rows =
    hashes.length === 0
      ? []
      : await db
          .selectDistinct({ name: campaigns.name })
          .from(campaignWords)
          .innerJoin(
            campaigns,
            and(eq(campaigns.networkId, campaignWords.networkId), eq(campaigns.id, campaignWords.campaignId)),
          )
          .where(
            and(
              eq(campaignWords.networkId, network.id),
              inArray(campaignWords.hash, hashes),
              ne(campaigns.id, campaignId),
              ne(campaigns.status, 'canceled'),
              isNotNull(campaigns.launchedAt),
              gte(campaigns.launchedAt, new Date(now.getTime() - repeatDays * dayMs)),
            ),
          )
          .limit(5)
  return {
    code: 'repeat',
    state: rows.length > 0 ? 'warn' : 'ok',
    params: { count: rows.length, which: rows.map(({ name }) => name).join(', ') },
    href: rows.length > 0 ? here : undefined,
  }
}
