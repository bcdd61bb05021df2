import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchCampaign } from '../../src/campaign/launch.ts'
import { type World, world } from '../world.ts'
import { openSite } from './client.ts'

const begun = `name: course
title: { fr: La course, en: The race }
class: marketing
audience: { segment: tous }
anchor: { launch: 2027-01-11T09:00, end: 2027-03-12T18:00, timezone: Europe/Paris }
link: https://www.example.com/course
challenge:
  participants: { people: true }
  roles:
    - name: vente
      profiles: [sales, counter, field, office, owner]
      criteria:
        - { name: ventes, weight: 60, unit: { fr: vente, en: sale }, points: 10, objective: { fixed: 5 } }
        - { name: formation, kind: qualitative, evidence: [file], weight: 40, points: 50, objective: { fixed: 2 } }
  registration: { from: launch - 5 days, to: launch + 30 days }
  terms: { fr: Je participe et j’accepte le règlement., en: I take part and accept the rules. }
steps: [{ name: annonce, at: launch, intent: follow-up, template: challenge/launch }]
`

let w: World
beforeAll(async () => {
  w = await world({ mode: 'sandbox', at: new Date('2027-01-04T08:00:00Z') })
})
afterAll(() => w.close())

test('why a date does not move is said in the language of the page', async () => {
  const { campaignId } = await launchCampaign(
    w.context,
    w.network,
    { file: 'course.yaml', text: begun },
    'test',
    w.clock.now(),
  )
  w.clock.set(new Date('2027-01-20T08:00:00Z'))
  const site = openSite(w.context.db, undefined, { context: w.context, wall: w.clock })
  site.clock.at = w.clock.now()
  const owner = site.browser()
  await owner.signIn()
  const page = async (anchors: string, language: string) => {
    const answer = await owner.get(`/console/campaigns/${campaignId}/timeline?${anchors}&lang=${language}`)
    expect(answer.status).toBe(422)
    return (await answer.text()).replaceAll(/\s/g, ' ')
  }
  const later = 'anchor.launch=2027-01-25T09:00&anchor.end=2027-03-12T18:00'
  expect(await page(later, 'fr')).toContain(
    'Le challenge a commencé le 11 janv. 2027 : son début ne peut pas passer au 25 janv. 2027.',
  )
  expect(await page(later, 'en')).toContain(
    'The challenge has begun on 11 Jan 2027: its beginning does not move to 25 Jan 2027.',
  )
  const past = 'anchor.launch=2027-01-11T09:00&anchor.end=2027-01-15T18:00'
  expect(await page(past, 'fr')).toContain('Le challenge se serait terminé le 15 janv. 2027, une date passée.')
})
