import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Participant } from '../../src/challenge/participants.ts'
import { businessNow } from '../../src/clock.ts'
import { arrivals, auditEntries, deliveries, messages, networks, proposals } from '../../src/db/schema.ts'
import { groupSizes } from '../../src/sequence/propose.ts'
import { advance } from '../../src/time-machine.ts'
import { type ChallengeWorld, challengeFile, challengeWorld } from '../challenge/challenge-world.ts'
import { type Browser, openSite } from '../web/client.ts'

/** Nobody does anything by themselves. */
const still = { seed: 'still', leanings: () => new Proxy({}, { get: () => false }) }
const players = ['P1', 'P2', 'P3', 'P4', 'P5']

let w: ChallengeWorld
let owner: Browser
beforeAll(async () => {
  w = await challengeWorld({
    simulation: still,
    challengeYaml: `${challengeFile()}
  - name: relance
    when: { participationDrop: { below: 0.85, cooldown: P10D } }
    intent: follow-up
    channels: [intranet]
    template: challenge/relance
`,
  })
})
afterAll(() => w.close())

const to = async (at: string) => advance(w.context, w.network, { to: new Date(at) })
const now = () => businessNow(w.clock.now(), w.network)

/** From the 12 o’clock of each day, so many of the players tell a result of it. */
async function play(taking: readonly Participant[], days: readonly (readonly [string, number])[]): Promise<void> {
  for (const [day, active] of days) {
    await to(`${day}T12:00:00Z`)
    for (const [index, who] of players.slice(0, active).entries())
      await w.tell(taking[index]!, {
        ...{ criterion: who === 'P1' ? 'poses' : 'ventes', quantity: 1, doneOn: day, at: now() },
        sourceKey: `${who}:${day}`,
      })
  }
}

const taking: Participant[] = []

test('A drop in participation is proposed with its words, its people and its cost, and leaves by one click', async () => {
  for (const who of players) taking.push(await w.join(who))
  await play(taking, [
    ['2027-01-13', 5],
    ['2027-01-14', 5],
    ['2027-01-15', 5],
    ['2027-01-20', 5],
    ['2027-01-27', 1],
  ])
  expect(await w.context.db.$count(proposals)).toBe(0)
  await to('2027-02-01T12:00:00Z')
  const [proposal] = await w.context.db.select().from(proposals)
  expect(proposal).toMatchObject({ state: 'open', figures: { registered: 5, active: 1 } })
  const sent = async () =>
    w.context.db.$count(
      w.context.db
        .select({ id: deliveries.id })
        .from(deliveries)
        .innerJoin(messages, eq(messages.id, deliveries.messageId))
        .where(and(eq(messages.step, 'relance')))
        .as('sent'),
    )
  expect(await sent()).toBe(0)

  const site = openSite(w.context.db, undefined, { context: w.context, dataFolder: w.store.folder })
  site.clock.at = w.clock.now()
  owner = site.browser()
  await owner.signIn()
  const here = `/console/proposals/${proposal!.id}`
  const page = (await (await owner.get(`${here}?lang=fr`)).text()).replace(/[\u00a0\u202f]/g, ' ')
  expect(page).toContain('1 actifs sur 5 inscrits')
  expect(page).toContain('Ce qui partirait')
  expect(page).toContain('4 personnes')
  expect(page).toContain('Coût : 0,00 €')
  expect(page).toContain('tel que le verrait')
  expect(await sent()).toBe(0)

  // Somebody wakes up before anybody has said yes: they have not slowed down any more.
  await w.tell(taking[4]!, {
    ...{ criterion: 'ventes', quantity: 1, doneOn: '2027-02-01', at: now() },
    sourceKey: 'P5:2027-02-01',
  })
  const answer = await owner.post(`${here}/approve`)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining('done=approved')])
  const again = await owner.post(`${here}/approve`)
  expect(again.headers.get('location')).toContain('done=tooLate')
  await to('2027-02-02T12:00:00Z')
  expect(await sent()).toBe(3)
  const passed = await w.context.db.select().from(arrivals).where(eq(arrivals.state, 'passed'))
  expect(passed.map(({ reason }) => reason)).toEqual(['acted_since'])
  const decided = (await (await owner.get(`${here}?lang=fr`)).text()).replace(/[\u00a0\u202f]/g, ' ')
  expect(decided).toContain('1 personne a agi depuis la proposition')
  expect(await w.context.db.$count(auditEntries, eq(auditEntries.action, 'proposal.approve'))).toBe(1)
})

test('Whoever fell silent is proposed even when they acted the week before; not for closing days, nor in the last week', async () => {
  const { db } = w.context
  const closed = { id: 'winter', label: 'Fermeture', from: '2027-02-22', to: '2027-02-26' }
  const settings = { ...w.network.settings, closures: [closed] }
  await db.update(networks).set({ settings }).where(eq(networks.id, w.network.id))
  await play(taking, [
    ['2027-02-03', 5],
    ['2027-02-10', 1],
    ['2027-02-17', 5],
    // Nobody in the week that all is shut; and one alone in the last but one.
    ['2027-03-03', 1],
  ])
  await to('2027-03-09T12:00:00Z')
  const found = await db.select().from(proposals).orderBy(proposals.proposedAt)
  expect(found.map(({ occurrence }) => occurrence)).toEqual(['2027-01-31', '2027-02-14'])
  expect(await groupSizes(db, w.network.id, found[1]!.id)).toEqual([{ group: 'slowing', people: 4 }])
})
