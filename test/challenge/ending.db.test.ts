import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Challenge, findChallenge } from '../../src/challenge/challenge.ts'
import { actAtDesk } from '../../src/challenge/desk/act.ts'
import { deskOf } from '../../src/challenge/desk/desk.ts'
import { answerClaim, approveWinners, publishProvisional } from '../../src/challenge/winners/closing.ts'
import { addWinnerPicture, publishPicture, shownPictures } from '../../src/challenge/winners/image.ts'
import type { Network } from '../../src/context.ts'
import { contacts, networks, winnerClaims } from '../../src/db/schema.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { type Seeded, score, seedChallenge } from './grand-nord.ts'

let store: TestDatabase
let nord: Seeded
let network: Network
let challenge: Challenge
const after = new Date('2027-03-17T08:00:00Z')
const later = new Date('2027-03-25T08:00:00Z')

beforeAll(async () => {
  store = await freshDatabase()
  nord = await seedChallenge(
    store.db,
    ['A', 'B', 'C', 'D'].map((name) => ({ name, site: name < 'D' ? 'N1' : 'S1', league: 1 })),
    'ending',
  )
  ;[network] = (await store.db.select().from(networks).where(eq(networks.id, nord.networkId))) as [Network]
  challenge = (await findChallenge(store.db, nord.networkId, nord.challengeId))!
  await score(store.db, nord, [
    { name: 'A', points: 120, ventes: 5 },
    { name: 'B', points: 90, ventes: 5 },
    { name: 'C', points: 80, ventes: 4 },
    { name: 'D', points: 20, ventes: 1 },
  ])
  await store.db.update(contacts).set({ lastName: 'Royer' }).where(eq(contacts.id, nord.contacts.A!))
})
afterAll(() => store.drop())

const endingOf = async (name: string, at: Date) =>
  (await deskOf(store.db, challenge, { contactId: nord.contacts[name]! }, 'fr', 'link', at))?.ending

const act = (name: string, form: Parameters<typeof actAtDesk>[2], at: Date) =>
  actAtDesk(
    store.db,
    {
      ...{ networkId: nord.networkId, challengeId: nord.challengeId, subject: { contactId: nord.contacts[name]! } },
      ...{ way: 'link', by: `contact:${nord.contacts[name]}`, at },
    },
    form,
  )

test('whoever took part objects from their own page while the ranking is provisional, and reads the answer there', async () => {
  expect(await endingOf('D', after)).toBeUndefined()
  expect(await act('D', { act: 'claim', text: 'Trop tôt' }, after)).toEqual({ is: 'refused', code: 'claims_closed' })
  await publishProvisional(store.db, network, challenge, 'u', after)
  expect(await endingOf('D', after)).toMatchObject({ won: [], claims: [], asksImage: false })
  expect((await endingOf('D', after))?.claimsUntil?.toISOString()).toBe('2027-03-24T22:59:00.000Z')

  expect(await act('D', { act: 'claim', text: '' }, after)).toEqual({ is: 'refused', code: 'claim_empty' })
  for (const time of [1, 2]) {
    expect(await act('D', { act: 'claim', text: 'Il manque une vente.' }, after), `${time}`).toEqual({ is: 'claimed' })
  }
  expect(await store.db.$count(winnerClaims)).toBe(1)
  const [claim] = await store.db.select().from(winnerClaims)
  const answer = { status: 'rejected' as const, answer: 'Elle est de février.', by: 'u', now: after }
  await answerClaim(store.db, nord.networkId, claim!.id, answer)
  expect((await endingOf('D', after))?.claims).toMatchObject([{ status: 'rejected', answer: 'Elle est de février.' }])
  // Others read nothing of it.
  expect((await endingOf('C', after))?.claims).toEqual([])
})

test('a winner reads their place once it is approved, agrees to pictures by their own name, and takes it back', async () => {
  expect((await endingOf('A', after))?.won).toEqual([])
  await approveWinners(store.db, challenge, 'u', later)
  expect((await endingOf('A', later))?.won).toContainEqual({ by: 'points', place: 1, isOutlet: false })
  expect(await endingOf('A', later)).toMatchObject({ asksImage: true })
  expect((await endingOf('A', later))?.claimsUntil).toBeUndefined()

  const person = { networkId: nord.networkId, challengeId: nord.challengeId, contactId: nord.contacts.A! }
  const picture = await addWinnerPicture(
    store.db,
    person,
    { kind: 'film', url: 'https://example.com/f', caption: {} },
    later,
  )
  expect(await publishPicture(store.db, nord.networkId, picture.id, later)).toBe(false)
  const wrong = await act('A', { act: 'image', signedName: 'Quelqu’un' }, later)
  expect(wrong).toEqual({ is: 'refused', code: 'wrong_name' })
  expect(await act('A', { act: 'image', signedName: 'Anne royer' }, later)).toEqual({ is: 'imageGranted' })
  expect((await endingOf('A', later))?.image).toMatchObject({ isGranted: true })
  expect(await publishPicture(store.db, nord.networkId, picture.id, later)).toBe(true)
  expect(await shownPictures(store.db, nord.networkId, nord.challengeId)).toHaveLength(1)

  expect(await act('A', { act: 'no-image' }, later)).toEqual({ is: 'imageWithdrawn' })
  expect(await shownPictures(store.db, nord.networkId, nord.challengeId)).toEqual([])
  expect((await endingOf('A', later))?.image).toMatchObject({ isGranted: false })
})
