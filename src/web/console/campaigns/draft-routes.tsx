import { HTTPException } from 'hono/http-exception'
import { can } from '../../../accounts/policy.ts'
import { isDraftStatus } from '../../../campaign/draft-status.ts'
import { changedText, type DraftChanges, type Outline, outlineOf } from '../../../campaign/draft-text.ts'
import {
  checkText,
  type Draft,
  DraftMoved,
  DraftRefused,
  discardDraft,
  findDraft,
  messageTemplate,
  saveDraft,
} from '../../../campaign/drafts.ts'
import { noticesOn } from '../../../campaign/launch-notices.ts'
import { firstMoment, placesOf } from '../../../campaign/moments.ts'
import { networkTemplateNames } from '../../../campaign/network-templates.ts'
import type { CampaignProblem } from '../../../campaign/problems.ts'
import { readYaml } from '../../../campaign/yaml-source.ts'
import { businessNow } from '../../../clock.ts'
import type { Network, PageContext, PageHandler } from '../../../http/page-env.ts'
import { segmentSizes } from '../../../segment/sizes.ts'
import { channelNames } from '../../../words.ts'
import { type House, idOf } from '../../house.ts'
import { ConsolePage } from '../../layout.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import { inLanguage, sendPage, type View } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { DraftPage, type DraftProps } from './draft-page.tsx'
import { ownersOf } from './list-query.ts'
import { sourceOf } from './queries.ts'
import { SourcePage } from './source-page.tsx'

/** A campaign while it is a draft: its form, its file, and throwing it away. */
export function draftRoutes(house: House): { draft: (c: PageContext, found: Draft) => Promise<Response> } {
  const {
    app,
    deps,
    view,
    guards: { may },
  } = house
  const { db, context, wall } = deps
  const nowIn = (network: Network) => businessNow(wall.now(), network)

  async function checked(network: Network, draft: Draft): Promise<Pick<DraftProps, 'problems' | 'notices' | 'dates'>> {
    const now = nowIn(network)
    const file = `${draft.name}.yaml`
    const read = await checkText(context, network, { file, text: draft.text }, now)
    if (read.problems) return { problems: read.problems, notices: [], dates: new Map() }
    const places = await placesOf(db, network.id)
    const dates = new Map<string, Date>()
    for (const step of read.campaign.steps) {
      const at = firstMoment(read.campaign, step, places, network, now)
      if (at) dates.set(step.name, at)
    }
    // Counting the audience is for the dry run; here the size stands beside the segment.
    return { problems: [], notices: await noticesOn(context, network, read.campaign, 1, now), dates }
  }

  async function draft(c: PageContext, found: Draft): Promise<Response> {
    const network = c.get('network')
    const outline = outlineOf(found.text)
    if (!outline) return c.redirect(`/console/campaigns/${found.campaignId}/source`, 303)
    const drawn = await view(c)
    const own = (await networkTemplateNames(db, network.id)).filter((name) => !name.startsWith('message/'))
    const owners = await ownersOf(db, found.ownerId === null ? [] : [found.ownerId])
    return sendPage(
      c,
      <DraftPage
        view={drawn}
        draft={found}
        outline={outline}
        {...(await checked(network, found))}
        segments={await segmentSizes(db, network.id)}
        templates={[...new Set([...context.templates.names, ...own])].sort()}
        owner={found.ownerId === null ? undefined : owners.get(found.ownerId)}
        isOneOff={outline.steps.length === 1 && outline.steps[0]?.template === messageTemplate(found.name)}
        said={saidOf(drawn, c.req.query('said'))}
      />,
    )
  }

  async function draftOf(c: PageContext): Promise<Draft> {
    const found = await findDraft(db, c.get('network').id, idOf(c))
    if (!found) throw new HTTPException(404)
    return found
  }

  const back = (c: PageContext, said: string) => c.redirect(`/console/campaigns/${idOf(c)}?said=${said}`, 303)

  const save: PageHandler = async (c) => {
    const found = await draftOf(c)
    const form = await c.req.parseBody({ all: true })
    const outline = outlineOf(found.text)
    if (form.seen !== found.hash || !outline) return back(c, 'moved')
    const { language } = await view(c)
    try {
      const text = changedText(found.text, changesOf(form, outline, language))
      const network = c.get('network')
      const author = { actor: c.get('user').id }
      await saveDraft(
        context,
        network,
        { campaignId: found.campaignId, seen: found.hash, text },
        author,
        nowIn(network),
      )
      return back(c, 'saved')
    } catch (error) {
      if (error instanceof DraftMoved) return back(c, 'moved')
      throw error
    }
  }

  const source: PageHandler = async (c) => {
    const network = c.get('network')
    const found = await sourceOf(db, network.id, idOf(c))
    if (!found) throw new HTTPException(404)
    const drawn = await view(c)
    const mayWrite = can(c.get('user'), 'campaign.write', network.id)
    const isDraft = isDraftStatus(found.status)
    const file = `${found.name}.yaml`
    const read = isDraft ? await checkText(context, network, { file, text: found.text }, nowIn(network)) : undefined
    return sendPage(
      c,
      <SourcePage
        view={drawn}
        campaignId={idOf(c)}
        title={inLanguage(found.title, drawn.language, found.name)}
        text={found.text}
        seen={isDraft && mayWrite ? found.hash : undefined}
        faults={read && (read.problems ?? [])}
        said={c.req.query('said') === 'saved' ? drawn.t('draft.saved') : undefined}
      />,
    )
  }

  const saveSource: PageHandler = async (c) => {
    const network = c.get('network')
    const found = await draftOf(c)
    const form = await c.req.parseBody()
    const text = typeof form.text === 'string' ? form.text.replaceAll('\r\n', '\n') : ''
    const drawn = await view(c)
    const refuse = (message: string, faults: readonly CampaignProblem[], status: 409 | 422) =>
      sendPage(
        c,
        <SourcePage
          view={drawn}
          campaignId={found.campaignId}
          title={inLanguage(found.title, drawn.language, found.name)}
          text={text}
          seen={found.hash}
          faults={faults.length > 0 ? faults : undefined}
          problems={{ text: message }}
        />,
        status,
      )
    if (form.seen !== found.hash) return refuse(drawn.t('draft.moved'), [], 409)
    const { value, syntax } = readYaml(text, `${found.name}.yaml`)
    if (value === undefined || value === null || syntax.length > 0)
      return refuse(drawn.t('draft.yamlBroken'), syntax, 422)
    try {
      const author = { actor: c.get('user').id }
      await saveDraft(
        context,
        network,
        { campaignId: found.campaignId, seen: found.hash, text },
        author,
        nowIn(network),
      )
      return c.redirect(`/console/campaigns/${found.campaignId}/source?said=saved`, 303)
    } catch (error) {
      if (error instanceof DraftMoved) return refuse(drawn.t('draft.moved'), [], 409)
      if (error instanceof DraftRefused)
        return refuse(drawn.t(error.problem === 'name_taken' ? 'draft.nameTaken' : 'draft.yamlBroken'), [], 422)
      throw error
    }
  }

  const askDiscard: PageHandler = async (c) => {
    const found = await draftOf(c)
    const drawn = await view(c)
    const here = `/console/campaigns/${found.campaignId}`
    const title = drawn.t('draft.discardTitle', { name: inLanguage(found.title, drawn.language, found.name) })
    return sendPage(
      c,
      <ConsolePage view={drawn} title={title} current="campaigns">
        <Confirmation
          view={drawn}
          title={title}
          action={`${here}/discard`}
          confirm={drawn.t('draft.discardYes')}
          back={here}
          isDangerous
        >
          <p>{drawn.t('draft.discardWhat')}</p>
        </Confirmation>
      </ConsolePage>,
    )
  }

  const discard: PageHandler = async (c) => {
    const network = c.get('network')
    await discardDraft(context, network, idOf(c), { actor: c.get('user').id })
    return c.redirect(`/console/campaigns?network=${encodeURIComponent(network.name)}&said=discarded`, 303)
  }

  app.get('/console/campaigns/:id/source', may('campaign.read', campaignOf(db)), source)
  app.post('/console/campaigns/:id/source', may('campaign.write', campaignOf(db)), saveSource)
  app.get('/console/campaigns/:id/discard', may('campaign.write', campaignOf(db)), askDiscard)
  app.post('/console/campaigns/:id/discard', may('campaign.write', campaignOf(db)), discard)
  app.post('/console/campaigns/:id', may('campaign.write', campaignOf(db)), save)
  return { draft }
}

function saidOf({ t }: View, said: string | undefined): DraftProps['said'] {
  if (said === 'saved') return { tone: 'good', text: t('draft.saved') }
  if (said === 'created') return { tone: 'good', text: t('draft.created') }
  if (said === 'moved') return { tone: 'warning', text: t('draft.moved') }
  return undefined
}

export type Form = Record<string, string | File | (string | File)[]>

/** What a form changes in the text; what it does not have stays as it was. */
export function changesOf(form: Form, outline: Outline, language: 'fr' | 'en'): DraftChanges {
  const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : undefined)
  const many = (name: string) => [form[name]].flat().filter((value): value is string => typeof value === 'string')
  const title = text('title')
  const segment = text('audience')
  return {
    title: title === undefined || title === '' ? undefined : { language, text: title },
    segment: segment === '' ? undefined : segment,
    anchors: Object.fromEntries(
      Object.keys(outline.anchors).flatMap((name) => {
        const moment = text(`anchor.${name}`)
        return moment === undefined || moment === '' ? [] : [[name, moment]]
      }),
    ),
    link: text('link'),
    steps: outline.steps.map((_, index) => {
      const channels = channelNames.filter((name) => many(`steps.${index}.channels`).includes(name))
      return {
        at: text(`steps.${index}.at`),
        template: text(`steps.${index}.template`),
        channels: channels.length > 0 ? channels : null,
      }
    }),
  }
}
