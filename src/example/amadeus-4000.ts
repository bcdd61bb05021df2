import { and, eq } from 'drizzle-orm'
import type { Outgoing } from '../channel.ts'
import { table } from '../cli/table.ts'
import { batches, campaigns, contacts, pieces, sites, suppressions } from '../db/schema.ts'
import { draw } from '../random.ts'
import { channelNames } from '../words.ts'
import type { Example } from './example.ts'
import { sentByMonth, stepFigures } from './figures.ts'
import { openStage } from './stage.ts'

const year = 2027

/**
 * After which of the season's offers an agent says that these are not for them; undefined for the many who never do.
 * `whom` is the person's identity key.
 */
export function leavesOffersAfter(seed: string, whom: string): string | undefined {
  const lot = draw(seed, 'leaves offers', whom)
  return lot < 0.01 ? 'printemps' : lot < 0.015 ? 'ete' : undefined
}

/** What an agent is certain to do: keep the newsletter, and leave the offers when they have had enough. */
function leaningsOf(seed: string, { seed: hand }: Pick<Outgoing, 'seed'>): Readonly<Record<string, boolean>> {
  const [, campaign, step, , whom] = hand.split('|') as [string, string, string, string, string]
  const leaves = campaign === 'e-mailings' && leavesOffersAfter(seed, whom) === step
  return leaves ? { act: false, unsubscribe: true } : { unsubscribe: false }
}

/** What the head office has for the year, launched in its first days. */
const plan = ['newsletter.yaml', 'magazine.yaml', 'lettres.yaml', 'e-mailings.yaml', 'ecrans.yaml']

/** A year of a network of 4,000 travel agencies: everything planned in January, counted in December. */
export const amadeus4000: Example = {
  name: 'amadeus-4000',
  about: 'a year: newsletter to 2,700, magazine five times, three e-mailings, twelve letters, screen messages',
  play: async ({ folder, seed, percent, onStage }) => {
    const stage = await openStage({
      name: 'amadeus-4000',
      folder,
      seed,
      percent,
      begins: new Date(`${year}-01-04T07:00:00Z`),
      network: { title: 'Réseau Cap Voyages', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      basis: 'consent',
      people: {
        // A list kept as well as this one has no dead address, and nobody takes a newsletter for spam.
        chances: { email: { dead: 0, complaint: 0 }, print: { dead: 0 } },
        leanings: (outgoing) => leaningsOf(seed, outgoing),
      },
      onStage,
    })
    try {
      for (const file of plan) await stage.launch(file)
      for (let month = 2; month <= 13; month++)
        await stage.to(new Date(Date.UTC(year, month - 1, 1, 0, 0)).toISOString())
      const { context, network } = stage
      const months = await sentByMonth(context, network, year)
      const steps = await stepFigures(context, network)
      const figures = {
        agencies: await context.db.$count(sites, eq(sites.networkId, network.id)),
        people: await context.db.$count(contacts, eq(contacts.networkId, network.id)),
        campaigns: await context.db.$count(campaigns, eq(campaigns.networkId, network.id)),
        batches: await context.db.$count(batches, eq(batches.networkId, network.id)),
        letters: await context.db.$count(pieces, eq(pieces.networkId, network.id)),
        leftOffers: await context.db.$count(
          suppressions,
          and(eq(suppressions.networkId, network.id), eq(suppressions.topic, 'offres')),
        ),
        months,
        steps,
      }
      return {
        figures,
        text: [
          `${figures.agencies} agencies, ${figures.people} people, ${figures.campaigns} campaigns, ${figures.letters} letters in ${figures.batches} batches`,
          '',
          table(
            ['month', ...channelNames],
            months.map((row) => [row.month, ...channelNames.map((name) => row[name])]),
          ),
        ].join('\n'),
      }
    } finally {
      await stage.close()
    }
  },
}
