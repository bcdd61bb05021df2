import { HTTPException } from 'hono/http-exception'
import { can } from '../../../accounts/policy.ts'
import { nameOf } from '../../../approval/approve.ts'
import { applyChange, discardChange, proposeChange, showChange } from '../../../campaign/changes.ts'
import { changedText, outlineOf } from '../../../campaign/draft-text.ts'
import { EditRefused, isEditable } from '../../../campaign/edit-running.ts'
import { LaunchRefused } from '../../../campaign/launch.ts'
import { networkTemplateNames } from '../../../campaign/network-templates.ts'
import { CampaignProblems } from '../../../campaign/problems.ts'
import { versionsWithDifferences } from '../../../campaign/version-snapshots.ts'
import { readYaml } from '../../../campaign/yaml-source.ts'
import { businessNow } from '../../../clock.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { type House, idOf } from '../../house.ts'
import { inLanguage, sendPage, type View } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { ChangePage } from './change-page.tsx'
import { changesOf, type Form } from './draft-routes.tsx'
import { EditPage, type EditProps } from './edit-page.tsx'
import { problemText } from './problem-words.ts'
import { findCampaign, listSteps, sourceOf } from './queries.ts'
import { VersionsPage } from './versions-page.tsx'

/** Changing a launched campaign for what is not yet claimed: written down, looked at, then applied; and its versions. */
export function editRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps
  const nowIn = (c: PageContext) => businessNow(wall.now(), c.get('network'))
  const changeId = (c: PageContext) => c.req.param('change') ?? ''
  const there = (c: PageContext, rest = '') => `/console/campaigns/${idOf(c)}${rest}`

  async function launched(c: PageContext) {
    const network = c.get('network')
    const found = await findCampaign(db, network.id, idOf(c))
    const source = found && (await sourceOf(db, network.id, found.id))
    if (!found || !source || !isEditable(found.status)) throw new HTTPException(404)
    return { found, source }
  }

  async function ask(
    c: PageContext,
    { found, source }: Awaited<ReturnType<typeof launched>>,
    given: { text?: string; isFile: boolean; problems?: EditProps['problems']; refused?: string },
    status?: 409 | 422,
  ): Promise<Response> {
    const network = c.get('network')
    const drawn = await view(c)
    const text = given.text ?? source.text
    const outline = given.isFile ? undefined : outlineOf(text)
    const steps = await listSteps(db, network.id, found.id)
    const isToCome = (run: string | null) => run === null || run === 'waiting' || run === 'watching'
    const coming = new Set(steps.filter((step) => isToCome(step.runStatus)).map((step) => step.step))
    const own = (await networkTemplateNames(db, network.id)).filter((name) => !name.startsWith('message/'))
    return sendPage(
      c,
      <EditPage
        view={drawn}
        campaignId={found.id}
        title={inLanguage(found.title, drawn.language, found.name)}
        version={source.version}
        text={text}
        outline={outline}
        past={new Set(steps.map((step) => step.step).filter((name) => !coming.has(name)))}
        dates={new Map(steps.filter((step) => step.runStatus === 'waiting').map((step) => [step.step, step.dueAt]))}
        templates={[...new Set([...context.templates.names, ...own])].sort()}
        problems={given.problems ?? []}
        refused={given.refused}
        mayWriteWords={can(c.get('user'), 'campaign.write', network.id)}
      />,
      status,
    )
  }

  const edit: PageHandler = async (c) => {
    const going = await launched(c)
    return ask(c, going, { isFile: c.req.query('as') === 'file' || outlineOf(going.source.text) === undefined })
  }

  const propose: PageHandler = async (c) => {
    const network = c.get('network')
    const going = await launched(c)
    const form = await c.req.parseBody({ all: true })
    const { t, language } = await view(c)
    const isFile = typeof form.text === 'string'
    const text = isFile ? String(form.text).replaceAll('\r\n', '\n') : changedBy(form, going.source.text, language)
    const given = { text, isFile }
    const { value, syntax } = readYaml(text, `${going.found.name}.yaml`)
    if (value === undefined || value === null || syntax.length > 0)
      return ask(c, going, { ...given, problems: syntax, refused: t('draft.yamlBroken') }, 422)
    try {
      const version = Number(form.version)
      const asked = { campaignId: going.found.id, version, text }
      const { changeId: id } = await proposeChange(context, network, asked, c.get('user').id, nowIn(c))
      return c.redirect(there(c, `/changes/${id}`), 303)
    } catch (error) {
      if (error instanceof CampaignProblems) return ask(c, going, { ...given, problems: error.problems }, 422)
      const refused = refusalOf(await view(c), error)
      if (refused === undefined) throw error
      return ask(c, going, { ...given, refused }, error instanceof EditRefused && error.code === 'moved' ? 409 : 422)
    }
  }

  async function look(c: PageContext, refused?: string, status?: 409): Promise<Response> {
    const network = c.get('network')
    const found = await findCampaign(db, network.id, idOf(c))
    if (!found) throw new HTTPException(404)
    const drawn = await view(c)
    const asked = { campaignId: found.id, changeId: changeId(c) }
    const { shown, why } = await showChange(context, network, asked, nowIn(c)).then(
      (made) => ({ shown: made, why: refused }),
      async (error: unknown) => {
        const said = refusalOf(drawn, error)
        if (said === undefined) throw error
        // What it does can no longer be worked out: what it says still can.
        const rest = await showChange(context, network, { ...asked, isOnlyRead: true }, nowIn(c))
        return { shown: rest, why: refused ?? said }
      },
    )
    if (!shown) throw new HTTPException(404)
    const may = (permission: 'campaign.launch' | 'campaign.write') => can(c.get('user'), permission, network.id)
    return sendPage(
      c,
      <ChangePage
        view={drawn}
        campaignId={found.id}
        title={inLanguage(found.title, drawn.language, found.name)}
        by={await nameOf(db, shown.change.createdBy)}
        agreed={await Promise.all((shown.change.agreed?.by ?? []).map((id) => nameOf(db, id)))}
        shown={shown}
        mayApply={may('campaign.launch')}
        mayDiscard={may('campaign.write')}
        refused={why}
      />,
      status,
    )
  }

  const change: PageHandler = (c) => look(c)

  const apply: PageHandler = async (c) => {
    const network = c.get('network')
    const form = await c.req.parseBody()
    const takeOver = Object.keys(form).flatMap((name) =>
      name.startsWith('takeOver.') && form[name] === 'on' ? [name.slice('takeOver.'.length)] : [],
    )
    try {
      const asked = { campaignId: idOf(c), changeId: changeId(c), takeOver }
      const { missing } = await applyChange(context, network, asked, c.get('user').id, nowIn(c))
      return c.redirect(there(c, missing ? '?said=agreed' : '?said=edited'), 303)
    } catch (error) {
      if (error instanceof EditRefused && error.code === 'unknown') throw new HTTPException(404)
      const refused = refusalOf(await view(c), error)
      if (refused === undefined) throw error
      return look(c, refused, 409)
    }
  }

  const discard: PageHandler = async (c) => {
    const asked = { campaignId: idOf(c), changeId: changeId(c) }
    await discardChange(context, c.get('network'), asked, c.get('user').id, nowIn(c))
    return c.redirect(there(c, '?said=discarded-change'), 303)
  }

  const versions: PageHandler = async (c) => {
    const network = c.get('network')
    const found = await findCampaign(db, network.id, idOf(c))
    if (!found) throw new HTTPException(404)
    const drawn = await view(c)
    return sendPage(
      c,
      <VersionsPage
        view={drawn}
        campaignId={found.id}
        title={inLanguage(found.title, drawn.language, found.name)}
        versions={await versionsWithDifferences(db, network.id, found.id, context.templates.layouts)}
      />,
    )
  }

  app.get('/console/campaigns/:id/edit', may('campaign.write', campaignOf(db)), edit)
  app.post('/console/campaigns/:id/edit', may('campaign.write', campaignOf(db)), propose)
  app.get('/console/campaigns/:id/versions', may('campaign.read', campaignOf(db)), versions)
  app.get('/console/campaigns/:id/changes/:change', may('campaign.read', campaignOf(db)), change)
  app.post('/console/campaigns/:id/changes/:change', may('campaign.launch', campaignOf(db)), apply)
  app.post('/console/campaigns/:id/changes/:change/discard', may('campaign.write', campaignOf(db)), discard)
}

/** The text with what the form changes; steps the form did not show stay as they are. */
function changedBy(form: Form, text: string, language: 'fr' | 'en'): string {
  const outline = outlineOf(text)
  if (!outline) return text
  const { segment: _, steps = [], ...changes } = changesOf(form, outline, language)
  const isShown = (index: number) => form[`steps.${index}.template`] !== undefined
  return changedText(text, { ...changes, steps: steps.map((step, index) => (isShown(index) ? step : {})) })
}

/** Why a change was not taken, in the reader's words; undefined for any other error. */
function refusalOf(view: View, error: unknown): string | undefined {
  const { t } = view
  if (error instanceof EditRefused) return t(`editing.refused.${error.code}`)
  if (error instanceof CampaignProblems)
    return t('editing.refused.launch', { why: error.problems.map((one) => problemText(view, one)).join(' ') })
  if (error instanceof LaunchRefused) return t('editing.refused.launch', { why: error.message })
  return undefined
}
