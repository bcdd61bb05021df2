import { and, count, eq, inArray, like } from 'drizzle-orm'
import { table } from '../cli/table.ts'
import { contacts, deliveries, deliveryMembers, events, messages } from '../db/schema.ts'
import { publishArticle } from '../intranet/articles.ts'
import { draw } from '../random.ts'
import { type Act, inOrder } from './agenda.ts'
import type { Example } from './example.ts'
import { sentByChannel, stepFigures } from './figures.ts'
import { openStage, type Stage } from './stage.ts'

/** Three in a day, then one a month; nothing in August. */
const articles = [
  ...['2027-01-12T08:15:00Z', '2027-01-12T11:30:00Z', '2027-01-12T16:45:00Z', '2027-02-09T09:00:00Z'],
  ...['2027-03-09T09:00:00Z', '2027-04-13T09:00:00Z', '2027-05-11T09:00:00Z', '2027-06-08T09:00:00Z'],
  ...['2027-07-06T09:00:00Z', '2027-09-14T09:00:00Z', '2027-10-12T09:00:00Z', '2027-11-09T09:00:00Z'],
]

/** A year of 70 resellers: a blog with alerts, a reminder to who stays away, a binder that fills up. */
export const dantz70: Example = {
  name: 'dantz-70',
  about: 'article → one alert a day, a quarterly reminder only to the inactive, cards for a binder',
  play: async ({ folder, seed, percent, onStage }) => {
    const stage = await openStage({
      name: 'dantz-70',
      folder,
      seed,
      percent,
      begins: new Date('2027-01-04T08:00:00Z'),
      network: { title: 'Sauvegarde & Cie', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      basis: 'consent',
      people: {
        chances: { email: { dead: 0, complaint: 0, unsubscribe: 0 }, print: { dead: 0 } },
        // Some read whatever comes, some never do; the others as it happens.
        leanings: ({ to, content }): Record<string, boolean> | undefined => {
          if (content.channel !== 'email') return undefined
          const taste = draw(seed, 'reads', to.value)
          return taste < 0.4 ? { act: true } : taste > 0.7 ? { act: false } : undefined
        },
      },
      onStage,
    })
    try {
      for (const file of ['blog.yaml', 'classeur.yaml']) await stage.launch(file)
      await inOrder(stage, [
        ...articles.map((at, index): Act => ({ at, does: () => publish(stage, index) })),
        { at: '2027-06-14T08:00:00Z', does: () => stage.import('newcomers.csv') },
      ])
      await stage.to('2028-01-10T08:00:00Z')
      const { context, network } = stage
      const steps = await stepFigures(context, network)
      const of = (name: string) => steps.filter(({ step }) => step === name)
      const figures = {
        members: await context.db.$count(contacts, eq(contacts.networkId, network.id)),
        articles: articles.length,
        alerts: of('alerte').map(({ day, sent }) => ({ day, emails: sent.email ?? 0 })),
        reminders: of('rappel').map(({ day, sent }) => ({ day, emails: sent.email ?? 0 })),
        remindersToReaders: await remindersToReaders(stage),
        cards: steps
          .filter(({ step }) => step.startsWith('fiches-'))
          .map(({ day, sent }) => ({ day, letters: sent.print ?? 0 })),
        wholeBinders: await wholeBinders(stage),
        binders: await binders(stage),
        sends: await sentByChannel(context, network),
      }
      const rows = [
        ...figures.alerts.map((one) => ['alert', one.day, one.emails]),
        ...figures.reminders.map((one) => ['reminder', one.day, one.emails]),
        ...figures.cards.map((one) => ['cards', one.day, one.letters]),
      ]
      return {
        figures,
        text: [
          `${figures.members} members, ${figures.articles} articles, ${figures.wholeBinders} whole binders to newcomers`,
          '',
          table(['what', 'day', 'sent'], rows as (string | number)[][]),
        ].join('\n'),
      }
    } finally {
      await stage.close()
    }
  },
}

/** An article of the blog is published, as in the console. */
const publish = ({ context, network, now }: Stage, index: number) =>
  publishArticle(
    context,
    network,
    {
      ...{ id: `article-${index + 1}`, topic: 'blog', title: `Sauvegarder sans y penser, ${index + 1}` },
      body: 'Ce que nos clients nous demandent, et ce que nous leur répondons.',
      ...{ author: 'Claire Aubry, avant-vente', actor: 'operator', source: 'console' },
    },
    now(),
  )

/** Reminders to somebody who had followed an alert within the 90 days before. */
async function remindersToReaders({ context, network }: Stage): Promise<number> {
  const told = (step: string) => and(eq(messages.networkId, network.id), eq(messages.step, step))
  const reminded = await context.db
    .select({ contactId: deliveryMembers.contactId, at: deliveries.createdAt })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(
      deliveryMembers,
      and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
    )
    .where(told('rappel'))
  const followed = await context.db
    .select({ contactId: events.contactId, at: events.occurredAt })
    .from(events)
    .innerJoin(messages, and(eq(messages.networkId, events.networkId), eq(messages.id, events.messageId)))
    .where(and(told('alerte'), eq(events.type, 'click'), inArray(events.verdict, ['human_likely', 'human_confirmed'])))
  const spanMs = 90 * 24 * 3_600_000
  return reminded.filter(({ contactId, at }) =>
    followed.some((one) => one.contactId === contactId && one.at <= at && at.getTime() - one.at.getTime() < spanMs),
  ).length
}

/**
 * What the binders hold in the end, by what was sent to each member: who has every card, and who was sent one they had,
 * by itself or in a whole binder, which holds the cards sent before it.
 */
async function binders({ context, network }: Stage): Promise<{ complete: number; withCardTwice: number }> {
  const sent = await context.db
    .select({ contactId: deliveryMembers.contactId, step: messages.step, at: deliveries.sentAt })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .innerJoin(
      deliveryMembers,
      and(eq(deliveryMembers.networkId, deliveries.networkId), eq(deliveryMembers.deliveryId, deliveries.id)),
    )
    .where(and(eq(deliveries.networkId, network.id), eq(deliveries.channel, 'print')))
  const cards = await context.db
    .select({ step: messages.step, at: messages.dueAt })
    .from(messages)
    .where(and(eq(messages.networkId, network.id), like(messages.step, 'fiches-%')))
  const held = new Map<string, string[]>()
  for (const { contactId, step, at } of sent) {
    const inIt = step === 'classeur-complet' ? cards.filter((card) => at !== null && card.at <= at) : [{ step }]
    held.set(contactId, [...(held.get(contactId) ?? []), ...inIt.map((card) => card.step)])
  }
  const all = [...held.values()]
  return {
    complete: all.filter((own) => new Set(own).size === cards.length).length,
    withCardTwice: all.filter((own) => new Set(own).size < own.length).length,
  }
}

async function wholeBinders({ context, network }: Stage): Promise<number> {
  const [row] = await context.db
    .select({ total: count() })
    .from(deliveries)
    .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
    .where(
      and(eq(deliveries.networkId, network.id), eq(messages.step, 'classeur-complet'), eq(deliveries.channel, 'print')),
    )
  return row?.total ?? 0
}
