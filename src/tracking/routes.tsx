import { eq } from 'drizzle-orm'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Child } from 'hono/jsx'
import type { Channel } from '../channel.ts'
import type { WallClock } from '../clock.ts'
import type { Db } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import type { Carriers } from '../deliver/carriers.ts'
import { isErasedForSilence, noteStay } from '../retention/answer-ask.ts'
import { stayTemplate } from '../retention/stay-template.ts'
import { type Language, languages, preferredHours } from '../words.ts'
import { type Behind, behindToken } from './behind.ts'
import { askerOf, clickHit, linkHit, openHit, unsubscribeHit } from './hits.ts'
import { resolveCode } from './links.ts'
import { askerKey } from './network-hash.ts'
import { type Leavable, type Leaving, leavable, pageWords } from './page-words.ts'
import { AskPage, PreferencesPage, type PublicView, SaidPage } from './pages.tsx'
import { type Chooser, type Chosen, leavableBy, preferencesOf, savePreferences } from './preferences.ts'
import { guessLimit } from './rate-limit.ts'
import { recordEvent } from './record.ts'
import { signToken, type TokenKeys } from './tokens.ts'
import { type TopicWish, topicChannels } from './topics.ts'
import { webhookRoutes } from './webhooks.ts'

export interface TrackingDeps {
  db: Db
  wall: WallClock
  keys: TokenKeys
  channels: readonly Channel[]
  carriers?: Pick<Carriers, 'of'>
  publicUrl: string
  /** The asker's address as our own socket saw it, never as a header claims it. */
  clientIp?: (c: Context) => string | undefined
  /** Where the design system's style sheet and icon are served. */
  stylesheet?: string
  icon?: string
  onRefused?: (path: string, reason: string) => void
  onHeard?: (provider: string, count: number) => void
}

/** 43 bytes: the smallest transparent GIF. */
const pixel = Uint8Array.from(atob('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'), (char) =>
  char.charCodeAt(0),
)
const wrongCodesPerMinute = 30
const preferencesMs = 2 * 365.25 * 86_400_000
const formLimit = 16 * 1024

/**
 * Everything people and programs call without being signed in: pixel, links, codes, unsubscribing, preferences,
 * acknowledging, provider webhooks. A GET never changes anything beyond storing that it happened, since mail
 * scanners follow every link; only a POST acts (RFC 8058 for unsubscribing: no cookie, no redirect).
 */
export function trackingRoutes(deps: TrackingDeps): Hono {
  const { db, wall, keys } = deps
  const app = new Hono()
  const guesses = guessLimit({ perMinute: wrongCodesPerMinute })
  const ipOf = (c: Context) => deps.clientIp?.(c)
  const asker = (c: Context) => askerOf(c, ipOf(c), wall.now())
  const viewOf = (c: Context, behind?: Behind): PublicView => ({
    language: languageOf(c, behind?.language),
    network: behind?.network.title,
    stylesheet: deps.stylesheet,
    icon: deps.icon,
  })
  const say = (c: Context, status: 404 | 410 | 413 | 429, which: 'notFound' | 'expired' | 'tooMany' | 'tooLarge') => {
    const view = viewOf(c)
    const { title, text } = pageWords[view.language][which]
    return page(c, <SaidPage view={view} title={title} lines={[text]} />, status)
  }
  const sayGone = (c: Context, view: PublicView) => {
    const { title, gone } = pageWords[view.language].stay
    return page(c, <SaidPage view={view} title={title} lines={[gone]} />, 410)
  }
  const behind = (c: Context, purpose: 'unsubscribe' | 'preferences' | 'acknowledge') =>
    behindToken(db, keys, purpose, c.req.param('token') ?? '', wall.now())

  for (const path of ['/o/*', '/c/*', '/q/*', '/u/*', '/a/*', '/prefs/*'])
    app.use(path, async (c, next) => {
      await next()
      c.header('cache-control', 'no-store')
    })
  const form = bodyLimit({ maxSize: formLimit, onError: (c) => say(c, 413, 'tooLarge') })

  app.get('/o/:file', async (c) => {
    // Whatever happens, a mail program gets its picture.
    await openHit(deps, c.req.param('file').replace(/\.gif$/, ''), asker(c)).catch((error: Error) =>
      deps.onRefused?.('open', error.message),
    )
    return c.body(pixel, 200, { 'content-type': 'image/gif' })
  })

  app.get('/c/:token', async (c) => {
    const link = await clickHit(deps, c.req.param('token'), asker(c))
    return link ? c.redirect(link.url, 302) : say(c, 404, 'notFound')
  })

  app.get('/q/:code', async (c) => {
    const now = wall.now()
    const asking = askerKey(ipOf(c))
    if (guesses.isOver(asking, now)) {
      c.header('retry-after', '60')
      return say(c, 429, 'tooMany')
    }
    const link = await resolveCode(db, c.req.param('code'))
    const [network] = link ? await db.select().from(networks).where(eq(networks.id, link.networkId)) : []
    if (!link || !network) {
      guesses.miss(asking, now)
      return say(c, 404, 'notFound')
    }
    const at = new Date(now.getTime() + network.clockOffsetMs)
    if (link.expiresAt && link.expiresAt <= at) return say(c, 410, 'expired')
    // A form of one's own is known by what is sent from it; that it was opened is nobody's business.
    if (!['r', 'a'].some((own) => link.url.startsWith(`${deps.publicUrl}/${own}/`)))
      await linkHit(db, network, link, link.deliveryId ?? undefined, asker(c))
    return c.redirect(link.url, 302)
  })

  app.get('/u/:token', async (c) => {
    const found = await behind(c, 'unsubscribe')
    if (!found) return say(c, 404, 'notFound')
    await unsubscribeHit(db, found.network, found.delivery, asker(c))
    const view = viewOf(c, found)
    const { title, ask, act } = pageWords[view.language].unsubscribe
    return page(c, <AskPage view={view} title={title} question={ask(leavingOf(found))} act={act} />)
  })

  app.post('/u/:token', form, async (c) => {
    const found = await behind(c, 'unsubscribe')
    if (!found) return say(c, 404, 'notFound')
    const { network, delivery, at } = found
    await db.transaction((tx) =>
      recordEvent(tx, {
        networkId: network.id,
        type: 'unsubscribe',
        deliveryId: delivery.id,
        // Pressed twice is once; said again after agreeing anew, it holds again.
        dedupeKey: `unsubscribe:${delivery.id}:${at.toISOString().slice(0, 16)}`,
        source: 'list_unsubscribe',
        occurredAt: at,
        recordedAt: at,
      }),
    )
    const view = viewOf(c, found)
    const { title, done, doneMore, more } = pageWords[view.language].unsubscribe
    const token = signToken(keys, { purpose: 'preferences', network: network.number, deliveryId: delivery.id })
    return page(
      c,
      <SaidPage
        view={view}
        title={title}
        lines={[done(leavingOf(found)), doneMore]}
        more={[more, `/prefs/${token}`]}
      />,
    )
  })

  app.get('/a/:token', async (c) => {
    const found = await behind(c, 'acknowledge')
    if (!found) return say(c, 404, 'notFound')
    const view = viewOf(c, found)
    const isStaying = found.template === stayTemplate
    if (isStaying && (await isErasedForSilence(db, found.network.id, found.contactIds))) return sayGone(c, view)
    const { title, ask, act } = pageWords[view.language][isStaying ? 'stay' : 'acknowledge']
    return page(c, <AskPage view={view} title={title} question={ask} act={act} />)
  })

  app.post('/a/:token', form, async (c) => {
    const found = await behind(c, 'acknowledge')
    if (!found) return say(c, 404, 'notFound')
    const { network, delivery, at } = found
    const view = viewOf(c, found)
    const isStaying = found.template === stayTemplate
    const isTooLate = await db.transaction(async (tx) => {
      if (isStaying && !(await noteStay(tx, network.id, found.contactIds, at))) return true
      await recordEvent(tx, {
        networkId: network.id,
        type: 'acknowledge',
        deliveryId: delivery.id,
        dedupeKey: `acknowledge:${delivery.id}`,
        source: 'link',
        occurredAt: at,
        recordedAt: at,
      })
      return false
    })
    if (isTooLate) return sayGone(c, view)
    if (isStaying) {
      const { title, done, more } = pageWords[view.language].stay
      const token = signToken(keys, { purpose: 'preferences', network: network.number, deliveryId: delivery.id })
      return page(c, <SaidPage view={view} title={title} lines={[done]} more={[more, `/prefs/${token}`]} />)
    }
    const { title, done } = pageWords[view.language].acknowledge
    return page(c, <SaidPage view={view} title={title} lines={[done]} />)
  })

  const preferences = async (c: Context, found: Behind, isSaved: boolean) => {
    const chooser = chooserOf(found)
    const held = await preferencesOf(db, chooser)
    return page(
      c,
      <PreferencesPage
        view={viewOf(c, found)}
        preferences={held}
        isShared={found.isShared}
        channels={leavableBy(chooser)}
        isSaved={isSaved}
      />,
    )
  }
  const chooser = async (c: Context) => {
    const found = await behind(c, 'preferences')
    if (!found) return { refused: say(c, 404, 'notFound') }
    const isOver = found.at.getTime() - found.delivery.createdAt.getTime() > preferencesMs
    return isOver ? { refused: say(c, 410, 'expired') } : { found }
  }

  app.get('/prefs/:token', async (c) => {
    const { found, refused } = await chooser(c)
    return found ? preferences(c, found, false) : refused
  })

  app.post('/prefs/:token', form, async (c) => {
    const { found, refused } = await chooser(c)
    if (!found) return refused
    const chosen = chosenIn(new URLSearchParams(await c.req.text()))
    const language = languageOf(c, found.language)
    await db.transaction((tx) =>
      savePreferences(tx, { ...chooserOf(found), language, source: 'preferences_page', at: found.at }, chosen),
    )
    return preferences(c, chosen.language && !found.isShared ? { ...found, language: chosen.language } : found, true)
  })

  app.route('/webhooks', webhookRoutes(deps))
  return app
}

const page = async (c: Context, content: Child, status: 200 | 404 | 410 | 413 | 429 = 200) =>
  c.html(`<!doctype html>${await String(await content)}`, status)

const leavingOf = ({ network, topic, delivery }: Behind): Leaving => ({
  network: network.title,
  topic,
  channel: delivery.channel,
})

const known = (text: string | undefined): Language | undefined => languages.find((language) => language === text)

function languageOf(c: Context, own: Language | undefined): Language {
  return known(c.req.query('lang')) ?? own ?? known(c.req.header('accept-language')?.slice(0, 2).toLowerCase()) ?? 'fr'
}

function chosenIn(form: URLSearchParams): Chosen {
  const choice = (name: string) => {
    const value = form.get(name)
    return value === 'granted' || value === 'refused' ? value : undefined
  }
  const leave = form.getAll('leave').filter((name): name is Leavable => leavable.some((channel) => channel === name))
  const kept = new Set(form.getAll('keep'))
  const hours = form.get('hours')
  return {
    ...{ opens: choice('opens'), clicks: choice('clicks'), learning: choice('learning'), leave },
    // A box that is not ticked is not sent: what was shown is told beside it.
    topics: form.getAll('shown').flatMap((pair) => topicIn(pair, kept.has(pair))),
    language: known(form.get('language') ?? undefined),
    hours: hours === 'any' ? null : preferredHours.find((part) => part === hours),
    stopsAll: form.get('stop') === 'all',
  }
}

function topicIn(pair: string, isOpen: boolean): TopicWish[] {
  const channel = topicChannels.find((one) => pair.startsWith(`${one}:`))
  return channel ? [{ channel, topic: pair.slice(channel.length + 1), isOpen }] : []
}

const chooserOf = ({ network, contactIds, isShared, delivery }: Behind): Chooser => ({
  ...{ networkId: network.id, contactIds, isShared, cameBy: delivery.channel },
  ...(isShared ? { onlyAddressId: delivery.addressId } : {}),
})
