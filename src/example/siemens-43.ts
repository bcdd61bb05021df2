import { and, eq } from 'drizzle-orm'
import { type Challenge, findChallenge } from '../challenge/challenge.ts'
import { participantOf, type Subject } from '../challenge/participants.ts'
import { pageOf } from '../challenge/ranking/board.ts'
import { register } from '../challenge/register.ts'
import { recordResult } from '../challenge/result.ts'
import { withdraw } from '../challenge/withdraw.ts'
import { table } from '../cli/table.ts'
import { boards } from '../db/schema/standing.ts'
import { contacts, sites } from '../db/schema.ts'
import { listBatches, markPosted } from '../print-shop/batches.ts'
import { type Act, inOrder } from './agenda.ts'
import type { Example } from './example.ts'
import { phase2MailOf, raceFigures } from './race-figures.ts'
import { type Race, type Racer, raceOf, type Sale, type Seller, salesOf } from './race-truth.ts'
import { openStage, type Stage } from './stage.ts'

const meetings: Record<string, string> = { Nord: '2027-01-28T15:00:00Z', Sud: '2027-02-16T15:00:00Z' }
/** The shop of the south is a fortnight late. */
const postedOn: Record<string, string> = { 'kit-nord': '2027-01-20T15:00:00Z', 'kit-sud': '2027-02-03T15:00:00Z' }
const files = { '2027-02': '2027-03-02', '2027-03': '2027-04-02', '2027-04': '2027-05-04', '2027-05': '2027-05-31' }

/** Four months of 43 distributors: paper and meetings, then e-mail, results by file, one relance a month. */
export const siemens43: Example = {
  name: 'siemens-43',
  about: 'a challenge of four months: kit on paper and meetings, then e-mail; 42 of 43 companies, 101 people',
  play: async ({ folder, seed, percent, onStage }) => {
    const stage = await openStage({
      name: 'siemens-43',
      folder,
      seed,
      percent,
      begins: new Date('2027-01-04T08:30:00Z'),
      network: { title: 'Réseau Énergies', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      basis: 'consent',
      people: {
        chances: { email: { dead: 0, complaint: 0, unsubscribe: 0 }, print: { dead: 0 } },
        // Shops hand over when the script says so; who registers does it with their own name, not by a scan.
        leanings: ({ content }): Record<string, boolean> =>
          content.channel === 'print' ? { printed: false, posted: false, act: false } : { finish: false },
      },
      onStage,
    })
    try {
      const { campaignId } = await stage.launch('traineaux.yaml')
      const challenge = await challengeOf(stage, campaignId)
      const race = raceOf(seed, await sellersOf(stage))
      const told: Sale[] = []
      await inOrder(stage, [
        ...Object.entries(postedOn).map(([step, at]): Act => ({ at, does: () => post(stage, step) })),
        ...meetingActs(stage, campaignId, race),
        ...linkActs(stage, campaignId, race),
        ...leavingActs(stage, campaignId, race),
        ...Object.entries(files).map(
          ([month, day]): Act => ({
            at: `${day}T16:30:00Z`,
            does: async () => {
              const lines = linesOf(seed, race, month)
              told.push(...lines)
              await importResults(stage, campaignId, lines)
            },
          }),
        ),
      ])
      await stage.to('2027-06-02T10:00:00Z')
      const before = await rankings(stage, challenge)
      await importResults(stage, campaignId, told)
      const rankingStable = JSON.stringify(await rankings(stage, challenge)) === JSON.stringify(before)
      await stage.to('2027-06-15T10:00:00Z')
      const figures = { ...(await raceFigures(stage, challenge)), rankingStable }
      const { sends, ...rest } = figures
      const rows = Object.entries(rest).map(([name, value]) => [name, String(value)])
      const sent = Object.entries(sends).map(([name, value]) => [`sends ${name}`, String(value)])
      return { figures, text: table(['figure', ''], [...rows, ...sent]) }
    } finally {
      await stage.close()
    }
  },
}

async function challengeOf({ context, network }: Stage, campaignId: string): Promise<Challenge> {
  const found = await findChallenge(context.db, network.id, campaignId)
  if (!found) throw new Error('The campaign has no challenge.')
  return found
}

const sellersOf = async ({ context, network }: Stage): Promise<Seller[]> => {
  const rows = await context.db
    .select({ id: contacts.externalId, code: sites.externalId, sector: sites.area, name: sites.name })
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(eq(contacts.networkId, network.id))
    .orderBy(contacts.externalId)
  return rows.map(({ id, code, sector, name }) => ({
    id: id!,
    code: code!,
    sector: sector ?? '',
    company: name,
  }))
}

async function post({ context, network }: Stage, step: string): Promise<void> {
  const batch = (await listBatches(context.db, network.id)).find((one) => one.step === step)
  if (!batch) throw new Error(`No batch of ${step} was composed.`)
  await markPosted(context, network, { batch: batch.number, actor: 'operator' })
}

const subjectOf = async ({ context, network }: Stage, id: string): Promise<Subject> => {
  const { db } = context
  const [person] = await db
    .select({ contactId: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.networkId, network.id), eq(contacts.externalId, id)))
  if (person) return person
  const [site] = await db
    .select({ siteId: sites.id })
    .from(sites)
    .where(and(eq(sites.networkId, network.id), eq(sites.externalId, id)))
  if (!site) throw new Error(`Nobody in the file is ${id}.`)
  return site
}

/** Registers somebody as the way they came by would; a refusal is a mistake of the example. */
async function enrol(
  stage: Stage,
  campaignId: string,
  id: string,
  how: { way: 'coupon' | 'link' | 'console'; deliveryId?: string },
) {
  const subject = await subjectOf(stage, id)
  const challenge = await challengeOf(stage, campaignId)
  const by = 'contactId' in subject ? `contact:${subject.contactId}` : 'operator'
  const asked = { subject, by, hasAgreed: true, at: stage.now(), ...how }
  const registered = await stage.context.db.transaction((tx) => register(tx, challenge, asked))
  if (registered.outcome === 'refused') throw new Error(`${id} was not registered: ${registered.code}.`)
}

/** The companies, and whoever fills in a coupon, at the meeting of their sector. */
const meetingActs = (stage: Stage, campaignId: string, { companies, racers }: Race): Act[] =>
  Object.entries(meetings).map(([sector, at]) => ({
    at,
    does: async () => {
      const all = await sellersOf(stage)
      for (const code of companies)
        if (all.find((one) => one.code === code)?.sector === sector)
          await enrol(stage, campaignId, code, { way: 'console' })
      for (const racer of racers)
        if (racer.sector === sector && racer.way === 'coupon')
          await enrol(stage, campaignId, racer.id, { way: 'coupon' })
    },
  }))

/** Each on a day of their own, by the e-mail they have: whoever has none yet cannot tap on it. */
const linkActs = (stage: Stage, campaignId: string, { racers }: Race): Act[] =>
  racers
    .filter(({ way }) => way === 'link')
    .map((racer) => ({ at: tapAt(racer), does: () => tap(stage, campaignId, racer) }))

const dayMs = 24 * 3_600_000
/** The first day on which either sector can have its e-mail. */
const firstMail = Date.parse('2027-02-12T10:00:00Z')
const tapAt = ({ hesitates }: Racer): string => new Date(firstMail + hesitates * dayMs).toISOString()

async function tap(stage: Stage, campaignId: string, racer: Racer): Promise<void> {
  const subject = await subjectOf(stage, racer.id)
  if (!('contactId' in subject)) throw new Error(`${racer.id} is nobody.`)
  const deliveryId = await phase2MailOf(stage, campaignId, subject.contactId)
  if (deliveryId === undefined) throw new Error(`${racer.id} had no e-mail to register by.`)
  await enrol(stage, campaignId, racer.id, { way: 'link', deliveryId })
}

const leavingActs = (stage: Stage, campaignId: string, { racers }: Race): Act[] =>
  racers.flatMap(({ id, leavesOn }) =>
    leavesOn === undefined
      ? []
      : [
          {
            at: `${leavesOn}T11:00:00Z`,
            does: async () => {
              const subject = await subjectOf(stage, id)
              const { networkId, id: challengeId } = await challengeOf(stage, campaignId)
              await stage.context.db.transaction(async (tx) => {
                const participant = await participantOf(tx, networkId, challengeId, subject)
                if (participant) await withdraw(tx, participant, `contact:${id}`, stage.now())
              })
            },
          },
        ],
  )

/** A month's file: what those who take part sold, and what their companies closed. */
const linesOf = (seed: string, { companies, racers }: Race, month: string): Sale[] => [
  ...racers
    .flatMap(({ id, leavesOn }) => salesOf(seed, id, month).map((sale) => ({ sale, leavesOn })))
    .filter(({ sale, leavesOn }) => leavesOn === undefined || sale.day < leavesOn)
    .map(({ sale }) => sale),
  ...companies.flatMap((code) => salesOf(seed, code, month)),
]

/** What the head office's file says is taken line by line; a line known already changes nothing. */
async function importResults(stage: Stage, campaignId: string, lines: readonly Sale[]): Promise<void> {
  const challenge = await challengeOf(stage, campaignId)
  const { networkId, id: challengeId } = challenge
  for (const { line, whom, day, quantity } of lines) {
    const subject = await subjectOf(stage, whom)
    const criterion = 'contactId' in subject ? 'ventes' : 'affaires'
    const told = { criterion, quantity, doneOn: day, way: 'csv' as const, sourceKey: line, by: 'operator' }
    await stage.context.db.transaction(async (tx) => {
      const participant = await participantOf(tx, networkId, challengeId, subject)
      if (participant) await recordResult(tx, challenge, participant, { ...told, at: stage.now() })
    })
  }
}

/** Every list, whole: people, companies and crews, by points and by progress. */
async function rankings({ context, network }: Stage, { id: challengeId }: Challenge) {
  const lists: unknown[] = []
  for (const board of boards)
    for (const by of ['points', 'progress'] as const)
      for (let from: number | undefined = 0; from !== undefined; ) {
        const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(
          context.db,
          { networkId: network.id, challengeId, board, league: 0, by },
          from,
          200,
        )
        lists.push(page.rows.map(({ name, rank, points, progress }) => ({ board, by, name, rank, points, progress })))
        from = page.next
      }
  return lists
}
