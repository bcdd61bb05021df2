import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { audit } from '../../../accounts/audit.ts'
import { businessNow } from '../../../clock.ts'
import { attachment } from '../../../http/attachment.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { askErasure, UnknownPerson } from '../../../person/erase.ts'
import { exportPerson } from '../../../person/export.ts'
import { exportCsv } from '../../../person/export-csv.ts'
import { type House, idOf, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { contactOf } from '../locate.ts'
import { contactName } from './contacts.tsx'
import { findContact } from './find-contact.ts'
import { RightsPage } from './rights.tsx'

const exportForm = z.object({ format: z.enum(['json', 'csv']).default('json') })
const eraseForm = z.object({ confirmed: z.string().optional() })

/** A copy of what is held about a person, and their erasure. */
export function rightsRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const person = async (c: PageContext) => {
    const network = c.get('network')
    const detail = await findContact(db, network.id, idOf(c), businessNow(wall.now(), network))
    if (!detail) throw new HTTPException(404)
    return detail.contact
  }

  const show: PageHandler = async (c) => {
    const contact = await person(c)
    if (contact.erasedAt) return c.redirect(`/console/contacts/${contact.id}`, 303)
    const page = await view(c)
    return sendPage(c, <RightsPage view={page} contact={{ id: contact.id, name: contactName(page, contact) }} />)
  }

  const copy: PageHandler = async (c) => {
    const { format } = parsed(exportForm, await c.req.parseBody())
    const { id } = await person(c)
    const network = c.get('network')
    const held = await exportPerson(db, network, id)
    await db.transaction((tx) =>
      audit(tx, {
        ...{ networkId: network.id, actor: c.get('user').id, action: 'contact.export', subject: id },
        ...{ data: { format }, at: wall.now() },
      }),
    )
    const name = (await view(c)).t('rights.fileName', { id })
    c.header('content-type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
    c.header('content-disposition', attachment(`${name}.${format}`))
    c.header('cache-control', 'no-store')
    return c.body(format === 'csv' ? exportCsv(held) : JSON.stringify(held, null, 2))
  }

  const erase: PageHandler = async (c) => {
    const { confirmed } = parsed(eraseForm, await c.req.parseBody())
    const contact = await person(c)
    if (confirmed === undefined) {
      const page = await view(c)
      const problems = { confirmed: page.t('rights.confirmFirst') }
      const shown = { id: contact.id, name: contactName(page, contact) }
      return sendPage(c, <RightsPage view={page} contact={shown} problems={problems} />, 422)
    }
    try {
      await askErasure(deps.context, c.get('network'), contact.id, c.get('user').id)
    } catch (error) {
      if (error instanceof UnknownPerson) throw new HTTPException(404)
      throw error
    }
    return c.redirect(`/console/contacts/${contact.id}`, 303)
  }

  app.get('/console/contacts/:id/rights', may('contact.write', contactOf(db)), show)
  app.post('/console/contacts/:id/export', may('contact.write', contactOf(db)), copy)
  app.post('/console/contacts/:id/erase', may('contact.write', contactOf(db)), erase)
}
