import { HTTPException } from 'hono/http-exception'
import { outlineOf } from '../../../campaign/draft-text.ts'
import { createDraft, DraftRefused } from '../../../campaign/drafts.ts'
import { movedAnchors, proposedLaunch } from '../../../campaign/launch-date.ts'
import { presets } from '../../../campaign/presets.ts'
import { parseMoment } from '../../../campaign/schedule.ts'
import { readYaml } from '../../../campaign/yaml-source.ts'
import { businessNow } from '../../../clock.ts'
import { upload } from '../../../http/body.ts'
import type { Network, PageContext, PageHandler } from '../../../http/page-env.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { inLanguage, sendPage, type View } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { campaignsToCopy } from './list-query.ts'
import { Gallery, StartPage } from './new-pages.tsx'
import { sourceOf } from './queries.ts'

const largestFile = 512 * 1024
const longestTitle = 200

/** Where a new campaign begins: a preset, another campaign, a file. */
export function newCampaignRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps

  async function gallery(c: PageContext, more: { problems?: Problems; faults?: Fault[] } = {}) {
    return sendPage(
      c,
      <Gallery
        view={await view(c)}
        presets={presets()}
        copies={await campaignsToCopy(db, c.get('network').id)}
        {...more}
      />,
      more.problems ? 422 : 200,
    )
  }

  /** The text a campaign is to be made from, by what the address or the form names. */
  async function originOf(network: Network, named: { preset?: string; from?: string }) {
    if (named.preset !== undefined) {
      const preset = presets().find((one) => one.name === named.preset)
      return preset && { text: preset.text, name: `preset:${preset.name}`, action: 'campaign.create' as const }
    }
    const source = named.from === undefined ? undefined : await sourceOf(db, network.id, named.from)
    return source && { text: source.text, name: source.name, action: 'campaign.duplicate' as const }
  }

  function proposed(network: Network, text: string): string | undefined {
    const outline = outlineOf(text)
    const launch = outline?.anchors.launch
    if (!outline || (launch !== undefined && /^now\b/.test(launch))) return undefined
    const moments = [...outline.steps.flatMap((step) => step.at ?? []), ...Object.values(outline.anchors)]
    const now = businessNow(wall.now(), network)
    return proposedLaunch({ now, timezone: network.timezone, country: network.country }, { launch, moments })
  }

  const start: PageHandler = async (c) => {
    const network = c.get('network')
    const { preset, from } = c.req.query()
    const origin = await originOf(network, { preset, from })
    if (!origin) throw new HTTPException(404)
    const drawn = await view(c)
    const title = inLanguage(outlineOf(origin.text)?.title ?? {}, drawn.language, origin.name)
    const fields: Record<string, string> = preset === undefined ? { from: from as string } : { preset }
    return sendPage(
      c,
      <StartPage
        view={drawn}
        from={title}
        fields={fields}
        values={{ title, launch: proposed(network, origin.text) }}
      />,
    )
  }

  const create: PageHandler = async (c) => {
    const network = c.get('network')
    const form = await c.req.parseBody()
    const text = (name: string) => (typeof form[name] === 'string' ? form[name].trim() : undefined)
    const [preset, from] = [text('preset'), text('from')]
    const origin = await originOf(network, { preset, from })
    if (!origin) throw new HTTPException(404)
    const drawn = await view(c)
    const title = text('title') ?? ''
    const asked = proposed(network, origin.text)
    const launch = asked === undefined ? undefined : (text('launch') ?? '')
    const problems = startProblems(drawn, title, launch)
    if (Object.keys(problems).length > 0) {
      const name = inLanguage(outlineOf(origin.text)?.title ?? {}, drawn.language, origin.name)
      const fields: Record<string, string> = preset === undefined ? { from: from as string } : { preset }
      return sendPage(
        c,
        <StartPage view={drawn} from={name} fields={fields} values={{ title, launch }} problems={problems} />,
        422,
      )
    }
    const anchors = outlineOf(origin.text)?.anchors ?? {}
    const user = c.get('user')
    const draft = await createDraft(
      context,
      network,
      {
        text: origin.text,
        changes: {
          title: { language: drawn.language, text: title },
          ...(launch === undefined ? {} : { anchors: movedAnchors(anchors, launch.replace(' ', 'T')) }),
        },
        from: origin,
      },
      { actor: user.id, ownerId: user.id },
      businessNow(wall.now(), network),
    )
    return c.redirect(`/console/campaigns/${draft.campaignId}?said=created`, 303)
  }

  const takeFile: PageHandler = async (c) => {
    const network = c.get('network')
    const { t } = await view(c)
    const { file } = await c.req.parseBody()
    const refuse = (message: string, faults: Fault[] = []) => gallery(c, { problems: { file: message }, faults })
    if (!(file instanceof File) || file.size === 0) return refuse(t('campaignPresets.fileMissing'))
    if (file.size > largestFile) return refuse(t('campaignPresets.fileTooLong'))
    let text: string
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
    } catch {
      return refuse(t('campaignPresets.fileNotText'))
    }
    const { syntax, value } = readYaml(text, file.name)
    if (value === undefined || value === null || syntax.length > 0)
      return refuse(t('campaignPresets.fileUnreadable'), syntax)
    if (!outlineOf(text)?.steps.length) return refuse(t('campaignPresets.notCampaign'))
    const user = c.get('user')
    try {
      const draft = await createDraft(
        context,
        network,
        { text, from: { action: 'campaign.create', name: file.name } },
        { actor: user.id, ownerId: user.id },
        businessNow(wall.now(), network),
      )
      return c.redirect(`/console/campaigns/${draft.campaignId}?said=created`, 303)
    } catch (error) {
      if (error instanceof DraftRefused) return refuse(t('campaignPresets.fileUnreadable'))
      throw error
    }
  }

  app.get('/console/campaigns/new', may('campaign.write', networkOf(db)), (c) => gallery(c))
  app.get('/console/campaigns/start', may('campaign.write', networkOf(db)), start)
  app.post('/console/campaigns', may('campaign.write', networkOf(db)), create)
  app.post('/console/campaigns/file', may('campaign.write', networkOf(db)), upload(largestFile + 64 * 1024), takeFile)
}

type Fault = { line: number; column: number; message: string }

function startProblems({ t }: View, title: string, launch: string | undefined): Problems {
  const problems: Record<string, string> = {}
  if (title === '') problems.title = t('campaignStart.titleMissing')
  else if (title.length > longestTitle) problems.title = t('campaignStart.titleLong')
  if (launch !== undefined && !isLocalTime(launch)) problems.launch = t('campaignStart.dateWrong')
  return problems
}

/** What a `datetime-local` field gives, and a date that exists. */
export const isLocalTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/.test(text) && !('problem' in parseMoment(text))
