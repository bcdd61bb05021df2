import { eq } from 'drizzle-orm'
import { type Db, newId } from '../src/db/index.ts'
import { campaigns, contacts, deliveries, messages, networks, sites } from '../src/db/schema.ts'
import { actAll, type Beliefs, beliefsOf, expose, matureDue } from '../src/engagement/record.ts'
import { engagementOf } from '../src/engagement/standing.ts'
import { createNetwork } from '../src/network/networks.ts'
import { defaultPolicy } from '../src/routing/default-policy.ts'
import { route } from '../src/routing/route.ts'
import type { Policy, RoutableContact, RoutableMessage, RoutingInput, Touch } from '../src/routing/types.ts'
import type { ChannelName } from '../src/words.ts'
import { acts, bestOf, ratesAt, type SimulatedPerson, simulatedChannels, simulatedPeople } from './simulated-truth.ts'
import { workspace } from './workspace.ts'

const dayMs = 86_400_000
/** Tuesday 12 January 2027, 10:00 in Paris. Eight days apart, no cap on messages is ever met. */
const start = new Date('2027-01-12T09:00:00Z')
const everyDays = 8
const messagesAnIssue = 5
/** After so many issues what was learned is held against the truth. */
const lookedAtAfter = 3
const pageSize = 100

/**
 * The shipped policy, left to choose among three channels. What is sent belongs to a challenge: an act is worth 5 €, so
 * that answers decide and not the price of a text.
 */
const policy: Policy = {
  ...defaultPolicy,
  rules: [
    { id: 'field', when: { profile: ['field'] }, channels: ['sms', 'email', 'screen'] },
    { id: 'desk', when: {}, channels: ['email', 'sms', 'screen'] },
  ],
}
const fixed: Policy = { ...policy, rules: policy.rules.map((rule) => ({ ...rule, learns: false })) }
const asked: RoutableMessage = {
  ...{ id: '', campaign: 'simulation', step: '', occurrence: '1', topic: '' },
  ...{ class: 'relational', urgency: 'normal', intent: 'relationship', asksReply: false, onQuiet: 'defer' },
}

interface Subject {
  person: SimulatedPerson
  contactId: string
  contact: RoutableContact
  touches: Touch[]
}

export interface SimulationOptions {
  seed: string
  people: number
  issues: number
  /** A first guess that is wrong: texts and mail the other way round. */
  isPriorWrong?: boolean
}

export interface Simulated {
  /** Acts by message, of each way to choose the channel. */
  learned: number
  alwaysEmail: number
  profileRule: number
  /** Whoever knew every taste would choose like this; nobody does. */
  allKnowing: number
  /** The same, of the issues after the third alone. */
  learnedLater: number
  alwaysEmailLater: number
  profileRuleLater: number
  /** Of those whose best channel truly reaches 30 %: the share found hot or warm. Of those who never act: cold or dormant. */
  responsiveFound: number
  absentFound: number
  /** The mean of both: what the learned segments have in common with the truth; chance would make it a half. */
  match: number
  /** Of those with a channel truly 20 points ahead: the share for whom it is learned to be the best, and before any data. */
  channelFound: number
  channelGuessed: number
  explored: number
  /** Messages on a channel its reader had withdrawn consent for before. */
  afterWithdrawal: number
  withdrawn: number
}

/**
 * So many issues (more than three) of five messages to people whose tastes are known, through the decisions and the
 * learning of the product on a database, the clock moved from message to message. Halfway, some change their taste; two
 * thirds through, one in twenty withdraws the
 * consent to be written to on the channel used last.
 */
export async function simulate(db: Db, { seed, people, issues, isPriorWrong }: SimulationOptions): Promise<Simulated> {
  const truth = simulatedPeople(seed, people)
  const network = await settle(db, seed, truth, isPriorWrong ?? false)
  const { subjects } = network
  const total = issues * messagesAnIssue
  const counted = { sent: 0, explored: 0, afterWithdrawal: 0 }
  const acted = { learned: 0, alwaysEmail: 0, profileRule: 0, allKnowing: 0 }
  let early = acted
  let seen: Awaited<ReturnType<typeof found>> | undefined
  const before = await beliefsNow(db, network, start)
  const withdrawn = new Map<string, ChannelName>()
  for (let n = 0; n < total; n++) {
    const now = new Date(start.getTime() + n * everyDays * dayMs)
    if (n === lookedAtAfter * messagesAnIssue) {
      early = { ...acted }
      seen = await found(db, network, before, total, n, now)
    }
    const messageId = await announce(db, network, n, now)
    if (n === Math.floor((total * 2) / 3)) withdrawSome(subjects, withdrawn)
    for (let from = 0; from < subjects.length; from += pageSize) {
      const page = subjects.slice(from, from + pageSize)
      const beliefs = await beliefsOf(db, network.id, page.map(idAndProfile), now)
      const sent: { subject: Subject; deliveryId: string; channel: ChannelName; at: Date; hasActed: boolean }[] = []
      for (const subject of page) {
        const { person } = subject
        const rates = ratesAt(person, n, total)
        const input = inputOf(subject, messageId, `${seed}|${n}|${person.key}`, now)
        const decision = route({ ...input, policy, beliefs: beliefs.get(subject.contactId) ?? {} })
        acted.alwaysEmail += wouldAct(seed, person, n, route({ ...input, policy, message: mailOnly(input) }), rates)
        acted.profileRule += wouldAct(seed, person, n, route({ ...input, policy: fixed }), rates)
        const best = bestOf(rates).channel!
        acted.allKnowing += acts(seed, person, n, best, rates) ? 1 : 0
        const { channel, at } = decision
        if (!channel || !at) continue
        counted.sent++
        if (decision.because.some(({ code }) => code === 'explored')) counted.explored++
        if (withdrawn.get(person.key) === channel) counted.afterWithdrawal++
        subject.touches.push({ at: at.getTime(), channel, class: asked.class, message: messageId })
        const hasActed = acts(seed, person, n, channel, rates)
        if (hasActed) acted.learned++
        sent.push({ subject, deliveryId: newId(), channel, at, hasActed })
      }
      await hearOf(db, network.id, messageId, sent)
    }
    const next = new Date(now.getTime() + (everyDays - 1) * dayMs)
    while ((await matureDue(db, network, next)) > 0);
  }
  if (!seen) throw new Error(`A simulation needs more than ${lookedAtAfter} issues.`)
  const [whole, later] = [total * people, (total - lookedAtAfter * messagesAnIssue) * people]
  return {
    learned: acted.learned / whole,
    alwaysEmail: acted.alwaysEmail / whole,
    profileRule: acted.profileRule / whole,
    allKnowing: acted.allKnowing / whole,
    learnedLater: (acted.learned - early.learned) / later,
    alwaysEmailLater: (acted.alwaysEmail - early.alwaysEmail) / later,
    profileRuleLater: (acted.profileRule - early.profileRule) / later,
    ...seen,
    explored: counted.explored / Math.max(1, counted.sent),
    afterWithdrawal: counted.afterWithdrawal,
    withdrawn: withdrawn.size,
  }
}

const idAndProfile = ({ contactId, person }: Subject) => ({ id: contactId, profile: person.profile })

const mailOnly = ({ message }: Pick<RoutingInput, 'message'>): RoutableMessage => ({ ...message, channels: ['email'] })

const wouldAct = (
  seed: string,
  person: SimulatedPerson,
  n: number,
  decision: { channel?: ChannelName },
  rates: SimulatedPerson['rates'],
) => (decision.channel && acts(seed, person, n, decision.channel, rates) ? 1 : 0)

const inputOf = (
  { contact, touches }: Subject,
  messageId: string,
  seed: string,
  now: Date,
): Omit<RoutingInput, 'policy'> => ({
  contact,
  message: { ...asked, id: messageId },
  beliefs: {},
  touches: { contact: touches, site: [] },
  senders: (['sms', 'email'] as const).map((channel) => ({
    id: channel,
    channel,
    isTwoWay: true,
    isDefault: true,
    countries: [],
  })),
  isSpent: false,
  measure: (_, language) => ({ language, parts: 1 }),
  now,
  seed,
})

function withdrawSome(subjects: readonly Subject[], withdrawn: Map<string, ChannelName>): void {
  for (const [n, subject] of subjects.entries()) {
    const last = subject.touches.at(-1)?.channel
    if (n % 20 !== 0 || (last !== 'sms' && last !== 'email')) continue
    withdrawn.set(subject.person.key, last)
    const consents = { ...subject.contact.consents, [last]: { state: 'denied', basis: 'consent' } as const }
    subject.contact = { ...subject.contact, consents }
  }
}

interface Settled {
  id: string
  campaignId: string
  subjects: Subject[]
}

async function settle(
  db: Db,
  seed: string,
  truth: readonly SimulatedPerson[],
  isPriorWrong: boolean,
): Promise<Settled> {
  const created = await db.transaction((tx) =>
    createNetwork(
      tx,
      {
        name: `simulation-${seed}`,
        title: 'Simulation',
        mode: 'sandbox',
        country: 'FR',
        language: 'fr',
        timezone: 'Europe/Paris',
      },
      start,
    ),
  )
  const networkId = created.id
  const priors = isPriorWrong
    ? { field: { sms: 0.08, email: 0.35, screen: 0.15 }, office: { sms: 0.3, email: 0.15, screen: 0.1 } }
    : { field: { screen: 0.15 }, office: { screen: 0.1 } }
  await db
    .update(networks)
    .set({ settings: { ...created.settings, defaults: { engagement: { priors } } } })
    .where(eq(networks.id, networkId))
  const [siteId, campaignId] = [newId(), newId()]
  const dated = { createdAt: start, updatedAt: start }
  await db.insert(sites).values({
    ...{ networkId, id: siteId, externalId: 'S1', name: 'Site', country: 'FR', region: 'FR', timezone: 'Europe/Paris' },
    ...{ attributes: {}, ...dated },
  })
  await db.insert(campaigns).values({
    ...{ networkId, id: campaignId, name: 'simulation', title: { fr: 'Simulation' }, class: 'relational' as const },
    ...{ status: 'running' as const, createdAt: start },
  })
  const subjects = truth.map(
    (person): Subject => ({ person, contactId: newId(), contact: routable(person, siteId), touches: [] }),
  )
  for (let from = 0; from < subjects.length; from += pageSize)
    await db.transaction((tx) =>
      tx.insertRows(
        contacts,
        subjects.slice(from, from + pageSize).map(({ contactId, person }) => ({
          ...{
            networkId,
            id: contactId,
            siteId,
            identityKey: person.key,
            profile: person.profile,
            language: 'fr' as const,
          },
          ...{ attributes: {}, ...dated },
        })),
      ),
    )
  return { id: networkId, campaignId, subjects }
}

function routable({ key, profile }: SimulatedPerson, siteId: string): RoutableContact {
  const address = (kind: string) => ({
    ...{ id: `${kind} ${key}`, hash: `${kind} ${key}`, value: `${kind} ${key}`, status: 'valid' as const },
    ...{ isShared: false, country: 'FR' },
  })
  const granted = { state: 'granted', basis: 'consent' } as const
  return {
    ...{ id: key, siteId, profile, language: 'fr' },
    site: { country: 'FR', region: 'FR', timezone: 'Europe/Paris', hasStation: true },
    ...{ email: address('email'), mobile: address('mobile'), consents: { sms: granted, email: granted } },
    ...{ tracking: { opens: 'unstated', clicks: 'unstated' }, suppressions: [] },
  }
}

async function announce(db: Db, { id: networkId, campaignId }: Settled, n: number, at: Date): Promise<string> {
  const id = newId()
  await db.insert(messages).values({
    ...{ networkId, id, campaignId, campaignVersion: 1, step: `message-${n}`, position: n, occurrence: '1' },
    ...{ class: asked.class, urgency: asked.urgency, intent: asked.intent, template: 'simulation', definition: {} },
    ...{ dueAt: at, createdAt: at },
  })
  return id
}

/** What left is a chance each, and who acts is heard of two hours later. */
async function hearOf(
  db: Db,
  networkId: string,
  messageId: string,
  sent: readonly { subject: Subject; deliveryId: string; channel: ChannelName; at: Date; hasActed: boolean }[],
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.insertRows(
      deliveries,
      sent.map(({ subject, deliveryId, channel, at }) => ({
        ...{
          networkId,
          id: deliveryId,
          messageId,
          channel,
          recipientKey: `contact:${subject.contactId}`,
          occurrence: '1',
        },
        ...{ status: 'delivered' as const, class: asked.class, priority: 2, currency: 'EUR' },
        ...{ dueAt: at, sentAt: at, createdAt: at, updatedAt: at },
      })),
    )
    await expose(
      tx,
      sent.map(({ subject, deliveryId, channel, at }) => ({
        ...{ networkId, deliveryId, contactId: subject.contactId, channel, profile: subject.person.profile },
        ...{ sentAt: at, isMeasurable: true },
      })),
    )
  })
  const acted = sent.filter(({ hasActed }) => hasActed)
  await db.transaction((tx) =>
    actAll(
      tx,
      acted.map(({ deliveryId, at }) => ({
        ...{ networkId, deliveryId },
        ...{ at: new Date(at.getTime() + 2 * 3_600_000), now: new Date(at.getTime() + 3 * 3_600_000) },
      })),
    ),
  )
}

async function beliefsNow(db: Db, { id, subjects }: Settled, at: Date): Promise<Map<string, Beliefs>> {
  const all = new Map<string, Beliefs>()
  for (let from = 0; from < subjects.length; from += pageSize) {
    const page = subjects.slice(from, from + pageSize).map(idAndProfile)
    for (const [contactId, beliefs] of await beliefsOf(db, id, page, at)) all.set(contactId, beliefs)
  }
  return all
}

/** What was learned beside what is true. */
async function found(db: Db, network: Settled, before: Map<string, Beliefs>, total: number, message: number, at: Date) {
  const tally = { responsive: [0, 0], absent: [0, 0], channel: [0, 0], guessed: [0, 0] } as Record<
    string,
    [number, number]
  >
  const note = (name: string, isRight: boolean) => {
    tally[name]![0] += isRight ? 1 : 0
    tally[name]![1] += 1
  }
  const meansOf = (beliefs: Beliefs | undefined) =>
    Object.fromEntries(simulatedChannels.map((channel) => [channel, beliefs?.[channel]?.mean]))
  for (let from = 0; from < network.subjects.length; from += pageSize) {
    const page = network.subjects.slice(from, from + pageSize)
    const learned = await engagementOf(
      db,
      network.id,
      page.map(idAndProfile),
      at,
      () => false,
      () => true,
    )
    for (const { person, contactId } of page) {
      const { overall, beliefs } = learned.get(contactId)!
      const truly = bestOf(ratesAt(person, message - 1, total))
      const isLive = overall === 'hot' || overall === 'warm'
      if (person.isAbsent) note('absent', !isLive)
      if (truly.rate >= 0.3) note('responsive', isLive)
      if (truly.lead < 0.2) continue
      note('channel', bestOf(meansOf(beliefs)).channel === truly.channel)
      note('guessed', bestOf(meansOf(before.get(contactId))).channel === truly.channel)
    }
  }
  const share = (name: string) => tally[name]![0] / Math.max(1, tally[name]![1])
  return {
    responsiveFound: share('responsive'),
    absentFound: share('absent'),
    match: (share('responsive') + share('absent')) / 2,
    channelFound: share('channel'),
    channelGuessed: share('guessed'),
  }
}

export interface Spread {
  mean: number
  /** Half the width of the 95 % interval over the seeds. */
  half: number
}

const spreadOf = (values: readonly number[]): Spread => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1)
  return { mean, half: 1.96 * Math.sqrt(variance / values.length) }
}

export interface LearningFigures {
  seeds: number
  of: Record<keyof Simulated, Spread>
  /** The learned routing's lead by message, over the seeds: the same people and the same luck on both sides. */
  overEmail: Spread
  overProfileRule: Spread
  /** The same, of the issues after the third alone. */
  overEmailLater: Spread
  overProfileRuleLater: Spread
}

/** The simulation over several seeds, on a database of its own. */
export async function learningFigures(
  options: Omit<SimulationOptions, 'seed'> & { seeds: number },
): Promise<LearningFigures> {
  const space = await workspace()
  const runs: Simulated[] = []
  for (let n = 1; n <= options.seeds; n++)
    runs.push(await simulate(space.relais.context.db, { ...options, seed: `${n}` }))
  await space.close()
  const names = Object.keys(runs[0]!) as (keyof Simulated)[]
  return {
    seeds: options.seeds,
    of: Object.fromEntries(
      names.map((name) => [name, spreadOf(runs.map((run) => run[name]))]),
    ) as LearningFigures['of'],
    overEmail: spreadOf(runs.map((run) => run.learned - run.alwaysEmail)),
    overProfileRule: spreadOf(runs.map((run) => run.learned - run.profileRule)),
    overEmailLater: spreadOf(runs.map((run) => run.learnedLater - run.alwaysEmailLater)),
    overProfileRuleLater: spreadOf(runs.map((run) => run.learnedLater - run.profileRuleLater)),
  }
}

const shown = ({ mean, half }: Spread) => `${(mean * 100).toFixed(1)} % ± ${(half * 100).toFixed(1)}`

/** Prints what is learned from the shipped first guesses and from wrong ones. */
export async function printLearning(isQuick: boolean, line: (text: string) => void): Promise<void> {
  const size = isQuick ? { people: 120, seeds: 3 } : { people: 240, seeds: 8 }
  const issues = isQuick ? 6 : 10
  line(
    `${issues} issues of five messages to ${size.people} people, ${size.seeds} seeds; mean ± half of the 95 % interval`,
  )
  for (const isPriorWrong of [false, true]) {
    const figures = await learningFigures({ ...size, issues, isPriorWrong })
    const { of } = figures
    line(isPriorWrong ? 'first guesses the wrong way round' : 'first guesses as shipped')
    line(`  after three issues, segments match the truth: ${shown(of.match)}`)
    line(`    responsive found ${shown(of.responsiveFound)}, absent found ${shown(of.absentFound)}`)
    line(`    best channel found ${shown(of.channelFound)}, guessed before any data ${shown(of.channelGuessed)}`)
    line('  acts by message: all issues | those after the third')
    line(`    learned      ${shown(of.learned)} | ${shown(of.learnedLater)}`)
    line(`    always e-mail ${shown(of.alwaysEmail)} | ${shown(of.alwaysEmailLater)}`)
    line(`    profile rule ${shown(of.profileRule)} | ${shown(of.profileRuleLater)}`)
    line(`    all-knowing  ${shown(of.allKnowing)}`)
    line(`    lead over always e-mail ${shown(figures.overEmail)} | ${shown(figures.overEmailLater)}`)
    line(`    lead over profile rule ${shown(figures.overProfileRule)} | ${shown(figures.overProfileRuleLater)}`)
    line(`  drawn at random: ${shown(of.explored)}`)
    line(
      `  on a channel withdrawn before: ${of.afterWithdrawal.mean} messages to ${of.withdrawn.mean.toFixed(1)} people`,
    )
  }
}
