import { expect, test } from 'vitest'
import { oidcOf } from '../../src/config/oidc.ts'
import { settingsReader } from '../../src/config/reader.ts'

const whole = {
  OIDC_ISSUER: 'https://login.example.com/realms/main',
  OIDC_CLIENT_ID: 'relais',
  OIDC_CLIENT_SECRET: 'secret',
}
const read = (env: Record<string, string>) => {
  const reader = settingsReader(env)
  return { oidc: oidcOf(reader), problems: reader.problems, warnings: reader.warnings }
}

test('without any setting there is no head office', () => {
  expect(read({})).toEqual({ oidc: undefined, problems: [], warnings: [] })
})

test('the issuer keeps its path, and names the button where nothing else does', () => {
  const { oidc, problems } = read(whole)
  expect(problems).toEqual([])
  expect(oidc).toEqual({
    issuer: whole.OIDC_ISSUER,
    clientId: 'relais',
    clientSecret: 'secret',
    name: 'login.example.com',
  })
  expect(read({ ...whole, OIDC_NAME: 'Maison Vauquelin' }).oidc?.name).toBe('Maison Vauquelin')
})

test.each(['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const)(
  '%s is asked for with the others',
  (name) => {
    const { oidc, problems } = read({ ...whole, [name]: '' })
    expect(oidc).toBeUndefined()
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(`${name} is missing`)
  },
)

test.each(['login.example.com', 'https://login.example.com/?tenant=1', 'ftp://login.example.com'])(
  '%s is no issuer',
  (issuer) => {
    expect(read({ ...whole, OIDC_ISSUER: issuer }).problems[0]).toContain('OIDC_ISSUER')
  },
)

test('plain http is refused, except on this machine', () => {
  expect(read({ ...whole, OIDC_ISSUER: 'http://login.example.com' }).problems[0]).toContain('https')
  expect(read({ ...whole, OIDC_ISSUER: 'http://127.0.0.1:8080' }).problems).toEqual([])
})

test('a name alone is said to do nothing', () => {
  expect(read({ OIDC_NAME: 'Siège' }).warnings[0]).toContain('OIDC_NAME')
})
