import { and, eq } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { can } from '../../../accounts/policy.ts'
import { campaignDefinition } from '../../../campaign/definition.ts'
import { createDraft, type Draft, DraftMoved, findDraft, messageTemplate, saveDraft } from '../../../campaign/drafts.ts'
import { localTime } from '../../../campaign/launch-date.ts'
import { type OneOff, oneOffText, oneOffWords, writtenWords } from '../../../campaign/one-off.ts'
import { readYaml } from '../../../campaign/yaml-source.ts'
import { businessNow } from '../../../clock.ts'
import { templates } from '../../../db/schema.ts'
import type { Network, PageContext, PageHandler } from '../../../http/page-env.ts'
import { segmentSizes } from '../../../segment/sizes.ts'
import { type House, idOf } from '../../house.ts'
import { inNetwork } from '../../layout.tsx'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { campaignOf, networkOf } from '../locate.ts'
import { emptyFields, fieldsFrom, fieldsOf, type MessageFields, nameOf, readMessage } from './message-form.ts'
import { MessagePage } from './message-page.tsx'

/** Messages without ceremony: a form, a look at the result, the confirmation every campaign has. */
export function messageRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps

  async function show(
    c: PageContext,
    fields: MessageFields,
    more: { draft?: { id: string; seen: string }; problems?: Problems; status?: 409 | 422 } = {},
  ): Promise<Response> {
    const network = c.get('network')
    const drawn = await view(c)
    const { draft, problems, status } = more
    return sendPage(
      c,
      <MessagePage
        view={drawn}
        action={draft ? `/console/messages/${draft.id}` : inNetwork(drawn, '/console/messages')}
        fields={fields}
        segments={await segmentSizes(db, network.id)}
        mayBeUrgent={can(c.get('user'), 'notice.send', network.id)}
        seen={draft?.seen}
        problems={problems}
      />,
      status,
    )
  }

  async function read(c: PageContext, fields: MessageFields) {
    const network = c.get('network')
    const segments = (await segmentSizes(db, network.id)).map(({ name }) => name)
    const now = localTime(businessNow(wall.now(), network), network.timezone)
    const allowed =
      fields.class === 'urgent_service' && !can(c.get('user'), 'notice.send', network.id)
        ? { ...fields, class: '' }
        : fields
    return readMessage(context, network, await view(c), allowed, segments, now)
  }

  const empty: PageHandler = async (c) => {
    const to = c.req.query()
    const fields = { ...emptyFields }
    if (to.contact) Object.assign(fields, { to: 'contact', contact: to.contact.slice(0, 200) })
    else if (to.site) Object.assign(fields, { to: 'site', site: to.site.slice(0, 200) })
    else if (to.segment) Object.assign(fields, { segment: to.segment.slice(0, 200) })
    return show(c, fields)
  }

  const create: PageHandler = async (c) => {
    const network = c.get('network')
    const fields = fieldsOf(await c.req.parseBody({ all: true }))
    const { message, problems } = { problems: undefined, message: undefined, ...(await read(c, fields)) }
    if (!message) return show(c, fields, { problems, status: 422 })
    const user = c.get('user')
    const wanted = nameOf(message)
    const draft = await createDraft(
      context,
      network,
      {
        text: oneOffText(message, wanted, messageTemplate(wanted)),
        words: (name) => oneOffWords(message.words, messageTemplate(name)),
      },
      { actor: user.id, ownerId: user.id },
      businessNow(wall.now(), network),
    )
    return c.redirect(`/console/campaigns/${draft.campaignId}/words`, 303)
  }

  async function oneOffOf(c: PageContext): Promise<{ draft: Draft; message: OneOff }> {
    const network = c.get('network')
    const draft = await findDraft(db, network.id, idOf(c))
    const message = draft && (await messageOf(network, draft))
    if (!draft || !message) throw new HTTPException(404)
    return { draft, message }
  }

  /** A draft that this form made, read back; undefined for any other campaign. */
  async function messageOf(network: Network, draft: Draft): Promise<OneOff | undefined> {
    const written = campaignDefinition.safeParse(readYaml(draft.text, '').value)
    if (!written.success || 'rule' in written.data.audience) return undefined
    const [step] = written.data.steps
    const template = messageTemplate(draft.name)
    if (step?.template !== template) return undefined
    const kept = await db
      .select()
      .from(templates)
      .where(and(eq(templates.networkId, network.id), eq(templates.template, template)))
    return {
      to: written.data.audience,
      class: written.data.class,
      reason: written.data.reason,
      channels: step.channels,
      at: written.data.anchor.launch,
      words: writtenWords(kept),
    }
  }

  const edit: PageHandler = async (c) => {
    const { draft, message } = await oneOffOf(c)
    return show(c, fieldsFrom(message), { draft: { id: draft.campaignId, seen: draft.hash } })
  }

  const save: PageHandler = async (c) => {
    const network = c.get('network')
    const { draft } = await oneOffOf(c)
    const form = await c.req.parseBody({ all: true })
    const fields = fieldsOf(form)
    const here = { id: draft.campaignId, seen: draft.hash }
    const { t } = await view(c)
    const moved = () => show(c, fields, { draft: here, problems: { form: t('draft.moved') }, status: 409 })
    if (form.seen !== draft.hash) return moved()
    const { message, problems } = { problems: undefined, message: undefined, ...(await read(c, fields)) }
    if (!message) return show(c, fields, { draft: here, problems, status: 422 })
    const template = messageTemplate(draft.name)
    try {
      await saveDraft(
        context,
        network,
        {
          campaignId: draft.campaignId,
          seen: draft.hash,
          text: oneOffText(message, draft.name, template),
          words: oneOffWords(message.words, template),
        },
        { actor: c.get('user').id },
        businessNow(wall.now(), network),
      )
    } catch (error) {
      if (error instanceof DraftMoved) return moved()
      throw error
    }
    return c.redirect(`/console/campaigns/${draft.campaignId}/words`, 303)
  }

  app.get('/console/messages/new', may('campaign.write', networkOf(db)), empty)
  app.post('/console/messages', may('campaign.write', networkOf(db)), create)
  app.get('/console/messages/:id', may('campaign.write', campaignOf(db)), edit)
  app.post('/console/messages/:id', may('campaign.write', campaignOf(db)), save)
}
