import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { settingNames } from '../src/config/names.ts'
import { atPort, ConfigProblems, readConfig } from '../src/config.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const random = { bytes: (length: number) => new Uint8Array(length).fill(7) }
const read = (env: NodeJS.ProcessEnv) => readConfig({ RELAIS_DATA: folder, ...env }, random)
const problemsOf = (env: NodeJS.ProcessEnv): string[] => {
  try {
    read(env)
  } catch (error) {
    if (error instanceof ConfigProblems) return error.problems
    throw error
  }
  return []
}
const warningsOf = (env: NodeJS.ProcessEnv) => read(env).warnings
const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const twilio = {
  TWILIO_ACCOUNT_SID: `AC${'a'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'token',
  TWILIO_FROM: '36180',
  PUBLIC_URL: 'https://relais.example.com',
}
const sendgrid = {
  SENDGRID_API_KEY: 'SG.key',
  SENDGRID_WEBHOOK_PUBLIC_KEY: 'key',
  MAIL_FROM: 'Relais <bonjour@example.com>',
  PUBLIC_URL: 'https://relais.example.com',
}

describe('without any setting', () => {
  test('it runs on localhost:3000, on SQLite, without providers and without a word', () => {
    expect(read({})).toMatchObject({
      port: 3000,
      publicUrl: 'http://localhost:3000',
      shortUrl: 'http://localhost:3000',
      dataFolder: folder,
      databaseUrl: undefined,
      twilio: undefined,
      sendgrid: undefined,
      smtp: undefined,
      warnings: [],
    })
  })

  test('a secret is made once, kept for its owner only, and read again', () => {
    const { secret } = read({})
    expect(secret).toBe('07'.repeat(32))
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600)
    expect(readConfig({ RELAIS_DATA: folder }).secret).toBe(secret)
  })

  test('a kept secret that was cut short stops the start', () => {
    writeFileSync(join(folder, 'secret'), 'short\n')
    expect(problemsOf({})).toEqual([expect.stringMatching(/secret holds fewer than 32 characters\. Restore it/)])
  })
})

test('proxies are addresses and ranges, with commas between', () => {
  expect(read({}).trustedProxies).toBeUndefined()
  expect(read({ TRUSTED_PROXIES: '192.0.2.1, 10.0.0.0/8,fd00::/8' }).trustedProxies).toEqual([
    { address: '192.0.2.1', prefix: 32, family: 'ipv4' },
    { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
    { address: 'fd00::', prefix: 8, family: 'ipv6' },
  ])
})

describe('what is wrong is listed at once', () => {
  test('every problem of every setting is in one error', () => {
    const problems = problemsOf({
      PORT: '80a',
      PUBLIC_URL: 'https://relais.example.com/app/',
      DATABASE_URL: 'mysql://x',
      RELAIS_SECRET: 'short',
      TWILIO_ACCOUNT_SID: `SK${'a'.repeat(32)}`,
      SENDGRID_API_KEY: 'abc',
      SMTP_URL: 'mail.example.com',
      LOG_LEVEL: 'loud',
    })
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'PORT',
      'PUBLIC_URL',
      'DATABASE_URL',
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'Set',
      'SENDGRID_API_KEY',
      'SMTP_URL',
      'LOG_LEVEL',
      'MAIL_FROM',
      'RELAIS_SECRET',
    ])
  })

  test('the error says all of it in lines, without showing a secret', () => {
    const given = { RELAIS_SECRET: 'hush-hush', TWILIO_AUTH_TOKEN: 'do-not-tell' }
    expect(() => read(given)).toThrow(/^The settings need mending before Relais can start:\n {2}- /)
    expect(problemsOf(given).join()).not.toMatch(/hush-hush|do-not-tell/)
  })

  test.each([
    ['PORT', '80a', /PORT is "80a"; it must be a whole number from 0 to 65535/],
    ['PORT', '65536', /PORT is "65536"/],
    ['PORT', '-1', /PORT is "-1"/],
    ['PORT', '0x50', /PORT is "0x50"/],
    ['PUBLIC_URL', 'relais.example.com', /PUBLIC_URL is "relais.example.com", which is not an address/],
    ['PUBLIC_URL', 'ftp://relais.example.com', /which is not an address/],
    ['PUBLIC_URL', 'https://relais.example.com/app', /only scheme and host, such as https:\/\/relais.example.com,/],
    ['PUBLIC_URL', 'https://relais.example.com?x=1', /only scheme and host/],
    ['SHORT_URL', 'https://r.example.com/x', /SHORT_URL must be only scheme and host/],
    ['RELAIS_SECRET', 'a'.repeat(31), /RELAIS_SECRET is shorter than 32 characters. Make one with: openssl/],
    ['DATABASE_URL', 'sqlite://x', /DATABASE_URL must begin with postgres:\/\//],
    ['TRUSTED_PROXIES', '10.0.0.0/8, proxy', /lists "proxy", which is neither an address nor a range such as/],
    ['TRUSTED_PROXIES', '10.0.0.0/33', /lists "10.0.0.0\/33", which is neither/],
    ['TRUSTED_PROXIES', '::/0', /lists ::\/0, which is every address: anyone could then claim to be anyone/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL is "loud"; use one of fatal, error/],
    ['SENDGRID_API_KEY', 'abc', /SENDGRID_API_KEY must begin with SG\./],
    ['SMTP_URL', 'smtp.example.com:25', /SMTP_URL must be like smtps:\/\//],
    ['TWILIO_BASE_URL', 'http://api.example.com', /https or to this machine only; .* would send credentials in clear/],
    ['SENDGRID_BASE_URL', 'http://10.0.0.1', /SENDGRID_BASE_URL may lead to https or to this machine only/],
    ['MAIL_FROM', 'bonjour', /MAIL_FROM must be a mailbox/],
  ])('%s=%s is refused, with its cure', (name, value, said) => {
    expect(problemsOf({ [name]: value })).toContainEqual(expect.stringMatching(said))
  })

  test('a password in PUBLIC_URL is refused and not repeated', () => {
    const [problem] = problemsOf({ PUBLIC_URL: 'https://ops:hunter2@relais.example.com' })
    expect(problem).toMatch(/without path, query or password/)
    expect(problem).not.toContain('hunter2')
  })
})

describe('Twilio', () => {
  test('an account, a token and a sender are enough', () => {
    expect(read(twilio).twilio).toMatchObject({ accountSid: twilio.TWILIO_ACCOUNT_SID, from: '36180' })
    expect(warningsOf(twilio)).toEqual([])
  })

  test.each([
    [{ TWILIO_ACCOUNT_SID: `SK${'a'.repeat(32)}` }, /an SK… is an API key and belongs in TWILIO_API_KEY/],
    [{ TWILIO_ACCOUNT_SID: undefined }, /TWILIO_ACCOUNT_SID is missing/],
    [
      { TWILIO_AUTH_TOKEN: undefined },
      /TWILIO_AUTH_TOKEN is missing: without it Twilio’s calls to us cannot be verified/,
    ],
    [{ TWILIO_FROM: undefined }, /Set TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID/],
    [{ TWILIO_FROM: 'A name far too long' }, /TWILIO_FROM must be a number/],
    [{ TWILIO_API_KEY: `SK${'b'.repeat(32)}` }, /TWILIO_API_SECRET is missing/],
    [{ TWILIO_API_SECRET: 'secret' }, /TWILIO_API_KEY is missing/],
    [{ TWILIO_API_KEY: `AC${'b'.repeat(32)}`, TWILIO_API_SECRET: 's' }, /the AC… of the account belongs in/],
    [{ TWILIO_MESSAGING_SERVICE_SID: 'MGx' }, /must be MG and 32 hexadecimal digits/],
  ])('%o is refused', (change, said) => {
    expect(problemsOf({ ...twilio, ...change })).toContainEqual(expect.stringMatching(said))
  })

  test.each(['+33639980000', '36180', 'RELAIS', 'Point P 2'])('a sender may be %s', (from) => {
    expect(read({ ...twilio, TWILIO_FROM: from }).twilio?.from).toBe(from)
  })
})

describe('SendGrid and SMTP', () => {
  test('e-mail needs a sender’s mailbox', () => {
    expect(problemsOf({ ...sendgrid, MAIL_FROM: undefined })).toEqual([expect.stringMatching(/^MAIL_FROM is missing/)])
    expect(problemsOf({ SMTP_URL: 'smtp://relay.example.com:25' })).toEqual([expect.stringMatching(/^MAIL_FROM/)])
  })

  test('without its public key the webhook answers 503, and that is said', () => {
    expect(warningsOf({ ...sendgrid, SENDGRID_WEBHOOK_PUBLIC_KEY: undefined })).toEqual([
      expect.stringMatching(/SendGrid’s events are answered 503/),
    ])
  })

  test('with both, SendGrid is used, and that is said', () => {
    expect(warningsOf({ ...sendgrid, SMTP_URL: 'smtp://relay.example.com' })).toEqual([
      expect.stringMatching(/SendGrid is used/),
    ])
  })

  test('the European region of SendGrid is a base address like another, also in production', () => {
    const eu = { ...sendgrid, SENDGRID_BASE_URL: 'https://api.eu.sendgrid.com', NODE_ENV: 'production' }
    expect(read(eu).sendgrid?.baseUrl).toBe('https://api.eu.sendgrid.com')
  })

  test('a stand-in on this machine is refused in production, where nothing would be delivered', () => {
    const env = { ...twilio, TWILIO_BASE_URL: 'http://127.0.0.1:4010' }
    expect(read(env).twilio?.baseUrl).toBe('http://127.0.0.1:4010')
    expect(problemsOf({ ...env, NODE_ENV: 'production' })).toEqual([
      expect.stringMatching(/TWILIO_BASE_URL leads to this machine, as tests do; remove it in production/),
    ])
  })
})

describe('what is odd is said and does not stop the start', () => {
  test('quotes and blanks around a value are left out', () => {
    const config = read({ ...twilio, TWILIO_AUTH_TOKEN: '"token"\n', PORT: " '8080' " })
    expect(config).toMatchObject({ port: 8080, twilio: { authToken: 'token' } })
    expect(config.warnings).toEqual([
      'PORT had quotes or blanks around it; they were left out.',
      'TWILIO_AUTH_TOKEN had quotes or blanks around it; they were left out.',
    ])
  })

  test('a secret comes from the file its NAME_FILE names, whose last line break is no oddity', () => {
    const config = read({
      ...twilio,
      TWILIO_AUTH_TOKEN: undefined,
      TWILIO_AUTH_TOKEN_FILE: file('token', 'from-a-file\n'),
      TWILIO_AUTH_TOKEN_OLD_FILE: file('old-token', 'the-one-before\n'),
      RELAIS_SECRET: '',
      RELAIS_SECRET_FILE: file('relais-secret', `${'s'.repeat(40)}\n`),
    })
    expect(config).toMatchObject({
      secret: 's'.repeat(40),
      twilio: { authToken: 'from-a-file', oldAuthToken: 'the-one-before' },
      warnings: [],
    })
  })

  test('DATABASE_URL may come from a file too', () => {
    expect(read({ DATABASE_URL_FILE: file('url', 'postgres://u:p@db/relais\n') }).databaseUrl).toBe(
      'postgres://u:p@db/relais',
    )
  })

  test('a NAME_FILE that cannot be read stops the start', () => {
    expect(problemsOf({ RELAIS_SECRET_FILE: '/nowhere/secret' })).toEqual([
      'RELAIS_SECRET_FILE names /nowhere/secret, which cannot be read. Check the path and its permissions.',
    ])
  })

  test('with both NAME and NAME_FILE, NAME is used, and that is said', () => {
    const config = read({ RELAIS_SECRET: 'x'.repeat(40), RELAIS_SECRET_FILE: file('s', 'y'.repeat(40)) })
    expect(config.secret).toBe('x'.repeat(40))
    expect(config.warnings).toEqual(['RELAIS_SECRET and RELAIS_SECRET_FILE are both set; RELAIS_SECRET is used.'])
  })

  test('an unknown RELAIS_… is probably misspelt', () => {
    expect(warningsOf({ RELAIS_DTA: '/srv', RELAIS_COLOUR: 'blue', TWILIO_FRM: '1' })).toEqual([
      'RELAIS_DTA is not a setting of Relais; did you mean RELAIS_DATA?',
      'RELAIS_COLOUR is not a setting of Relais: it is left aside.',
      'TWILIO_FRM is not a setting of Relais; did you mean TWILIO_FROM?',
    ])
  })

  test('REDIS_URL needs PostgreSQL beside it, and an address of Redis', () => {
    const DATABASE_URL = 'postgres://db/relais'
    expect(read({ DATABASE_URL, REDIS_URL: 'redis://cache:6379' }).redis).toEqual({
      url: 'redis://cache:6379',
      acceptsEviction: false,
    })
    expect(read({ DATABASE_URL, REDIS_URL: 'rediss://u:p@cache', REDIS_ANY_EVICTION: 'yes' }).redis).toEqual({
      url: 'rediss://u:p@cache',
      acceptsEviction: true,
    })
    expect(read({ DATABASE_URL, REDIS_URL_FILE: file('redis', 'redis://cache\n') }).redis?.url).toBe('redis://cache')
    expect(problemsOf({ REDIS_URL: 'redis://cache:6379' })).toEqual([
      expect.stringMatching(/^REDIS_URL is set without DATABASE_URL: .* Set DATABASE_URL/),
    ])
    expect(problemsOf({ DATABASE_URL, REDIS_URL: 'cache:6379' })).toEqual([
      expect.stringMatching(/^REDIS_URL must begin with redis:\/\//),
    ])
  })

  test.each(['EDGE_URL', 'EDGE_DRAIN_KEY'])('%s is not used yet, and that is said', (name) => {
    expect(settingNames).toContain(name)
    expect(warningsOf({ [name]: 'redis://localhost' })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is set, but this version does not use it yet: `)),
    ])
  })

  test('a plain PUBLIC_URL is said, and refused in production', () => {
    const env = { PUBLIC_URL: 'http://relais.example.com/' }
    expect(read(env).publicUrl).toBe('http://relais.example.com')
    expect(warningsOf(env)).toEqual([expect.stringMatching(/PUBLIC_URL is plain http: .* Use https/)])
    expect(problemsOf({ ...env, NODE_ENV: 'production' })).toEqual([expect.stringMatching(/plain http/)])
  })

  test('providers without PUBLIC_URL cannot call back, and that is said', () => {
    expect(warningsOf({ ...twilio, PUBLIC_URL: undefined })).toEqual([
      expect.stringMatching(/PUBLIC_URL is not set: providers cannot call back/),
    ])
  })

  test('an unknown TZ is said; nothing depends on it', () => {
    expect(warningsOf({ TZ: 'Europe/Pariss' })).toEqual([expect.stringMatching(/TZ is "Europe\/Pariss"/)])
    expect(warningsOf({ TZ: ':Europe/Paris' })).toEqual([])
  })
})

describe('the data folder', () => {
  test('is made when it is not there', () => {
    const made = join(folder, 'deep', 'down')
    expect(read({ RELAIS_DATA: made }).dataFolder).toBe(made)
    expect(readFileSync(join(made, 'secret'), 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
  })

  test('a file in its place stops the start', () => {
    expect(problemsOf({ RELAIS_DATA: file('taken', '') })).toEqual([
      expect.stringMatching(/^RELAIS_DATA is .*taken, which cannot be written \(EEXIST\)\. Choose a folder you own\.$/),
    ])
  })

  test('one that nobody may write to stops the start', () => {
    expect(problemsOf({ RELAIS_DATA: '/proc/relais' })).toEqual([
      expect.stringMatching(/^RELAIS_DATA is \/proc\/relais, which cannot be written \([A-Z]+\)/),
    ])
  })
})

test('with PORT=0 the port that was taken is part of every address that nobody set', () => {
  expect(atPort(read({ PORT: '0' }), 4711)).toMatchObject({
    port: 4711,
    publicUrl: 'http://localhost:4711',
    shortUrl: 'http://localhost:4711',
  })
  const given = read({ PORT: '0', PUBLIC_URL: 'https://relais.example.com' })
  expect(atPort(given, 4711)).toMatchObject({ publicUrl: 'https://relais.example.com' })
  expect(atPort(read({ PORT: '0', SHORT_URL: 'https://r.example.com' }), 4711)).toMatchObject({
    publicUrl: 'http://localhost:4711',
    shortUrl: 'https://r.example.com',
  })
})

describe('the pace of the installation’s accounts', () => {
  test('is what the settings say, a relay’s too', () => {
    expect(read({ SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'a@example.com', SMTP_RATE: '2.5' }).accountRates).toEqual({
      smtp: 2.5,
    })
  })

  test.each(['0', 'ten', '-1', '1e9'])('cannot be %s', (rate) => {
    expect(problemsOf({ TWILIO_RATE: rate }).join()).toMatch(/TWILIO_RATE is ".*"; it is messages a second, from 0.01/)
  })
})
