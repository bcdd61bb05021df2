import { and, asc, eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { Scope } from '../../../accounts/policy.ts'
import { sitesWithin } from '../../../accounts/scope.ts'
import { businessNow } from '../../../clock.ts'
import { segments, sites } from '../../../db/schema.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import {
  addContact,
  type ContactEntry,
  contactEntry,
  editContact,
  setContactActive,
} from '../../../network/edit-contact.ts'
import { EditProblems } from '../../../network/edit-problem.ts'
import { areasOf, contactStates, listContacts } from '../../../network/list/contacts.ts'
import { certificateOf } from '../../../person/erase.ts'
import { channelNames, profiles } from '../../../words.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { inNetwork } from '../../layout.tsx'
import { sendPage } from '../../view.ts'
import { contactOf, networkOf } from '../locate.ts'
import { ContactPage } from './contact.tsx'
import { ContactFormPage } from './contact-form.tsx'
import { ContactsPage, contactName } from './contacts.tsx'
import { contactTimeline, findContact } from './find-contact.ts'
import { aCursor, directions, inPlace, problemsIn } from './form-problems.ts'

const text = z.string().max(400)

const listQuery = z.object({
  q: optional(text),
  profile: optional(z.enum(profiles)),
  site: optional(anId),
  area: optional(text),
  segment: optional(anId),
  channel: optional(z.enum(channelNames)),
  state: optional(z.enum(contactStates)),
  sort: optional(z.enum(['name', 'site'])),
  direction: optional(z.enum(directions)),
  cursor: optional(aCursor),
})

const contactDone = ['saved', 'added', 'unchanged', 'deactivated', 'reactivated'] as const
export type ContactDone = (typeof contactDone)[number]

const pageQuery = z.object({ cursor: optional(anId), done: optional(z.enum(contactDone)) })

const field = z.string().max(1_000).default('')
const contactForm = z
  .object({
    salutation: field,
    firstName: field,
    lastName: field,
    function: field,
    profile: field,
    language: field,
    preferredChannel: field,
    email: field,
    mobile: field,
    phone: field,
    isCorrespondent: z.string().optional(),
    hasContract: z.string().optional(),
  })
  .transform(
    ({ isCorrespondent, hasContract, ...entry }): ContactEntry => ({
      ...entry,
      isCorrespondent: isCorrespondent !== undefined,
      hasContract: hasContract !== undefined,
    }),
  )

/** The people of a network: the list, each one, and what may be changed of them. */
export function contactRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const siteIn = async (networkId: string, scope: Scope, siteId: string | undefined) => {
    if (!siteId) return undefined
    const [site] = await db
      .select({ id: sites.id, name: sites.name })
      .from(sites)
      .where(and(eq(sites.networkId, networkId), eq(sites.id, siteId), sitesWithin(scope)))
    return site
  }

  const list: PageHandler = async (c) => {
    const network = c.get('network')
    const scope = c.get('scope')
    const { q, site: siteId, ...rest } = parsed(listQuery, c.req.query())
    const query = { ...rest, text: q?.trim() || undefined, siteId }
    const site = await siteIn(network.id, scope, siteId)
    if (siteId && !site) throw new HTTPException(404)
    const [page, areas, known] = await Promise.all([
      inPlace(listContacts(db, network, scope, query, businessNow(wall.now(), network))),
      areasOf(db, network.id, scope),
      db
        .select({ name: segments.name, title: segments.title })
        .from(segments)
        .where(eq(segments.networkId, network.id))
        .orderBy(asc(segments.name))
        .limit(100),
    ])
    return sendPage(
      c,
      <ContactsPage view={await view(c)} query={query} page={page} areas={areas} segments={known} site={site} />,
    )
  }

  const contact: PageHandler = async (c) => {
    const network = c.get('network')
    const { cursor, done } = parsed(pageQuery, c.req.query())
    const detail = await findContact(db, network.id, idOf(c), businessNow(wall.now(), network))
    if (!detail) throw new HTTPException(404)
    const page = await contactTimeline(db, network.id, detail.contact.id, cursor)
    return sendPage(
      c,
      <ContactPage
        view={await view(c)}
        detail={detail}
        steps={page.steps}
        next={page.next}
        done={done}
        certificate={detail.contact.erasedAt ? await certificateOf(db, network.id, detail.contact.id) : undefined}
      />,
    )
  }

  const known = async (c: PageContext) => {
    const network = c.get('network')
    const detail = await findContact(db, network.id, idOf(c), businessNow(wall.now(), network))
    if (!detail || detail.contact.erasedAt) throw new HTTPException(404)
    return detail
  }

  const editForm: PageHandler = async (c) => {
    const page = await view(c)
    const detail = await known(c)
    const entry = await contactEntry(db, c.get('network').id, detail.contact)
    return sendPage(
      c,
      <ContactFormPage
        view={page}
        contact={{ id: detail.contact.id, name: contactName(page, detail.contact) }}
        site={detail.site}
        entry={entry}
      />,
    )
  }

  const edit: PageHandler = async (c) => {
    const network = c.get('network')
    const entry = parsed(contactForm, await c.req.parseBody())
    const id = idOf(c)
    try {
      const changed = await editContact({ db, wall }, network, id, entry, c.get('user').id)
      return c.redirect(`/console/contacts/${id}?done=${changed.length > 0 ? 'saved' : 'unchanged'}`, 303)
    } catch (error) {
      if (!(error instanceof EditProblems)) throw error
      const page = await view(c)
      const detail = await known(c)
      return sendPage(
        c,
        <ContactFormPage
          view={page}
          contact={{ id, name: contactName(page, detail.contact) }}
          site={detail.site}
          entry={entry}
          problems={problemsIn(page, error)}
        />,
        422,
      )
    }
  }

  const newForm: PageHandler = async (c) => {
    const page = await view(c)
    const site = await siteIn(c.get('network').id, c.get('scope'), c.req.query('site'))
    if (!site) return c.redirect(inNetwork(page, '/console/sites'), 303)
    return sendPage(c, <ContactFormPage view={page} site={site} entry={{ language: c.get('network').language }} />)
  }

  const add: PageHandler = async (c) => {
    const network = c.get('network')
    const body = await c.req.parseBody()
    const entry = parsed(contactForm, body)
    const site = await siteIn(network.id, c.get('scope'), typeof body.site === 'string' ? body.site : undefined)
    if (!site) throw new HTTPException(404)
    try {
      const id = await addContact({ db, wall }, network, site.id, entry, c.get('user').id)
      return c.redirect(`/console/contacts/${id}?done=added`, 303)
    } catch (error) {
      if (!(error instanceof EditProblems)) throw error
      const page = await view(c)
      const existingId = error.problems.lastName === 'exists' ? error.existingId : undefined
      return sendPage(
        c,
        <ContactFormPage
          view={page}
          site={site}
          entry={entry}
          problems={problemsIn(page, error)}
          existingId={existingId}
        />,
        422,
      )
    }
  }

  const activate: PageHandler = async (c) => {
    const { isActive } = parsed(z.object({ isActive: z.enum(['yes', 'no']) }), await c.req.parseBody())
    const id = idOf(c)
    try {
      const isChanged = await setContactActive({ db, wall }, c.get('network'), id, isActive === 'yes', c.get('user').id)
      const done: ContactDone = isChanged ? (isActive === 'yes' ? 'reactivated' : 'deactivated') : 'unchanged'
      return c.redirect(`/console/contacts/${id}?done=${done}`, 303)
    } catch (error) {
      if (error instanceof EditProblems) throw new HTTPException(404)
      throw error
    }
  }

  app.get('/console/contacts', may('contact.read', networkOf(db)), list)
  app.get('/console/contacts/new', may('contact.write', networkOf(db)), newForm)
  app.post('/console/contacts', may('contact.write', networkOf(db)), add)
  app.get('/console/contacts/:id', may('contact.read', contactOf(db)), contact)
  app.get('/console/contacts/:id/edit', may('contact.write', contactOf(db)), editForm)
  app.post('/console/contacts/:id', may('contact.write', contactOf(db)), edit)
  app.post('/console/contacts/:id/active', may('contact.write', contactOf(db)), activate)
}
