import { tmpdir } from 'node:os'
import type { Mailer } from '../../src/accounts/mailer.ts'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import { type Advance, type AppDeps, createApp } from '../../src/app.ts'
import type { Db } from '../../src/db/index.ts'
import type { Random } from '../../src/random.ts'
import { tokenKeys } from '../../src/tracking/tokens.ts'
import type { PlanView } from '../../src/web/console/campaigns/plan-view.ts'
import { pagesContext } from './context.ts'
import { wallNow } from './small-network.ts'

export const publicUrl = 'http://relais.test'
export const secret = 'a-secret-of-the-tests-0123456789abcdef'

/** Different every time and the same in every run. */
export function countingRandom(): Random {
  let count = 0
  return {
    bytes: (length) => {
      count += 1
      return Uint8Array.from({ length }, (_, n) => (n * 31 + count * 101) % 256)
    },
  }
}

export interface Site {
  app: ReturnType<typeof createApp>
  deps: AppDeps
  clock: { at: Date }
  advanced: { networkId: string; to: Advance }[]
  errors: Error[]
  /** A fresh one-time link, as its path. */
  link(email?: string): Promise<string>
  /** A browser of its own: it keeps its cookies, sends them back, and posts forms from our own origin. */
  browser(address?: string): Browser
}

export interface Browser {
  get(path: string, headers?: Record<string, string>): Promise<Response>
  head(path: string): Promise<Response>
  post(path: string, form?: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  signIn(): Promise<void>
  cookies: Map<string, string>
}

/** The web application over a database, with a clock that the test holds. */
export function openSite(
  db: Db,
  plan: PlanView = { steps: [] },
  { dataFolder, mailer, ...more }: Partial<AppDeps> & { dataFolder?: string; mailer?: Mailer } = {},
): Site {
  const clock = { at: wallNow }
  const advanced: Site['advanced'] = []
  const errors: Error[] = []
  const wall = { now: () => clock.at }
  const random = countingRandom()
  const deps: AppDeps = {
    context: pagesContext({ db, wall, random, publicUrl, secret, dataFolder: dataFolder ?? tmpdir(), mailer }),
    db,
    wall,
    secret,
    publicUrl,
    version: '0.1.0',
    channels: [],
    keys: tokenKeys(secret),
    actions: {
      advance: async (networkId, to) => void advanced.push({ networkId, to }),
      nextEventAt: async () => new Date('2027-01-25T08:00:00Z'),
    },
    plan: async () => plan,
    onError: (error) => void errors.push(error),
    ...more,
  }
  const app = createApp(deps)
  const link = async (email?: string) =>
    new URL(await createOwnerSignInLink({ db, wall, random, publicUrl }, email)).pathname

  const browser = (address = '192.0.2.7'): Browser => {
    const cookies = new Map<string, string>()
    const send = async (path: string, init: RequestInit): Promise<Response> => {
      const headers = new Headers(init.headers)
      if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
      const response = await app.request(
        publicUrl + path,
        { ...init, headers },
        { incoming: { socket: { remoteAddress: address } } },
      )
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        const name = pair.slice(0, pair.indexOf('='))
        if (/max-age=0/i.test(cookie)) cookies.delete(name)
        else cookies.set(name, pair.slice(name.length + 1))
      }
      return response
    }
    const here: Browser = {
      cookies,
      get: (path, headers = {}) => send(path, { headers }),
      head: (path) => send(path, { method: 'HEAD' }),
      post: (path, form = {}, headers = {}) =>
        send(path, {
          method: 'POST',
          body: new URLSearchParams(form).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded', origin: publicUrl, ...headers },
        }),
      signIn: async () => {
        const response = await here.post(await link())
        if (response.status !== 303) throw new Error(`Signing in answered ${response.status}.`)
      },
    }
    return here
  }
  return { app, deps, clock, advanced, errors, link, browser }
}
