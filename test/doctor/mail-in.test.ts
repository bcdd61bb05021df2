import { expect, test } from 'vitest'
import type { Config } from '../../src/config.ts'
import { examineMailIn } from '../../src/doctor/mail-in.ts'
import type { Relais } from '../../src/main.ts'

const look = (config: Partial<Config>) =>
  examineMailIn({ config: { publicUrl: 'https://relais.example.com', ...config } } as Relais)
const sendgrid = { apiKey: 'SG.key' }
const domain = 'reponses.example.com'

test.each<[string, Partial<Config>, string[], string]>([
  ['nothing that sends', {}, ['unset'], 'not seen'],
  ['e-mail that leaves without a domain', { sendgrid }, ['warn'], 'not seen'],
  ['a domain that SendGrid could not call for', { sendgrid, mailIn: { domain } }, ['ok', 'bad'], '503'],
  ['a domain and a key', { sendgrid, mailIn: { domain, publicKey: 'key' } }, ['ok'], domain],
  ['a relay and a domain', { smtp: { url: 'smtp://x' }, mailIn: { domain } }, ['ok', 'ok'], 'relais mail-in'],
  ['a key and no domain', { sendgrid, mailIn: { publicKey: 'key' } }, ['warn'], 'no bounce is believed'],
])('%s', async (_, config, health, says) => {
  const findings = await look(config)
  expect(findings.map((finding) => finding.health)).toEqual(health)
  expect(findings.map((finding) => finding.says).join(' ')).toContain(says)
})
