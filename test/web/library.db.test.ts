import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { PieceExcluded } from '../../channels/print/exclusion.ts'
import { auditEntries, brands, files } from '../../src/db/schema.ts'
import { readBrand } from '../../src/library/brand.ts'
import { pictureFile } from '../../src/library/pictures.ts'
import { freshDatabase, type TestDatabase } from '../database.ts'
import { aSite, keepPicture } from '../library/in-library.ts'
import { gif, jpg, png } from '../library/pictures.ts'
import { type Browser, openSite, publicUrl, type Site } from './client.ts'
import { type SmallNetwork, seedSmallNetwork } from './small-network.ts'

let store: TestDatabase
let demo: SmallNetwork
let site: Site
let owner: Browser
/** What the print shop would say of a letter; undefined takes it. */
let overflow: boolean

beforeEach(async () => {
  store = await freshDatabase()
  demo = await seedSmallNetwork(store.db)
  overflow = false
  site = openSite(store.db, demo.plan, {
    letterPdf: async () => {
      if (overflow) throw new PieceExcluded('OVERFLOW', 'The sender lines do not fit above the window.')
      return new TextEncoder().encode('%PDF-1.6')
    },
  })
  owner = site.browser()
  await owner.signIn()
})
afterEach(() => store.drop())

const textOf = async (path: string, status = 200) => {
  const answer = await owner.get(path)
  expect(answer.status, path).toBe(status)
  return answer.text()
}

/** The upload form, as a browser sends it. */
async function upload(
  name: string,
  bytes: Uint8Array,
  fields: Record<string, string> = { alt_fr: 'Oui', alt_en: 'Yes' },
  origin = publicUrl,
) {
  const form = new FormData()
  form.set('file', new File([new Uint8Array(bytes)], name))
  for (const [key, value] of Object.entries(fields)) form.set(key, value)
  return site.app.request(
    `${publicUrl}/console/library?lang=fr`,
    {
      method: 'POST',
      body: form,
      headers: {
        origin,
        cookie: [...owner.cookies].map(([key, value]) => `${key}=${value}`).join('; '),
      },
    },
    { incoming: { socket: { remoteAddress: '192.0.2.7' } } },
  )
}
const count = () => store.db.$count(files, eq(files.networkId, demo.networkId))

describe('pictures', () => {
  test('come in by a form, with what they show in both languages, and are listed', async () => {
    expect(await textOf('/console/library?lang=fr')).toContain('La bibliothèque est vide')
    const answer = await upload('Logo été.png', png({ width: 40, height: 20 }), {
      alt_fr: 'Le logo',
      alt_en: 'The logo',
    })
    expect(answer.status).toBe(303)
    const path = answer.headers.get('location')!
    expect(path).toMatch(/^\/console\/library\/[0-9a-f]{32}\?done=added$/)
    expect(await textOf(path)).toContain('![](library:logo-ete)')
    const list = await textOf('/console/library?lang=fr')
    for (const said of ['logo-ete', '40 × 20 px', 'Le logo', 'Pas encore utilisée', '1 image'])
      expect(list).toContain(said)
    const again = await upload('autre.png', png({ width: 40, height: 20 }))
    expect(again.headers.get('location')).toBe(path.replace('added', 'alreadyThere'))
    expect(await count()).toBe(1)
  })

  test.each([
    ['an SVG called .png', 'logo.png', Buffer.from('<svg onload="alert(1)"/>'), 'Les images SVG sont refusées'],
    ['a program called .jpg', 'photo.jpg', Buffer.from('MZ\x90\0'), 'n’est pas une image PNG, JPEG, GIF ou WebP'],
    ['a bomb', 'b.gif', gif(4_000, 4_000, 40), 'se déplie en bien plus'],
    ['six megabytes', 'p.jpg', Buffer.concat([jpg(4, 4), Buffer.alloc(6_000_000)]), 'Ce fichier pèse 6,1'],
    ['nothing', '', Buffer.alloc(0), 'Choisissez un fichier'],
  ])('%s is refused in the form, and what was typed stays', async (_, name, bytes, said) => {
    const answer = await upload(name, bytes, { alt_fr: 'Une <image>', alt_en: 'A picture' })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page.replaceAll('\u00a0', ' ')).toContain(said)
    expect(page).toContain('value="Une &lt;image&gt;"')
    expect(await count()).toBe(0)
  })

  test('need their description in both languages', async () => {
    const answer = await upload('logo.png', png({ width: 4, height: 4 }), { alt_fr: 'Le logo', alt_en: '   ' })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Décrivez l’image en quelques mots.')
    expect(await count()).toBe(0)
  })

  test('of more than the form takes are turned away before they are read', async () => {
    expect((await upload('p.jpg', Buffer.alloc(17_000_000))).status).toBe(413)
  })

  test('cannot be posted from another site', async () => {
    const answer = await upload('x.png', png({ width: 4, height: 4 }), {}, 'https://elsewhere.example')
    expect(answer.status).toBe(403)
    expect(await count()).toBe(0)
  })

  test('are described anew', async () => {
    const { id } = await keepPicture(store.db, demo.networkId, png({ width: 4, height: 4 }))
    const answer = await owner.post(`/console/library/${id}/alt`, { alt_fr: 'Nouveau', alt_en: 'New' })
    expect(answer.headers.get('location')).toBe(`/console/library/${id}?done=described`)
    expect(await textOf(`/console/library/${id}`)).toContain('value="Nouveau"')
    const refused = await owner.post(`/console/library/${id}/alt`, { alt_fr: '', alt_en: 'x'.repeat(201) })
    expect(refused.status).toBe(422)
    expect(await textOf(`/console/library/${id}`)).toContain('value="New"')
  })

  test('are deleted after a last look, unless they are in use: then the page says where', async () => {
    const { id, name } = await keepPicture(store.db, demo.networkId, png({ width: 40, height: 20 }))
    expect(await textOf(`/console/library/${id}/delete?lang=fr`)).toContain('Supprimer cette image')
    await owner.post('/console/library/brand', { main: '#112233', accent: '#445566', logo: id })
    const page = await textOf(`/console/library/${id}/delete`, 409)
    expect(page).toContain('ne peut pas être supprimée')
    expect(page).toContain('Le brouillon de la charte')
    expect((await owner.post(`/console/library/${id}/delete`)).status).toBe(409)
    expect(await count()).toBe(1)
    await owner.post('/console/library/brand/discard')
    expect((await owner.post(`/console/library/${id}/delete`)).status).toBe(303)
    expect(await count()).toBe(0)
    const said = await store.db.select({ action: auditEntries.action, data: auditEntries.data }).from(auditEntries)
    expect(said).toContainEqual({ action: 'file.remove', data: { name } })
  })
})

describe('the public address of a picture', () => {
  test('gives the bytes to anybody, as a picture and nothing else, for a year', async () => {
    const row = await keepPicture(store.db, demo.networkId, png({ width: 4, height: 4 }))
    const path = `/i/${pictureFile(1, row)}`
    const stranger = site.browser()
    const answer = await stranger.get(path)
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer()).equals(png({ width: 4, height: 4 }))).toBe(true)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'referrer-policy': 'no-referrer',
    })
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox/)
    expect(answer.headers.get('set-cookie')).toBeNull()
    const unchanged = await stranger.get(path, { 'if-none-match': answer.headers.get('etag')! })
    expect([unchanged.status, await unchanged.text()]).toEqual([304, ''])
  })

  test('is guessed by nobody: no list, no other name', async () => {
    const { id } = await keepPicture(store.db, demo.networkId, png({ width: 4, height: 4 }))
    const stranger = site.browser()
    for (const path of ['/i', '/i/logo.png', `/i/${id}.png`, `/i/2-${id}.png`, `/i/1-${id}.jpg`, `/i/1-${id}`])
      expect((await stranger.get(path)).status, path).toBe(404)
    expect((await stranger.get(`/console/library/${id}/picture`)).status).toBe(303)
  })
})

const typed = {
  main: '#ffd500',
  accent: '#b3001b',
  address: '3 quai de la Marne\r\n\r\n51000 Châlons',
  sms_sender: 'Horizon',
}

describe('the brand', () => {
  test('is a draft first, seen in the preview, and worn once it is published', async () => {
    const saved = await owner.post('/console/library/brand', typed)
    expect([saved.status, saved.headers.get('location')]).toEqual([
      303,
      '/console/library/brand?done=saved&network=demo#preview',
    ])
    const { draft, published } = await readBrand(store.db, demo.networkId)
    expect(published).toBeUndefined()
    expect(draft).toMatchObject({
      main: '#ffd500',
      address: ['3 quai de la Marne', '51000 Châlons'],
      senders: { sms: 'Horizon' },
    })
    const preview = await textOf('/console/library/brand/preview?surface=email&lang=fr')
    expect(preview).toContain('#ffd500')
    expect(preview).toContain('3 quai de la Marne · 51000 Châlons')
    expect(await textOf('/console/library/brand/publish')).toContain('/console/library/brand/publish')
    await owner.post('/console/library/brand/publish')
    expect((await readBrand(store.db, demo.networkId)).published?.main).toBe('#ffd500')
    expect(await textOf('/console/library/brand?lang=fr')).toContain('Publiée')
  })

  test('says how well its colours are read, and what is done about those that are not', async () => {
    await owner.post('/console/library/brand', { ...typed, main: '#ffd500' })
    const page = (await textOf('/console/library/brand?lang=fr')).replaceAll('\u00a0', ' ')
    expect(page).toContain('1,4:1, trop pâle')
    expect(page).toMatch(/assombrie en #[0-9a-f]{6} \(4,[5-9]:1\)/)
    expect(page).toContain('Boutons : texte noir')
  })

  test.each([
    ['main', 'rouge', 'six chiffres hexadécimaux'],
    ['accent', '#12', 'six chiffres hexadécimaux'],
    ['address', 'a\nb\nc\nd\ne', 'Quatre lignes au plus'],
    ['address', 'x'.repeat(41), 'Quatre lignes au plus'],
    ['signature', 'a\nb\nc\nd', 'Trois lignes au plus'],
    ['legal', 'x'.repeat(201), '200 caractères au plus'],
    ['email_sender', 'x'.repeat(61), '60 caractères au plus'],
    ['sms_sender', 'Hôrizon', 'Onze caractères au plus'],
    ['sms_sender', 'DouzeLettres', 'Onze caractères au plus'],
    ['sms_sender', '36180', 'Onze caractères au plus'],
    ['logo', 'nobody', 'n’est pas dans la bibliothèque'],
  ])('a wrong %s (%s) is refused beside its field, and what was typed stays', async (name, value, said) => {
    const answer = await owner.post('/console/library/brand?lang=fr', { ...typed, legal: 'RCS Reims', [name]: value })
    expect(answer.status).toBe(422)
    const page = await answer.text()
    expect(page).toContain(said)
    expect(page).toContain(name === 'legal' ? '51000 Châlons' : 'RCS Reims')
    expect(await store.db.$count(brands)).toBe(0)
  })

  test('an address too high for the envelope’s window is found before any letter is set', async () => {
    overflow = true
    const answer = await owner.post('/console/library/brand?lang=fr', typed)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('ne tient pas au-dessus de la fenêtre')
  })

  test('a logo that cannot be printed is none', async () => {
    const { id } = await keepPicture(store.db, demo.networkId, gif(4, 4, 1))
    expect((await owner.post('/console/library/brand', { ...typed, logo: id })).status).toBe(422)
  })

  test('previews are framed by our own pages only, and load the library’s pictures and nothing else', async () => {
    for (const surface of ['email', 'intranet', 'screen']) {
      const answer = await owner.get(`/console/library/brand/preview?surface=${surface}`)
      expect(answer.status, surface).toBe(200)
      const policy = answer.headers.get('content-security-policy')!
      expect(policy).toContain(`img-src data: ${publicUrl}/i/;`)
      expect(policy).toContain("frame-ancestors 'self'")
      expect(policy).toContain("default-src 'none'")
    }
    expect((await owner.get('/console/library/brand/preview?surface=sms')).status).toBe(404)
    expect((await owner.get('/console/library/brand/letter.pdf')).headers.get('content-type')).toBe('application/pdf')
  })
})

describe('partners', () => {
  test('are found by the beginning of their name, shown, and taken away after a last look', async () => {
    const siteId = await aSite(store.db, demo.networkId)
    const path = `/console/library/partners/${siteId}`
    const { id } = await keepPicture(store.db, demo.networkId, png({ width: 40, height: 20 }))
    const saved = await owner.post(path, { name: 'avec Bâti <Pro>', logo: id })
    expect(saved.headers.get('location')).toBe(`${path}?done=saved`)
    expect(await textOf('/console/library/partners')).toContain('avec Bâti &lt;Pro&gt;')
    expect(await textOf(path)).toContain('value="avec Bâti &lt;Pro&gt;"')
    expect(await textOf(`${path}/remove?lang=fr`)).toContain('Ne plus présenter')
    await owner.post(`${path}/remove`)
    expect(await textOf('/console/library/partners?lang=fr')).toContain('Aucun partenaire n’a encore de logo')
    expect((await owner.post(path, { name: '  ' })).status).toBe(422)
    expect((await owner.post(path, { name: 'x', logo: 'nobody' })).status).toBe(422)
  })

  test('of another network do not exist here, nor do its pictures', async () => {
    const acme = await seedSmallNetwork(store.db, { name: 'acme', number: 2, mode: 'live' })
    const theirs = await keepPicture(store.db, acme.networkId, png({ width: 40, height: 20 }))
    const siteId = await aSite(store.db, acme.networkId)
    for (const path of [`/console/library/partners/${siteId}`, `/console/library/${theirs.id}`])
      expect((await owner.get(path)).status, path).toBe(404)
    expect((await owner.post('/console/library/brand', { ...typed, logo: theirs.id })).status).toBe(422)
  })
})
