import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { invitationMail, signInMail } from '../../src/accounts/account-mails.ts'
import { createMailer } from '../../src/accounts/create-mailer.ts'
import { startSendGrid } from '../providers/sendgrid.ts'
import { startSmtp } from '../providers/smtp.ts'

let dataFolder: string
let logged: string
const now = new Date('2026-11-16T08:12:00Z')
const around = () => ({
  wall: { now: () => now },
  dataFolder,
  log: pino(
    new Writable({
      write: (line, _, done) => {
        logged += line
        done()
      },
    }),
  ),
})
const to = { email: 'marie@example.org', name: 'Marie' }
const link = 'https://relais.example/sign-in/abc'

beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), 'relais-mail-'))
  logged = ''
})
afterEach(() => rmSync(dataFolder, { recursive: true, force: true }))

test('without a provider nothing leaves: the mail is a file for the operator alone, and the log says so', async () => {
  const mailer = createMailer({ mailFrom: 'Relais <relais@example.com>' }, around())
  const outcome = await mailer.send(await signInMail({ to, language: 'fr', link }))
  expect(mailer.leaves).toBe(false)
  const [name] = readdirSync(join(dataFolder, 'mail'))
  const path = join(dataFolder, 'mail', name!)
  expect(outcome).toEqual({ is: 'kept', place: path })
  expect(statSync(path).mode & 0o077).toBe(0)
  expect(statSync(join(dataFolder, 'mail')).mode & 0o077).toBe(0)
  expect(readFileSync(path, 'utf8')).toContain(link)
  expect(logged).toContain('No mail provider is configured')
  expect(JSON.parse(logged)).toMatchObject({ to: to.email, links: [link], place: path })
})

test('mails nobody fetched for a week are removed', async () => {
  const mailer = createMailer({ mailFrom: 'relais@example.com' }, around())
  await mailer.send(await signInMail({ to, language: 'fr', link }))
  const [first] = readdirSync(join(dataFolder, 'mail'))
  const old = new Date(now.getTime() - 8 * 86_400_000)
  utimesSync(join(dataFolder, 'mail', first!), old, old)
  await mailer.send(await signInMail({ to, language: 'fr', link }))
  expect(readdirSync(join(dataFolder, 'mail'))).toHaveLength(1)
  expect(readdirSync(join(dataFolder, 'mail'))).not.toContain(first)
})

test('a folder that cannot be written is told, not thrown', async () => {
  writeFileSync(join(dataFolder, 'mail'), 'a file where the folder would be')
  const mailer = createMailer({ mailFrom: 'relais@example.com' }, around())
  expect((await mailer.send(await signInMail({ to, language: 'fr', link }))).is).toBe('failed')
})

test('a network’s title or a name cannot write into the mail’s markup or headers', async () => {
  const mail = await invitationMail({
    to: { email: to.email, name: '<i>Paul</i>' },
    language: 'en',
    link,
    network: 'Acme\r\nBcc: all@example.org <script>',
    role: 'Viewer',
    invitedBy: 'Olga & co',
    expiresAt: now,
  })
  expect(mail.html).not.toMatch(/<script|<i>/)
  expect(mail.html).toContain('Olga &amp; co')
})

test('by SMTP the mail leaves as text and HTML, marked as automatic', async () => {
  const relay = await startSmtp()
  const mailer = createMailer({ mailFrom: 'Réseau <reseau@example.com>', smtp: { url: relay.url } }, around())
  const mail = await signInMail({ to: { ...to, name: 'Marie\r\nBcc: eve@example.org' }, language: 'fr', link })
  expect(await mailer.send(mail)).toEqual({ is: 'sent' })
  const [sent] = relay.mails
  expect(sent!.to).toEqual([to.email])
  expect(sent!.from).toBe('reseau@example.com')
  expect(sent!.raw).toMatch(/^Auto-Submitted: auto-generated\r?$/m)
  expect(sent!.raw).not.toMatch(/^Bcc:/m)
  expect(sent!.raw).toContain('multipart/alternative')
  await relay.close()
  const after = await mailer.send(mail)
  expect(after.is).toBe('failed')
})

test('by SendGrid it leaves without their tracking, which would open the link', async () => {
  const provider = await startSendGrid()
  const settings = { apiKey: 'SG.fake-sendgrid-key', baseUrl: provider.url }
  const mailer = createMailer({ mailFrom: 'Réseau <reseau@example.com>', sendgrid: settings }, around())
  expect(await mailer.send(await signInMail({ to, language: 'en', link }))).toEqual({ is: 'sent' })
  const [sent] = provider.mails
  expect(sent!.to).toBe(to.email)
  expect(sent!.body.from).toEqual({ email: 'reseau@example.com', name: 'Réseau' })
  expect(sent!.body.content.map(({ type }) => type)).toEqual(['text/plain', 'text/html'])
  expect(sent!.body.tracking_settings!.click_tracking!.enable).toBe(false)
  const wrong = createMailer({ mailFrom: 'r@example.com', sendgrid: { ...settings, apiKey: 'SG.wrong' } }, around())
  const outcome = await wrong.send(await signInMail({ to, language: 'en', link }))
  expect(outcome.is).toBe('failed')
  expect(JSON.stringify(outcome)).not.toContain('SG.wrong')
  await provider.close()
})
