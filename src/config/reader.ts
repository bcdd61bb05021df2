import { readFileSync } from 'node:fs'
import { closest } from '../segment/issues.ts'
import { notYetUsed, type SettingName, settingNames } from './names.ts'

/** Reads settings one by one and gathers what is wrong with them. */
export interface Reader {
  readonly problems: string[]
  readonly warnings: string[]
  readonly isProduction: boolean
  /** The value without blanks and quotes around it; undefined when it is not set or empty. */
  text(name: SettingName): string | undefined
  /** As `text`; what does not match is a problem, said as "NAME" and the cure. */
  matching(name: SettingName, pattern: RegExp, cure: string): string | undefined
  /** A base address: scheme and host, no trailing slash. */
  origin(name: SettingName, kind: 'public' | 'provider'): string | undefined
}

export const isLoopback = (hostname: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)

export function settingsReader(env: NodeJS.ProcessEnv): Reader {
  const problems: string[] = []
  const warnings: string[] = []
  const isProduction = env.NODE_ENV === 'production'
  const known = new Map<SettingName, string | undefined>()
  const origins = new Map<SettingName, string | undefined>()

  const fromFile = (name: SettingName): string | undefined => {
    const path = env[`${name}_FILE`]
    if (!path) return undefined
    try {
      // Every editor ends a file with a line break: that is no oddity.
      return readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    } catch {
      problems.push(`${name}_FILE names ${path}, which cannot be read. Check the path and its permissions.`)
      return undefined
    }
  }

  const read = (name: SettingName): string | undefined => {
    const given = env[name]
    const isSet = given !== undefined && given.trim() !== ''
    if (isSet && env[`${name}_FILE`]) warnings.push(`${name} and ${name}_FILE are both set; ${name} is used.`)
    const raw = isSet ? given : fromFile(name)
    if (raw === undefined) return undefined
    const cleaned = raw
      .trim()
      .replace(/^(["'])(.*)\1$/s, '$2')
      .trim()
    if (cleaned !== raw) warnings.push(`${name} had quotes or blanks around it; they were left out.`)
    return cleaned === '' ? undefined : cleaned
  }

  const text = (name: SettingName): string | undefined => {
    if (!known.has(name)) known.set(name, read(name))
    return known.get(name)
  }

  const origin = (name: SettingName, kind: 'public' | 'provider'): string | undefined => {
    const value = text(name)
    if (value === undefined) return undefined
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (!url || !/^https?:$/.test(url.protocol)) {
      problems.push(`${name} is "${value}", which is not an address. Write it like https://relais.example.com`)
      return undefined
    }
    if (url.pathname !== '/' || url.search || url.hash || url.username || url.password)
      problems.push(
        `${name} must be only scheme and host, such as ${url.origin}, without path, query or password; it is "${value.replace(/\/\/[^/@]*@/, '//…@')}".`,
      )
    const isPlain = url.protocol === 'http:' && !isLoopback(url.hostname)
    if (kind === 'provider' && isPlain)
      problems.push(`${name} may lead to https or to this machine only; "${value}" would send credentials in clear.`)
    if (kind === 'provider' && isProduction && isLoopback(url.hostname))
      problems.push(`${name} leads to this machine, as tests do; remove it in production, or nothing is delivered.`)
    if (kind === 'public' && isPlain)
      (isProduction ? problems : warnings).push(
        `${name} is plain http: what is said, and the links that sign people in, can be read on the way. Use https.`,
      )
    return url.origin
  }

  return {
    problems,
    warnings,
    isProduction,
    text,
    matching: (name, pattern, cure) => {
      const value = text(name)
      if (value !== undefined && !pattern.test(value)) problems.push(`${name} ${cure}`)
      return value
    },
    origin: (name, kind) => {
      // What is wrong is said once, however often it is read.
      if (!origins.has(name)) origins.set(name, origin(name, kind))
      return origins.get(name)
    },
  }
}

/** Variables that look like settings and are none, and settings that nothing reads yet. */
export function oddSettings(env: NodeJS.ProcessEnv): string[] {
  const odd: string[] = []
  for (const key of Object.keys(env)) {
    const name = key.replace(/_FILE$/, '')
    if ((settingNames as readonly string[]).includes(name)) continue
    if (!/^(RELAIS|REDIS|TWILIO|SENDGRID|SMTP|MAIL|OIDC|INBOUND)_/.test(key)) continue
    const meant = closest(name, settingNames)
    odd.push(`${key} is not a setting of Relais${meant ? `; did you mean ${meant}?` : ': it is left aside.'}`)
  }
  for (const [name, effect] of Object.entries(notYetUsed))
    if (env[name]?.trim()) odd.push(`${name} is set, but this version does not use it yet: ${effect}.`)
  return odd
}
