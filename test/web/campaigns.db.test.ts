import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  auditEntries,
  campaigns,
  campaignVersions,
  deliveries,
  memberships,
  messages,
  renderedContents,
  templates,
} from '../../src/db/schema.ts'
import { keptContent } from '../../src/deliver/kept-content.ts'
import { advance } from '../../src/time-machine.ts'
import { type World, world } from '../world.ts'
import { type Browser, openSite, type Site } from './client.ts'
import { enrol } from './route-table/people.ts'
import { wallNow } from './small-network.ts'

let w: World
let site: Site
let owner: Browser
beforeAll(async () => {
  w = await world({ at: wallNow })
  site = openSite(w.context.db, undefined, { context: w.context, dataFolder: w.store.folder })
  owner = site.browser()
  await owner.signIn()
})
afterAll(() => w.close())

const text = async (answer: Response) => (await answer.text()).replace(/[\u00a0\u202f]/g, ' ')
const page = async (path: string, browser = owner) => {
  const answer = await browser.get(path)
  expect(answer.status, path).toBe(200)
  return text(answer)
}
/** Where a form leads once it was taken. */
const leadsTo = async (answer: Promise<Response>) => {
  const given = await answer
  expect(
    given.status,
    await given
      .clone()
      .text()
      .catch(() => ''),
  ).toBe(303)
  return given.headers.get('location') as string
}
const idIn = (path: string) => path.split('/')[3]!.split('?')[0] as string
const seenOn = (html: string) => /name="seen" value="([^"]+)"/.exec(html)![1] as string
const db = () => w.context.db
const statusOf = async (id: string) =>
  (await db().select({ status: campaigns.status }).from(campaigns).where(eq(campaigns.id, id)))[0]?.status
const sourceOf = async (id: string) =>
  (await db().select().from(campaignVersions).where(eq(campaignVersions.campaignId, id)))[0]!.source

const fromPreset = async (title: string, launch = '2027-02-08T08:30') =>
  idIn(await leadsTo(owner.post('/console/campaigns', { preset: 'challenge', title, launch })))

/** The fields of a draft's form as its page shows them, to be sent back with some of them changed. */
async function formOf(id: string): Promise<Record<string, string>> {
  const html = await page(`/console/campaigns/${id}`)
  const fields: Record<string, string> = {}
  const decode = (value: string) =>
    value.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&').replaceAll('&lt;', '<')
  for (const [input] of html.matchAll(/<input [^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(input)?.[1]
    if (!name || /type="(checkbox|radio)"/.test(input) || name === 'q' || name === 'network') continue
    fields[name] = decode(/ value="([^"]*)"/.exec(input)?.[1] ?? '')
  }
  for (const [, name, options] of html.matchAll(/<select id="([^"]+)"[^>]*>([\s\S]*?)<\/select>/g))
    fields[name as string] = decode(/value="([^"]*)" selected/.exec(options as string)?.[1] ?? '')
  return fields
}

describe('a preset becomes a draft', () => {
  test('with a date proposed on a working day that leaves time for the first step', async () => {
    const html = await page('/console/campaigns/start?preset=challenge')
    const proposed = /name="launch"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="launch"/.exec(html)!
    const date = new Date(`${(proposed[1] ?? proposed[2]) as string}Z`)
    expect(date.getUTCDay()).toBeGreaterThan(0)
    expect(date.getUTCDay()).toBeLessThan(6)
    const workingDays = 21
    expect(date.getTime() - wallNow.getTime()).toBeGreaterThan(workingDays * 86_400_000)
  })

  test('under a name of its own, with every date moved, and nothing launched', async () => {
    const first = await fromPreset('Un défi')
    const second = await fromPreset('Un autre défi')
    const rows = await db().select().from(campaigns)
    const names = rows.filter(({ id }) => id === first || id === second).map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set(['grand-nord', 'grand-nord-2']))
    expect(await sourceOf(second)).toContain('launch: 2027-02-08T08:30')
    expect(await sourceOf(second)).toContain('# Those who have not entered')
    expect(await statusOf(second)).toBe('draft')
    expect(await db().$count(messages, eq(messages.campaignId, second))).toBe(0)
  })

  test('and refuses no title and a date that is none, keeping what was typed', async () => {
    const answer = await owner.post('/console/campaigns', {
      preset: 'challenge',
      title: '',
      launch: '2027-02-31T08:30',
    })
    expect(answer.status).toBe(422)
    const html = await text(answer)
    expect(html).toContain('Donnez un titre à la campagne.')
    expect(html).toContain('2027-02-31T08:30')
    expect(html).toContain('Donnez une date et une heure')
  })
})

describe('a draft', () => {
  test('is changed by its form without losing what the form does not show', async () => {
    const id = await fromPreset('À changer')
    const form = await formOf(id)
    await leadsTo(
      owner.post(`/console/campaigns/${id}`, {
        ...form,
        title: 'Changé',
        audience: 'comptoirs',
        'steps.0.at': 'launch - 5 working days, 10:00',
        'steps.0.channels': 'email',
      }),
    )
    const source = await sourceOf(id)
    expect(source).toContain('fr: Changé')
    expect(source).toContain('en: The Great North challenge')
    expect(source).toContain('{ segment: comptoirs }')
    expect(source).toContain('channels: [ email ]')
    expect(source).toContain('fallback: { ifNot: acted, after: PT48H, then: next-best }')
    expect(await db().$count(campaignVersions, eq(campaignVersions.campaignId, id))).toBe(1)
    expect(await page(`/console/campaigns/${id}`)).toContain('lundi 1 février 2027 à 10:00')
  })

  test('shows each fault at its field, and cannot be launched before it is mended', async () => {
    const id = await fromPreset('Fautif')
    const form = await formOf(id)
    const faulty = { ...form, 'steps.1.at': 'lancement moins deux jours', 'anchor.launch': '2020-01-06T08:30' }
    await leadsTo(owner.post(`/console/campaigns/${id}`, faulty))
    const html = await page(`/console/campaigns/${id}`)
    expect(html).toContain('id="steps.1.at-error"')
    expect(html).toContain('Cette date ne se lit pas.')
    expect(html).toContain('à corriger avant de lancer')
    expect(html).not.toContain(`/console/campaigns/${id}/launch"`)
    await leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen: seenOn(html) }))
    expect(await statusOf(id)).toBe('draft')
  })

  test('says where the file is wrong, line and column, and keeps a draft with faults', async () => {
    const id = await fromPreset('En fichier')
    const before = await page(`/console/campaigns/${id}/source`)
    const broken = (await sourceOf(id)).replace('class: marketing', 'class: publicité')
    await leadsTo(owner.post(`/console/campaigns/${id}/source`, { seen: seenOn(before), text: broken }))
    const after = await page(`/console/campaigns/${id}/source`)
    const line = broken.split('\n').findIndex((one) => one.startsWith('class:')) + 1
    expect(after).toContain(`ligne ${line}, colonne 8`)
    expect(after).toContain('publicité')
    const syntax = await owner.post(`/console/campaigns/${id}/source`, { seen: seenOn(after), text: 'name: [oops' })
    expect(syntax.status).toBe(422)
    expect(await text(syntax)).toContain('ligne 1')
    expect(await sourceOf(id)).toBe(broken)
  })

  test('changed in another tab meanwhile is not overwritten', async () => {
    const id = await fromPreset('À deux')
    const form = await formOf(id)
    await leadsTo(owner.post(`/console/campaigns/${id}`, { ...form, title: 'Premier' }))
    expect(await leadsTo(owner.post(`/console/campaigns/${id}`, { ...form, title: 'Second' }))).toContain('said=moved')
    expect(await sourceOf(id)).toContain('Premier')
    const launched = await owner.post(`/console/campaigns/${id}/launch`, { seen: form.seen as string })
    expect(launched.status).toBe(409)
    expect(await statusOf(id)).toBe('draft')
  })

  test('with a step people come to one by one that is to be approved says so and cannot be launched', async () => {
    const id = await fromPreset('Conditionnel')
    const before = await page(`/console/campaigns/${id}/source`)
    const conditional = (await sourceOf(id)).replace(
      /at: end \+ 8 working days, 09:00/,
      'when: { notActed: teaser, within: P2D }\n    propose: true',
    )
    await leadsTo(owner.post(`/console/campaigns/${id}/source`, { seen: seenOn(before), text: conditional }))
    const html = await page(`/console/campaigns/${id}`)
    expect(html).toContain('une personne après l’autre')
    await leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen: seenOn(html) }))
    expect(await statusOf(id)).toBe('draft')
  })

  test('is thrown away after a confirmation', async () => {
    const id = await fromPreset('À jeter')
    expect(await page(`/console/campaigns/${id}/discard`)).toContain('Supprimer le brouillon')
    await leadsTo(owner.post(`/console/campaigns/${id}/discard`))
    expect(await statusOf(id)).toBeUndefined()
    expect((await owner.get(`/console/campaigns/${id}`)).status).toBe(404)
  })
})

describe('an uploaded file', () => {
  const send = async (content: string | Uint8Array<ArrayBuffer>, name = 'campagne.yaml') => {
    const form = new FormData()
    form.set('file', new File([content], name))
    return site.app.request(
      'http://relais.test/console/campaigns/file',
      {
        method: 'POST',
        body: form,
        headers: {
          origin: 'http://relais.test',
          cookie: [...owner.cookies].map(([key, value]) => `${key}=${value}`).join('; '),
        },
      },
      { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
    )
  }

  test('becomes a draft, faults of meaning included', async () => {
    const answer = await send(
      'name: depose\ntitle: { fr: Déposé }\nclass: relational\naudience: { segment: personne }\nanchor: { launch: now }\nsteps: [{ name: a, at: launch, intent: notice, template: notice/urgent }]\n',
    )
    expect(answer.status).toBe(303)
    const html = await page(answer.headers.get('location') as string)
    expect(html).toContain('Ce segment n’existe pas dans le réseau.')
  })

  test('that is no YAML, no text, no campaign or nothing at all is refused with its place', async () => {
    const broken = await send('name: x\nsteps:\n  - [oops\n')
    expect(broken.status).toBe(422)
    expect(await text(broken)).toMatch(/ligne \d/)
    expect((await send(new Uint8Array([0xff, 0xfe, 0x00]))).status).toBe(422)
    expect((await send('just: words')).status).toBe(422)
    expect((await send('')).status).toBe(422)
  })
})

describe('the dry run', () => {
  let id: string
  beforeAll(async () => {
    id = await fromPreset('À simuler')
  })

  test('says for each step who gets what, and who gets nothing and why', async () => {
    const html = await page(`/console/campaigns/${id}/plan`)
    expect(html).toContain('Simulation de « À simuler »')
    expect(html).toContain('Qui ne reçoit rien, et pourquoi')
    expect(html).toContain('plan/people?step=teaser&amp;channel=email')
    expect(await db().$count(messages, eq(messages.campaignId, id))).toBe(0)
  })

  test('names who stands behind a number, and nobody else', async () => {
    const html = await page(`/console/campaigns/${id}/plan/people?step=kit&channel=print`)
    expect(html).toContain('Marcel Poteau')
    expect(html).not.toContain('Jean Perdu')
    expect(await page(`/console/campaigns/${id}/plan/people?step=kit&reason=nothing_of_the_kind`)).toContain(
      'Personne n’est dans ce cas.',
    )
  })

  test('explains one person, found by their address', async () => {
    const html = await page(`/console/campaigns/${id}/plan/person?q=odile.martin@batipro.example.com`)
    expect(html).toContain('Pourquoi pour Odile Martin')
    expect(html).toContain('Tous les canaux examinés')
    expect(
      await leadsTo(owner.get(`/console/campaigns/${id}/plan/person?q=inconnue@example.com`) as Promise<Response>),
    ).toContain('asked=inconnue')
  })

  test('keeps the names from those who may not read the network’s people', async () => {
    const viewer = await enrol(db(), site, { networkId: w.network.id, called: 'un lecteur', role: 'viewer', scope: {} })
    const html = await page(`/console/campaigns/${id}/plan`, viewer.browser)
    expect(html).not.toContain('plan/people')
    expect((await viewer.browser.get(`/console/campaigns/${id}/plan/people?step=kit&channel=print`)).status).toBe(404)
    expect((await viewer.browser.get(`/console/campaigns/${id}/words`)).status).toBe(404)
  })
})

describe('a launch', () => {
  test('is confirmed by a page that names the people, and two presses launch once', async () => {
    const id = await fromPreset('À lancer')
    const html = await page(`/console/campaigns/${id}/launch`)
    expect(html).toMatch(/\d+ personnes/)
    expect(html).toContain('Coût au plus')
    const seen = seenOn(html)
    const [first, second] = await Promise.all([
      leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen })),
      leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen })),
    ])
    expect([first, second].filter((path) => path.includes('launched'))).toHaveLength(1)
    expect([first, second].filter((path) => path.includes('already'))).toHaveLength(1)
    expect(await statusOf(id)).toBe('scheduled')
    expect(await db().$count(messages, eq(messages.campaignId, id))).toBe(6)
    const launches = await db()
      .select()
      .from(auditEntries)
      .where(and(eq(auditEntries.action, 'campaign.launch'), eq(auditEntries.subject, id)))
    expect(launches).toHaveLength(1)
    expect(await leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen }))).toContain('already')
    expect(await page(`/console/campaigns/${id}`)).toContain('Campagne lancée')
  })

  test('for nobody needs a tick of its own', async () => {
    const id = await fromPreset('Pour personne')
    const form = await formOf(id)
    await leadsTo(owner.post(`/console/campaigns/${id}`, { ...form, audience: 'endormis' }))
    const seen = seenOn(await page(`/console/campaigns/${id}/launch`))
    const refused = await owner.post(`/console/campaigns/${id}/launch`, { seen })
    expect(refused.status).toBe(422)
    expect(await text(refused)).toContain('Cochez cette case pour confirmer.')
    expect(await statusOf(id)).toBe('draft')
    await leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen, empty: 'on' }))
    expect(await statusOf(id)).toBe('scheduled')
  })

  test('of an urgent notice is for those who may send one', async () => {
    const id = idIn(await leadsTo(owner.post('/console/campaigns', { preset: 'urgent-notice', title: 'Rappel' })))
    const marketer = await enrol(db(), site, {
      networkId: w.network.id,
      called: 'une marketeuse',
      role: 'marketer',
      scope: {},
    })
    expect((await marketer.browser.get(`/console/campaigns/${id}/launch`)).status).toBe(403)
    const seen = seenOn(await page(`/console/campaigns/${id}`))
    expect((await marketer.browser.post(`/console/campaigns/${id}/launch`, { seen })).status).toBe(403)
    expect(await statusOf(id)).toBe('draft')
    expect((await owner.get(`/console/campaigns/${id}/launch`)).status).toBe(200)
  })
})

describe('pausing, resuming, canceling', () => {
  test('each asks first, naming what it concerns, and keeps the reason', async () => {
    const id = await fromPreset('À arrêter')
    const seen = seenOn(await page(`/console/campaigns/${id}/launch`))
    await leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen }))
    expect(await page(`/console/campaigns/${id}/pause`)).toContain('6 étapes à venir sont concernées')
    await leadsTo(owner.post(`/console/campaigns/${id}/pause`, { reason: 'Le prix a changé' }))
    expect(await statusOf(id)).toBe('paused')
    expect(await page(`/console/campaigns/${id}`)).toContain('Le prix a changé')
    await leadsTo(owner.post(`/console/campaigns/${id}/resume`))
    expect(await statusOf(id)).toBe('running')
    const long = await owner.post(`/console/campaigns/${id}/cancel`, { reason: 'x'.repeat(301) })
    expect(long.status).toBe(422)
    await leadsTo(owner.post(`/console/campaigns/${id}/cancel`, { reason: 'Abandonné' }))
    expect(await statusOf(id)).toBe('canceled')
    const late = await owner.post(`/console/campaigns/${id}/resume`)
    expect(late.status).toBe(409)
    expect(await text(late)).toContain('la campagne est maintenant « Annulée »')
    const html = await page(`/console/campaigns/${id}`)
    expect(html).toContain('Mise en pause')
    expect(html).toContain('Abandonné')
  })

  test('of a draft does not exist', async () => {
    const id = await fromPreset('Pas encore')
    for (const control of ['pause', 'resume', 'cancel']) {
      expect((await owner.get(`/console/campaigns/${id}/${control}`)).status).toBe(404)
      expect((await owner.post(`/console/campaigns/${id}/${control}`)).status).toBe(404)
    }
  })
})

describe('a one-off message', () => {
  const written = {
    to: 'contact',
    contact: 'odile.martin@batipro.example.com',
    subject: 'Votre commande',
    text: 'Bonjour {{ contact.firstName | default: "" }}, votre **commande** est [prête](https://www.example.com/suivi).',
    class: 'contractual',
    when: 'now',
  }

  test('is previewed, confirmed with one person, sent in the network’s own words', async () => {
    const path = await leadsTo(owner.post('/console/messages', written))
    const id = idIn(path)
    const words = await page(path)
    expect(words).toContain('Exemplaire de Odile Martin')
    expect(words).toContain('Bonjour Odile, votre commande est prete : https://www.example.com/suivi')
    expect(words).toMatch(/\d SMS facturés? par personne/)
    const frame = await owner.get(`/console/campaigns/${id}/words/message/fr/email/content`)
    expect(frame.headers.get('content-security-policy')).toContain('sandbox')
    expect(await frame.text()).toContain('<strong>commande</strong>')
    const confirmation = await page(`/console/campaigns/${id}/launch`)
    expect(confirmation).toContain('1 personne')
    await leadsTo(owner.post(`/console/campaigns/${id}/launch`, { seen: seenOn(confirmation) }))
    await advance(w.context, w.network, { by: 'P1D' })
    const rows = await db()
      .select({ id: deliveries.id })
      .from(deliveries)
      .innerJoin(messages, and(eq(messages.networkId, deliveries.networkId), eq(messages.id, deliveries.messageId)))
      .innerJoin(renderedContents, eq(renderedContents.deliveryId, deliveries.id))
      .where(eq(messages.campaignId, id))
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(JSON.stringify(await keptContent(db(), w.network.id, row.id))).toContain('commande')
  })

  test('says at each field what is missing or wrong, and keeps what was typed', async () => {
    const answer = await owner.post('/console/messages', {
      ...written,
      to: 'site',
      site: 'nulle part',
      subject: '',
      text: 'Bonjour {{ contact.prénom',
      when: 'later',
      at: '2020-01-01T10:00',
    })
    expect(answer.status).toBe(422)
    const html = await text(answer)
    expect(html).toContain('Aucun point de vente du réseau n’a ce code.')
    expect(html).toContain('Donnez un objet.')
    expect(html).toContain('Donnez une date et une heure à venir.')
    expect(html).toContain('value="nulle part"')
    const liquid = await owner.post('/console/messages', { ...written, text: 'Bonjour {{ contact.firstName' })
    expect(liquid.status).toBe(422)
    expect(await text(liquid)).toContain('id="text-error"')
  })

  test('is written again before it is launched, and copied with its words', async () => {
    const id = idIn(await leadsTo(owner.post('/console/messages', { ...written, to: 'site', site: 'S3' })))
    const form = await page(`/console/messages/${id}`)
    expect(form).toContain('value="Votre commande"')
    const change = { ...written, to: 'site', site: 'S3', text: 'Fermé lundi.', sms: 'FERME', seen: seenOn(form) }
    await leadsTo(owner.post(`/console/messages/${id}`, change))
    expect(await page(`/console/campaigns/${id}/words`)).toContain('FERME')
    const copy = idIn(await leadsTo(owner.post('/console/campaigns', { from: id, title: 'Encore fermé' })))
    const [row] = await db().select().from(campaigns).where(eq(campaigns.id, copy))
    expect(await sourceOf(copy)).toContain(`template: message/${row!.name}`)
    expect(await db().$count(templates, eq(templates.template, `message/${row!.name}`))).toBeGreaterThan(0)
    expect(await page(`/console/campaigns/${copy}/words`)).toContain('FERME')
  })
})

describe('the list', () => {
  test('is narrowed by state, class and the beginning of a title', async () => {
    expect(await page('/console/campaigns?text=defi')).toContain('Un défi')
    expect(await page('/console/campaigns?text=defi')).not.toContain('À jeter')
    expect(await page('/console/campaigns?status=canceled')).toContain('À arrêter')
    expect(await page('/console/campaigns?status=canceled')).not.toContain('Un défi')
    expect(await page('/console/campaigns?class=transactional')).toContain('Aucune campagne ne correspond')
  })

  test('pages without losing or repeating anybody', async () => {
    const seen: string[] = []
    for (let path: string | undefined = '/console/campaigns'; path; ) {
      const html: string = await page(path)
      seen.push(
        ...[...html.matchAll(/class="row-link" href="\/console\/campaigns\/([^"]+)"/g)].map(([, id]) => id as string),
      )
      path = /class="button" href="([^"]*cursor=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toHaveLength(await db().$count(campaigns))
  })

  test('shows nothing of another network', async () => {
    const rows = await db().select().from(memberships)
    expect(rows.every(({ networkId }) => networkId === w.network.id)).toBe(true)
    expect((await owner.get('/console/campaigns?network=ailleurs')).status).toBe(404)
  })
})
