import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { partsOf, sourceOf } from '../../src/campaign/write-words.ts'
import { auditEntries, templates } from '../../src/db/schema.ts'
import { type World, world } from '../world.ts'
import { type Browser, openSite } from './client.ts'
import { wallNow } from './small-network.ts'

let w: World
let owner: Browser
let id: string
beforeAll(async () => {
  w = await world({ at: wallNow })
  owner = openSite(w.context.db, undefined, { context: w.context, dataFolder: w.store.folder }).browser()
  await owner.signIn()
  const made = await owner.post('/console/campaigns', {
    preset: 'challenge',
    title: 'Essai',
    launch: '2027-02-08T08:30',
  })
  id = made.headers.get('location')!.split('/')[3]!.split('?')[0]!
})
afterAll(() => w.close())

const page = async (channel: string) => {
  const answer = await owner.get(`/console/campaigns/${id}/write?step=teaser&channel=${channel}`)
  expect(answer.status).toBe(200)
  return answer.text()
}
const seenOn = (html: string) => /name="seen" value="([^"]+)"/.exec(html)![1] as string
const post = (form: Record<string, string>, to = 'write') => owner.post(`/console/campaigns/${id}/${to}`, form)
const kept = (channel: 'sms' | 'email') =>
  w.context.db
    .select()
    .from(templates)
    .where(and(eq(templates.template, 'challenge/teaser'), eq(templates.channel, channel)))
const sms = { step: 'teaser', channel: 'sms' }

test('words that are not kept yet are shown as their reader would see them, with what they cost', async () => {
  const seen = seenOn(await page('sms'))
  const long = 'Réseau Manor : la fenêtre ferme ce soir. '.repeat(5)
  const shown = await post({ ...sms, seen, preview: 'fr', 'fr.text': long }, 'write/frame')
  expect(shown.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = (await shown.text()).replace(/[\u00a0\u202f]/g, ' ')
  expect(html).toContain('Réseau Manor')
  expect(html).toMatch(/[2-9] SMS facturés par personne, environ 0,\d+ €/)
  expect(await kept('sms')).toEqual([])

  const mail = await post(
    { step: 'teaser', channel: 'email', seen, preview: 'fr', 'fr.subject': 'Un <b>objet</b>', 'fr.text': '# Bonjour' },
    'write/frame',
  )
  const framed = await mail.text()
  expect(framed).toContain('Un &lt;b&gt;objet&lt;/b&gt;')
  expect(framed).toMatch(/<h1[^>]*>Bonjour<\/h1>/)
})

test('a fault is shown at its place, in the preview and when saving, and nothing is kept', async () => {
  const seen = seenOn(await page('sms'))
  const wrong = { ...sms, seen, preview: 'fr', 'fr.text': 'Bonjour {{ contact.prenom }}' }
  expect(await (await post(wrong, 'write/frame')).text()).toContain('contact.prenom')
  const { preview: _, ...saved } = wrong
  const refused = await post(saved)
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('contact.prenom')
  expect(await kept('sms')).toEqual([])
})

test('what is saved is the network’s, audited; whoever started from older words is told, and loses nothing', async () => {
  const seen = seenOn(await page('sms'))
  const saved = await post({ ...sms, seen, 'fr.text': 'Bientôt du nouveau.', 'en.text': 'Something is coming.' })
  expect(saved.headers.get('location')).toContain('said=saved')
  expect((await kept('sms')).map(({ language, source }) => [language, source]).sort()).toEqual([
    ['en', 'Something is coming.\n'],
    ['fr', 'Bientôt du nouveau.\n'],
  ])
  const [entry] = await w.context.db.select().from(auditEntries).where(eq(auditEntries.action, 'campaign.words'))
  expect(entry).toMatchObject({ subject: id, data: { step: 'teaser', channel: 'sms', languages: 'fr,en' } })

  const late = await post({ ...sms, seen, 'fr.text': 'Autre chose.' })
  expect(late.status).toBe(409)
  expect(await late.text()).toContain('Autre chose.')
  expect((await kept('sms')).some(({ source }) => source.includes('Autre'))).toBe(false)
  expect(await page('sms')).toContain('Bientôt du nouveau.')
})

test('an empty text is refused, and a step that is not there is not found', async () => {
  const seen = seenOn(await page('sms'))
  expect((await post({ ...sms, seen, 'fr.text': '  ' })).status).toBe(422)
  expect((await owner.get(`/console/campaigns/${id}/write?step=ailleurs`)).status).toBe(404)
})

test('words come apart and together as they were', () => {
  const source = '---\nsubject: "Dit « {{ campaign.title }} » : oui"\npreheader: "Suite"\n---\n# Titre\n\nTexte\n'
  const parts = partsOf(source, 'email')
  expect(parts).toEqual({
    head: { subject: 'Dit « {{ campaign.title }} » : oui', preheader: 'Suite' },
    text: '# Titre\n\nTexte',
  })
  expect(sourceOf(parts)).toBe(source)
  expect(sourceOf({ head: { subject: ' ', preheader: '' }, text: 'Texte\r\n' })).toBe('Texte\n')
  expect(partsOf('---\nweather: fine\n---\nTexte\n', 'email').text).toContain('weather')
})
