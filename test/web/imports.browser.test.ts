import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Browsing, openForBrowsing } from './browsing.ts'
import { pageFaults } from './page-faults.ts'

const header = 'Code site;Raison sociale;Code postal;Ville;Prénom;Nom;E-mail;Mobile;Truc'
const rows = (mark: string) => [
  `Z${mark}1;Nord ${mark};69003;Lyon;Jeanne;Dupont${mark};jeanne${mark}@example.com;06 39 98 01 01;A${mark}1`,
  `;Sud ${mark};69003;Lyon;Paul;Martin${mark};paul${mark}@example.com;;A${mark}2`,
]

let open: Awaited<ReturnType<typeof openForBrowsing>> & Browsing
beforeAll(async () => {
  open = await openForBrowsing()
})
afterAll(() => open?.close())

const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).or(page.getByRole('link', { name })).first().click()

describe.each([
  { width: 390, height: 844, javaScriptEnabled: true, mark: 'a' },
  { width: 1280, height: 900, javaScriptEnabled: false, mark: 'b' },
])('at $width px, with script: $javaScriptEnabled', ({ width, height, javaScriptEnabled, mark }) => {
  test('a file is brought in, its columns read otherwise, its rejects mended and brought in too', async () => {
    const context = await open.browser.newContext({
      ...{ viewport: { width, height }, javaScriptEnabled, locale: 'fr-FR', acceptDownloads: true },
    })
    const page = await context.newPage()
    // The tool that looks for faults is a script itself.
    const faults = async () => (javaScriptEnabled ? pageFaults(page) : [])
    await open.signIn(page)
    const path = join(open.store.folder, `reseau-${mark}.csv`)
    writeFileSync(path, [header, ...rows(mark)].join('\r\n'))

    await page.goto(`${open.publicUrl}/console/imports`)
    await press(page, 'Importer un fichier')
    await page.setInputFiles('input[type=file]', path)
    await press(page, 'Déposer et regarder')
    await page.waitForURL(/imports\/[0-9a-f-]{36}/)
    expect(await page.locator('#rows').textContent()).toContain('Ligne refusée')
    expect(await faults()).toEqual([])

    await page.getByLabel('« Truc » est lue comme').selectOption('contact.externalId')
    await page.getByLabel(/^Consentement/).check()
    await press(page, 'Enregistrer et recompter')
    expect(await page.getByLabel('« Truc » est lue comme').inputValue()).toBe('contact.externalId')
    await press(page, 'Importer 1 ligne')
    expect(await faults()).toEqual([])
    await press(page, 'Importer')
    await page.waitForSelector('#figures')
    expect(await page.locator('#rejects').textContent()).toContain('la ligne ne nomme aucun site')
    expect(await faults()).toEqual([])

    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Télécharger les rejets')])
    expect(download.suggestedFilename()).toBe(`reseau-${mark} - rejets.csv`)
    const rejects = readFileSync(await download.path(), 'utf8')
    const mended = join(open.store.folder, `mended-${mark}.csv`)
    writeFileSync(mended, rejects.replace(';;Sud', `;Z${mark}2;Sud`))

    await press(page, 'Importer le fichier corrigé')
    await page.setInputFiles('input[type=file]', mended)
    await press(page, 'Déposer et regarder')
    await press(page, 'Importer 1 ligne')
    await press(page, 'Importer')
    await page.waitForSelector('#figures')
    expect(await page.locator('#figures').textContent()).toMatch(/Lignes lues.:.1 = créées.:.1/)
    await context.close()
  })
})
