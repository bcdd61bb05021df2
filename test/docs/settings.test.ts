import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { notYetUsed } from '../../src/config/names.ts'
import { readConfig } from '../../src/config.ts'
import { packageRoot } from '../../src/root.ts'

const folder = mkdtempSync(join(tmpdir(), 'relais-settings-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const example = readFileSync(join(packageRoot, '.env.example'), 'utf8')
const settings = [...example.matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => ({
  name: name!,
  value: value!.replace(/^"(.*)"$/, '$1'),
}))

/** Values that make every branch of the configuration be read. */
const complete: Record<string, string> = {
  RELAIS_DATA: folder,
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_FROM: '36180',
  SENDGRID_API_KEY: 'SG.key',
  MAIL_FROM: 'relais@example.com',
}

/** Every setting the configuration asks the environment for and uses. NODE_ENV and TZ are everybody's. */
function variablesRead(): string[] {
  const asked = new Set<string>()
  const env = new Proxy(complete, {
    get: (given, name: string) => {
      asked.add(name)
      return given[name]
    },
  })
  readConfig(env)
  const others = new Set(['NODE_ENV', 'TZ', ...Object.keys(notYetUsed)])
  return [...asked].filter((name) => !name.endsWith('_FILE') && !others.has(name))
}

describe('.env.example', () => {
  it('lists exactly the variables that are read', () => {
    expect(settings.map(({ name }) => name).toSorted()).toEqual(variablesRead().toSorted())
  })

  it('gives examples that are accepted as they stand, once the secrets are filled in', () => {
    const env = Object.fromEntries(settings.map(({ name, value }) => [name, value]))
    const config = readConfig({
      ...env,
      RELAIS_DATA: folder,
      RELAIS_SECRET: 'x'.repeat(32),
      TWILIO_AUTH_TOKEN: 'token',
      TWILIO_API_SECRET: 'secret',
      SENDGRID_API_KEY: 'SG.key',
      SENDGRID_WEBHOOK_PUBLIC_KEY: 'key',
      OIDC_CLIENT_SECRET: 'secret',
    })
    expect(config.warnings).toEqual(['Both SENDGRID_API_KEY and SMTP_URL are set; SendGrid is used.'])
    expect(config).toMatchObject({ port: 3000, publicUrl: 'https://relais.example.com', logLevel: 'info' })
  })
})
