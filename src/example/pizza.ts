import { and, count, eq } from 'drizzle-orm'
import { table } from '../cli/table.ts'
import { batches, contacts, events, messages, posts, sites, tasks } from '../db/schema.ts'
import type { Example } from './example.ts'
import { sentByChannel, stepFigures } from './figures.ts'
import { openStage, type Stage } from './stage.ts'

const films = ['printemps', 'automne']

/** A year of a franchise: extranet, a bulletin by post each quarter, the president's films, calls to who did not look. */
export const pizza: Example = {
  name: 'pizza',
  about: 'extranet, a bulletin by post each quarter, the president’s film, a call only to who did not look',
  play: async ({ folder, seed, percent, onStage }) => {
    const stage = await openStage({
      name: 'pizza',
      folder,
      seed,
      percent,
      begins: new Date('2026-12-28T08:00:00Z'),
      network: { title: 'La Pâte Levée', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      basis: 'consent',
      // Franchisees look at their extranet, most of them within ten days; its letters reach them.
      people: { chances: { intranet: { act: 0.7 }, print: { dead: 0 } } },
      onStage,
    })
    try {
      for (const file of ['extranet.yaml', 'bulletin.yaml', 'president.yaml']) await stage.launch(file)
      await stage.to('2028-01-10T08:00:00Z')
      const { context, network } = stage
      const steps = await stepFigures(context, network)
      const figures = {
        shops: await context.db.$count(sites, eq(sites.networkId, network.id)),
        posts: await context.db.$count(posts, eq(posts.networkId, network.id)),
        batches: await context.db.$count(batches, eq(batches.networkId, network.id)),
        bulletins: steps
          .filter(({ campaign }) => campaign === 'bulletin')
          .map(({ day, sent }) => ({ day, letters: sent.print ?? 0 })),
        films: await Promise.all(films.map((film) => filmFigures(stage, film))),
        sends: await sentByChannel(context, network),
      }
      return {
        figures,
        text: [
          `${figures.shops} shops, ${figures.posts} notes and films on the extranet, ${figures.batches} batches`,
          '',
          table(
            ['bulletin', 'letters'],
            figures.bulletins.map(({ day, letters }) => [day, letters]),
          ),
          '',
          table(
            ['film', 'looked within a fortnight', 'calls', 'of them to who had looked'],
            figures.films.map((one) => [one.film, one.looked, one.calls, one.callsToWhoLooked]),
          ),
        ].join('\n'),
      }
    } finally {
      await stage.close()
    }
  },
}

/** Who looked at a film, who is to be called, and whether anybody is both. */
async function filmFigures({ context, network }: Stage, film: string) {
  const looked = await context.db
    .selectDistinct({ contactId: events.contactId, at: events.occurredAt, dueAt: messages.dueAt })
    .from(events)
    .innerJoin(messages, and(eq(messages.networkId, events.networkId), eq(messages.id, events.messageId)))
    .where(and(eq(events.networkId, network.id), eq(messages.step, `film-${film}`), eq(events.type, 'read')))
  const called = await context.db
    .select({ contactId: tasks.contactId, total: count() })
    .from(tasks)
    .innerJoin(messages, and(eq(messages.networkId, tasks.networkId), eq(messages.id, tasks.messageId)))
    .innerJoin(contacts, and(eq(contacts.networkId, tasks.networkId), eq(contacts.id, tasks.contactId)))
    .where(and(eq(tasks.networkId, network.id), eq(messages.step, `appel-${film}`)))
    .groupBy(tasks.contactId)
  const fortnightMs = 14 * 24 * 3_600_000
  const inTime = new Set(
    looked.filter(({ at, dueAt }) => at.getTime() - dueAt.getTime() <= fortnightMs).map(({ contactId }) => contactId),
  )
  return {
    film,
    looked: inTime.size,
    calls: called.reduce((all, { total }) => all + total, 0),
    callsToWhoLooked: called.filter(({ contactId }) => inTime.has(contactId)).length,
  }
}
