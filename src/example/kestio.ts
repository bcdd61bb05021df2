import { and, count, eq } from 'drizzle-orm'
import { table } from '../cli/table.ts'
import { campaigns, deliveries, deliveryMembers, events, journeys, messages, tasks } from '../db/schema.ts'
import { draw } from '../random.ts'
import { isPublicHoliday } from '../routing/holidays.ts'
import { after } from '../sequence/delay.ts'
import { type Act, inOrder } from './agenda.ts'
import type { Example } from './example.ts'
import { sentByChannel, sentBySteps } from './figures.ts'
import { openStage, type Stage } from './stage.ts'

const sellers = 3
const callsADay = 10
const days = ['2027-03-01', '2027-03-02', '2027-03-03', '2027-03-04', '2027-03-05']
/** One in five appointments is missed; of those who missed theirs, so many take a slot at once, or after the relance. */
const missedShare = 0.2
const bookAtOnce = 17
const bookAfterRelance = 7

const calendar = { timezone: 'Europe/Paris', isHoliday: (day: string) => isPublicHoliday('FR', day) }
const hourMs = 3_600_000

/** The first so many of a list by lot. */
const some = (seed: string, what: string, all: readonly string[], size: number): string[] =>
  all.toSorted((a, b) => draw(seed, what, a) - draw(seed, what, b)).slice(0, size)

const plus = (at: Date, hours: number) => new Date(at.getTime() + hours * hourMs).toISOString()

/** A week of appointments, the missed ones followed up; three ways from a first sign of interest to a call. */
export const kestio: Example = {
  name: 'kestio',
  about: 'a missed appointment: three slots, a relance, a call; three funnels at two working days',
  play: async ({ folder, seed, percent, onStage }) => {
    const stage = await openStage({
      name: 'kestio',
      folder,
      seed,
      percent,
      begins: new Date('2027-02-26T08:00:00Z'),
      network: { title: 'Cabinet Cadence', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      basis: 'consent',
      people: { chances: { email: { dead: 0, complaint: 0, unsubscribe: 0 } } },
      onStage,
    })
    try {
      for (const file of ['rendez-vous.yaml', 'diagnostic.yaml', 'livre-blanc.yaml', 'dossier.yaml', 'conference.yaml'])
        await stage.launch(file)
      await inOrder(stage, [...missedActs(stage, seed), ...funnelActs(stage, seed)])
      await stage.to('2027-04-05T10:00:00Z')
      const figures = {
        appointments: sellers * callsADay * days.length,
        missedAWeek: await told(stage, 'rendez-vous'),
        booked: await booked(stage, 'rendez-vous'),
        callTasks: await tasksOf(stage, 'rendez-vous'),
        funnels: {
          diagnostic: await funnel(stage, 'diagnostic', 'bilan'),
          livreBlanc: await funnel(stage, 'livre-blanc', 'diagnostic'),
          conference: await funnel(stage, 'conference', 'satisfaction'),
        },
        steps: await sentBySteps(stage.context, stage.network),
        sends: await sentByChannel(stage.context, stage.network),
      }
      return {
        figures,
        text: [
          `${figures.appointments} appointments in a week, ${figures.missedAWeek} missed, ${figures.booked} booked again, ${figures.callTasks} to be called`,
          '',
          table(
            ['funnel', 'entered', 'after two working days', 'calls'],
            Object.entries(figures.funnels).map(([name, one]) => [
              name,
              one.entered,
              one.afterTwoWorkingDays,
              one.callTasks,
            ]),
          ),
          '',
          table(
            ['campaign', 'step', 'channel', 'sent'],
            figures.steps.map(({ campaign, step, channel, total }) => [campaign, step, channel, total]),
          ),
        ].join('\n'),
      }
    } finally {
      await stage.close()
    }
  },
}

/** Ten calls a day for each seller, one on the hour or half hour from nine; who misses theirs is told of at once. */
function missedActs(stage: Stage, seed: string): Act[] {
  const held = days.flatMap((day, at) =>
    Array.from({ length: sellers * callsADay }, (_, index) => {
      const whom = `P${String(at * sellers * callsADay + index + 1).padStart(3, '0')}`
      const minute = 8 * 60 + (index % callsADay) * 45
      return { whom, at: new Date(Date.parse(`${day}T00:00:00Z`) + minute * 60_000) }
    }),
  )
  const byDay = days.map((day) => held.filter(({ at }) => at.toISOString().startsWith(day)).map(({ whom }) => whom))
  const missed = byDay.flatMap((all) => some(seed, 'misses', all, all.length * missedShare))
  const atOnce = some(seed, 'books', missed, bookAtOnce)
  const later = some(
    seed,
    'books later',
    missed.filter((whom) => !atOnce.includes(whom)),
    bookAfterRelance,
  )
  return held
    .filter(({ whom }) => missed.includes(whom))
    .flatMap(({ whom, at }): Act[] => {
      const hours = 3 + 20 * draw(seed, 'hours', whom)
      const from = atOnce.includes(whom) ? at : later.includes(whom) ? after('2 working days', at, calendar) : undefined
      return [
        {
          at: at.toISOString(),
          does: () => stage.report('missed-appointment', whom, { seller: 1 + (Number(whom.slice(1)) % sellers) }),
        },
        ...(from ? [{ at: plus(from, hours), does: () => stage.report('appointment-booked', whom) }] : []),
      ]
    })
}

const leadsEach = 20
const leads = (from: number) =>
  Array.from({ length: leadsEach }, (_, at) => `L${String(from + at + 1).padStart(3, '0')}`)

/** Twenty leads for each funnel, on days of that week; some of them act after what they are sent. */
function funnelActs(stage: Stage, seed: string): Act[] {
  const enters = (event: string, all: readonly string[]) =>
    all.map((whom) => ({
      whom,
      event,
      at: new Date(`${days[Math.floor(draw(seed, 'day', whom) * days.length)]}T13:00:00Z`),
    }))
  /** After the e-mail of the second working day. */
  const acts = (all: readonly { whom: string; at: Date }[], who: readonly string[], event: string, data = {}): Act[] =>
    all
      .filter(({ whom }) => who.includes(whom))
      .map(({ whom, at }) => ({
        at: plus(after('2 working days, 09:30', at, calendar), 2 + 20 * draw(seed, 'acts', whom)),
        does: () => stage.report(event, whom, data),
      }))
  const diagnosed = enters('self-diagnosis', leads(0))
  const readers = enters('e-book', leads(leadsEach))
  const listeners = enters('slides', leads(2 * leadsEach))
  const names = (all: readonly { whom: string }[]) => all.map(({ whom }) => whom)
  const byMail = some(seed, 'option', names(readers), 9)
  const byPhone = some(seed, 'option', names(readers), 14).slice(9)
  return [
    ...[...diagnosed, ...readers, ...listeners].map(
      ({ whom, event, at }): Act => ({
        at: at.toISOString(),
        does: () => stage.report(event, whom),
      }),
    ),
    ...acts(diagnosed, some(seed, 'meets', names(diagnosed), 8), 'appointment-booked'),
    ...acts(readers, byMail, 'option-chosen', { option: 'pdf' }),
    ...acts(readers, byPhone, 'option-chosen', { option: 'callback' }),
    ...acts(listeners, some(seed, 'asks', names(listeners), 7), 'asked-to-be-called'),
  ]
}

const named = (stage: Stage, campaign: string) =>
  and(eq(campaigns.networkId, stage.network.id), eq(campaigns.name, campaign))

const ofCampaign = (of: typeof journeys | typeof tasks) =>
  and(eq(campaigns.networkId, of.networkId), eq(campaigns.id, of.campaignId))

/** Those a campaign was entered by. */
async function told(stage: Stage, campaign: string): Promise<number> {
  const rows = await stage.context.db
    .select({ total: count() })
    .from(journeys)
    .innerJoin(campaigns, ofCampaign(journeys))
    .where(named(stage, campaign))
  return rows[0]?.total ?? 0
}

/** Of those in a campaign, how many a booking was told of. */
async function booked(stage: Stage, campaign: string): Promise<number> {
  const rows = await stage.context.db
    .select({ contactId: journeys.contactId, data: events.data })
    .from(journeys)
    .innerJoin(campaigns, ofCampaign(journeys))
    .innerJoin(events, and(eq(events.networkId, journeys.networkId), eq(events.contactId, journeys.contactId)))
    .where(and(named(stage, campaign), eq(events.type, 'reported')))
  const who = rows.filter(({ data }) => (data as { name?: string }).name === 'appointment-booked')
  return new Set(who.map(({ contactId }) => contactId)).size
}

async function tasksOf(stage: Stage, campaign: string): Promise<number> {
  const rows = await stage.context.db
    .select({ total: count() })
    .from(tasks)
    .innerJoin(campaigns, ofCampaign(tasks))
    .where(named(stage, campaign))
  return rows[0]?.total ?? 0
}

/** How many came in, how many had their first e-mail on the second working day after, how many are to be called. */
async function funnel(stage: Stage, campaign: string, first: string) {
  const rows = await stage.context.db
    .select({ enteredAt: journeys.enteredAt, sentAt: deliveries.sentAt })
    .from(journeys)
    .innerJoin(campaigns, ofCampaign(journeys))
    .innerJoin(messages, and(eq(messages.networkId, journeys.networkId), eq(messages.campaignId, journeys.campaignId)))
    .innerJoin(deliveries, and(eq(deliveries.networkId, messages.networkId), eq(deliveries.messageId, messages.id)))
    .innerJoin(
      deliveryMembers,
      and(
        eq(deliveryMembers.networkId, deliveries.networkId),
        eq(deliveryMembers.deliveryId, deliveries.id),
        eq(deliveryMembers.contactId, journeys.contactId),
      ),
    )
    .where(and(named(stage, campaign), eq(messages.step, first), eq(deliveries.channel, 'email')))
  const onTime = rows.filter(
    ({ enteredAt, sentAt }) =>
      sentAt?.toISOString().slice(0, 10) ===
      after('2 working days, 09:30', enteredAt, calendar).toISOString().slice(0, 10),
  )
  return {
    entered: await told(stage, campaign),
    afterTwoWorkingDays: onTime.length,
    callTasks: await tasksOf(stage, campaign),
  }
}
