import { createServer } from 'node:net'
import { serve } from '@hono/node-server'
import { createOwnerSignInLink } from '../../src/accounts/owner-link.ts'
import type { Relais } from '../../src/main.ts'
import { createSite } from '../../src/site.ts'

/** A port nobody listens on. An installation is told its address before it is opened. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

/** The whole site of an installation over real HTTP. */
export const serveSite = (relais: Relais, port: number): ReturnType<typeof serve> =>
  serve({ fetch: createSite(relais).fetch, port, hostname: '127.0.0.1' })

export type Fields = Record<string, string | File>

/** Somebody's browser without JavaScript: it keeps cookies and sends a form with every field the page put into it. */
export interface HttpBrowser {
  get(path: string): Promise<Response>
  /** The page as it is read: without tags, one space between words. */
  read(path: string): Promise<string>
  /** Fills in the form of the page at `path` that leads to `action` and, where there are several, holds `holding`. */
  submit(path: string, action: string, fields: Fields, holding?: string): Promise<Response>
  /** Follows a sign-in link and presses its button. */
  signIn(email?: string): Promise<void>
}

export const words = (html: string): string =>
  decoded(html.replace(/<style[\s\S]*?<\/style>|<head[\s\S]*?<\/head>/g, ' ').replace(/<[^>]+>/g, ' '))
    .replace(/[\s\u00a0\u202f]+/g, ' ')
    .trim()

const decoded = (text: string) =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

const attribute = (tag: string, name: string): string | undefined => {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : decoded(value)
}

/** What a form holds before anybody types, as a browser would send it. */
function fieldsOf(form: string): Fields {
  const fields: Fields = {}
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const [name, type] = [attribute(tag, 'name'), attribute(tag, 'type') ?? 'text']
    if (!name || type === 'file' || type === 'submit') continue
    if ((type === 'checkbox' || type === 'radio') && !/\schecked/.test(tag)) continue
    fields[name] = attribute(tag, 'value') ?? (type === 'checkbox' ? 'on' : '')
  }
  for (const [, open = '', body = ''] of form.matchAll(/(<textarea[^>]*>)([\s\S]*?)<\/textarea>/g))
    fields[attribute(open, 'name') ?? ''] = decoded(body)
  for (const [, open = '', body = ''] of form.matchAll(/(<select[^>]*>)([\s\S]*?)<\/select>/g)) {
    const options = [...body.matchAll(/<option[^>]*>/g)].map(([option]) => option)
    const chosen = options.find((option) => /\sselected/.test(option)) ?? options[0]
    if (chosen) fields[attribute(open, 'name') ?? ''] = attribute(chosen, 'value') ?? ''
  }
  delete fields['']
  return fields
}

export function browserAt(origin: string, { context }: Relais): HttpBrowser {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(new URL(path, origin), { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }
  const page = async (path: string) => {
    const response = await send(path)
    if (response.status !== 200) throw new Error(`${path} answered ${response.status}.`)
    return response.text()
  }
  const submit: HttpBrowser['submit'] = async (path, action, fields, holding = '') => {
    const html = await page(path)
    const forms = [...html.matchAll(/<form[^>]*>[\s\S]*?<\/form>/g)].map(([form]) => form)
    const form = forms.find((one) => {
      const leadsTo = attribute(/<form[^>]*>/.exec(one)![0], 'action') ?? path
      return new URL(leadsTo, origin).pathname === action && one.includes(holding)
    })
    if (!form) throw new Error(`On ${path} no form leads to ${action}${holding && ` with ${holding}`}.`)
    const filled = { ...fieldsOf(form), ...fields }
    const isMultipart = attribute(/<form[^>]*>/.exec(form)![0], 'enctype') === 'multipart/form-data'
    const body = isMultipart ? new FormData() : new URLSearchParams()
    for (const [name, value] of Object.entries(filled)) (body as FormData).append(name, value as string)
    const target = attribute(/<form[^>]*>/.exec(form)![0], 'action') ?? path
    return send(target, { method: 'POST', body, headers: { origin, 'sec-fetch-site': 'same-origin' } })
  }
  return {
    get: (path) => send(path),
    read: async (path) => words(await page(path)),
    submit,
    signIn: async (email) => {
      const { db, wall, random } = context
      const { pathname } = new URL(await createOwnerSignInLink({ db, wall, random, publicUrl: origin }, email))
      const answer = await submit(pathname, pathname, {})
      if (answer.status !== 303) throw new Error(`Signing in answered ${answer.status}.`)
    },
  }
}
