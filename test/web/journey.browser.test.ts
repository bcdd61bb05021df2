import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchChromium } from '../../scripts/chromium.ts'
import { startRelais } from '../cli/process.ts'
import { pageFaults } from './page-faults.ts'

const header =
  'Code site;Raison sociale;Typologie;Adresse 1;Code postal;Ville;Pays;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Langue;Accord e-mail;Accord SMS'
const partners = [
  header,
  'S1;Poteau Couverture;Artisan;12 rue des Tuiles;01000;Bourg-en-Bresse;France;P1;Marcel;Poteau;Couvreur;Terrain;;06 39 98 00 01;fr;;oui',
  'S2;Bâti Pro;Distributeur;4 avenue de Lyon;69003;Lyon;France;P2;Odile;Martin;Vendeuse;Comptoir;odile.martin@batipro.example.com;;fr;oui;',
  ';Sans Code;Revendeur;1 rue Basse;42000;Saint-Étienne;France;P3;Luc;Petit;Commercial;Itinérant;luc.petit@sans-code.example.com;;fr;oui;',
].join('\r\n')

/** What the page says, in both languages: the journey is the same. */
const said = {
  fr: {
    locale: 'fr-FR',
    delete: 'Le supprimer',
    importFile: 'Importer un fichier',
    count: 'Enregistrer et recompter',
    start: /^Importer \d+ lignes?$/,
    mend: 'Importer le fichier corrigé',
    contacts: 'Voir les contacts',
    dryRun: 'Simuler',
    launch: /^Lancer…/,
    finished: 'Terminée',
    outbox: 'Voir les envois',
  },
  en: {
    locale: 'en-GB',
    delete: 'Delete it',
    importFile: 'Import a file',
    count: 'Save and count again',
    start: /^Import \d+ rows?$/,
    mend: 'Import the mended file',
    contacts: 'See the contacts',
    dryRun: 'Dry run',
    launch: /^Launch…/,
    finished: 'Finished',
    outbox: 'See the deliveries',
  },
} as const

let browser: Browser
let folder: string
beforeAll(async () => {
  browser = await launchChromium()
  folder = mkdtempSync(join(tmpdir(), 'relais-journey-'))
})
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A page that renews itself, until it says what is awaited. */
async function until(page: Page, awaited: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await awaited())) {
    if (Date.now() > deadline)
      throw new Error(`It never came: ${(await page.locator('main').innerText()).slice(0, 800)}`)
    await page.waitForTimeout(300)
    await page.reload()
  }
}

test.each([
  ['fr', 1280],
  ['en', 390],
] as const)(
  'from the first start to the funnel of a finished challenge, in %s at %i px',
  async (language, width) => {
    const words = said[language]
    const server = startRelais(['serve', '--json'], {
      cwd: folder,
      env: { RELAIS_DATA: join(folder, language), PORT: '0', LOG_LEVEL: 'warn' },
    })
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      locale: words.locale,
      acceptDownloads: true,
      reducedMotion: 'reduce',
      // Our own policy forbids foreign script, axe's too; what it forbids is tested elsewhere.
      bypassCSP: true,
    })
    try {
      const [line] = await server.says(/^\{.*\}$/m)
      const { url, signInLink } = JSON.parse(line!) as { url: string; signInLink: string }
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      const broken: string[] = []
      page.on('pageerror', (error) => broken.push(error.message))
      const link = (name: string | RegExp) => page.locator('main').getByRole('link', { name }).first()
      const confirm = () => page.locator('main form button[type=submit]').first().click()
      const button = (name: string | RegExp) => page.locator('main').getByRole('button', { name }).first()

      await page.goto(`${signInLink}?lang=${language}`)
      expect(await pageFaults(page), 'the link').toEqual([])
      await page.locator('main button[type=submit]').first().click()
      expect(await pageFaults(page), 'home').toEqual([])

      await link(words.delete).click()
      expect(await pageFaults(page), 'deleting the example').toEqual([])
      await page.locator('main form button[type=submit]').first().click()
      await until(page, () => link(words.importFile).isVisible())
      expect(await pageFaults(page), 'an empty network').toEqual([])

      const file = join(folder, `partners-${language}.csv`)
      writeFileSync(file, partners)
      await link(words.importFile).click()
      await page.setInputFiles('input[type=file]', file)
      await page.locator('main form button[type=submit]').first().click()
      await until(page, () => page.locator('input[value=consent]').isVisible())
      expect(await pageFaults(page), 'the preview').toEqual([])
      await page.check('input[value=consent]')
      await button(words.count).click()
      await until(page, () => link(words.start).isVisible())
      await link(words.start).click()
      expect(await pageFaults(page), 'the confirmation of the import').toEqual([])
      await confirm()
      await until(page, () => link(words.mend).isVisible())
      expect(await pageFaults(page), 'what was imported').toEqual([])

      const download = page.waitForEvent('download')
      await page.locator('form[action$="/rejects"] button').click()
      const rejects = readFileSync(await (await download).path(), 'utf8')
      expect(rejects).toContain('Luc')
      expect(rejects).not.toContain('Odile')
      const mended = join(folder, `mended-${language}.csv`)
      writeFileSync(mended, rejects.replace(';;Sans Code', ';S3;Sans Code'))
      await link(words.mend).click()
      await page.setInputFiles('input[type=file]', mended)
      await page.locator('main form button[type=submit]').first().click()
      await until(page, () => page.locator('input[value=consent]').isVisible())
      await page.check('input[value=consent]')
      await button(words.count).click()
      await until(page, () => link(words.start).isVisible())
      await link(words.start).click()
      await confirm()
      await until(page, () => link(words.contacts).isVisible())
      await link(words.contacts).click()
      for (const name of ['Marcel', 'Odile', 'Luc']) expect(await page.locator('main').innerText()).toContain(name)
      expect(await pageFaults(page), 'the contacts').toEqual([])

      await page.goto(`${url}/console/campaigns/new`)
      expect(await pageFaults(page), 'the presets').toEqual([])
      await page.locator('main a[href*="preset=challenge"]').click()
      expect(await pageFaults(page), 'two questions').toEqual([])
      await page.locator('main form button[type=submit]').last().click()
      expect(await pageFaults(page), 'the draft').toEqual([])

      await link(words.dryRun).click()
      await until(page, () => link(words.launch).isVisible())
      expect(await pageFaults(page), 'the dry run').toEqual([])
      await link(words.launch).click()
      await until(page, () => page.locator('main form button[type=submit]').first().isVisible())
      expect(await pageFaults(page), 'the confirmation of the launch').toEqual([])
      await confirm()
      expect(await pageFaults(page), 'the campaign').toEqual([])
      const campaign = new URL(page.url()).pathname

      const more = page.locator('#clock .clock-more-button')
      if (await more.isVisible()) await more.click()
      await page.locator('#clock button[value=end]').filter({ visible: true }).click()
      await until(page, () => page.locator('main').getByText(words.finished, { exact: true }).first().isVisible())
      await page.goto(url + campaign)
      expect(await pageFaults(page), 'the funnel').toEqual([])
      expect(await page.locator('main table').count()).toBeGreaterThan(0)

      await link(words.outbox).click()
      expect(await pageFaults(page), 'the outbox').toEqual([])
      await page.locator('main table a').first().click()
      expect(await pageFaults(page), 'one delivery').toEqual([])
      expect(broken).toEqual([])
    } finally {
      await context.close()
      server.child.kill('SIGTERM')
      await server.done
    }
  },
  150_000,
)
