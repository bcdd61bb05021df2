import { HTTPException } from 'hono/http-exception'
import QRCode from 'qrcode'
import { z } from 'zod'
import { can, scopeFor } from '../../../accounts/policy.ts'
import { type Previewed, previewStep } from '../../../campaign/preview.ts'
import { businessNow } from '../../../clock.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { currentPolicy } from '../../../outbox/step.ts'
import { type ChannelName, channelNames, type Language, languages } from '../../../words.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { campaignOf } from '../locate.ts'
import { framedContent } from '../outbox/framed-content.ts'
import type { Readable, readsCampaigns } from './dry-run-routes.tsx'
import { type ShownWords, WordsPage } from './words-page.tsx'

const wordsQuery = z.object({
  step: optional(z.string().max(100)),
  language: optional(z.enum(languages)),
})

/** The words of a campaign before they are sent, in the form each channel gives them. */
export function wordsRoutes(
  { app, deps, view, guards: { may } }: House,
  { readable }: Pick<ReturnType<typeof readsCampaigns>, 'readable'>,
): void {
  const { db, context, wall } = deps

  async function previewOf(
    c: PageContext,
    { definition }: Readable,
    stepName: string,
    channel: ChannelName,
    language: Language,
  ): Promise<Previewed | undefined> {
    const network = c.get('network')
    const step = definition.steps.find((one) => one.name === stepName)
    if (!step) throw new HTTPException(404)
    if (step.channels && !step.channels.includes(channel)) return undefined
    return previewStep(context, network, definition, step, channel, language, businessNow(wall.now(), network))
  }

  /** A preview names somebody: only for those who may read the network's people. */
  function refuseStrangers(c: PageContext): void {
    if (scopeFor(c.get('user'), 'contact.read', c.get('network').id)?.of !== 'network') throw new HTTPException(404)
  }

  const words: PageHandler = async (c) => {
    refuseStrangers(c)
    const network = c.get('network')
    const campaign = await readable(c)
    if (!campaign) return c.redirect(`/console/campaigns/${idOf(c)}`, 303)
    const asked = parsed(wordsQuery, c.req.query())
    const steps = campaign.definition.steps.map((step) => step.name)
    const step = asked.step ?? (steps[0] as string)
    const language = asked.language ?? 'fr'
    const costs = (await currentPolicy(db, network.id)).values.costs.value
    const shown: ShownWords[] = []
    for (const channel of channelNames) {
      const previewed = await previewOf(c, campaign, step, channel, language)
      const content = previewed && 'content' in previewed ? previewed.content : undefined
      shown.push({
        channel,
        here: `/console/campaigns/${campaign.id}/words/${encodeURIComponent(step)}/${language}/${channel}`,
        previewed,
        qrSvg:
          content?.channel === 'print' && content.qr
            ? await QRCode.toString(content.qr.url, { type: 'svg', margin: 0 })
            : undefined,
        costMillis: channel === 'sms' ? costs.sms : undefined,
      })
    }
    return sendPage(
      c,
      <WordsPage
        view={await view(c)}
        campaignId={campaign.id}
        title={campaign.title}
        steps={steps}
        step={step}
        language={language}
        shown={shown}
        hasPdf={deps.letterPdf !== undefined}
        mayLaunch={campaign.isDraft && can(c.get('user'), 'campaign.launch', network.id)}
        mayWrite={campaign.isDraft && can(c.get('user'), 'campaign.write', network.id)}
        isOneOff={campaign.definition.steps[0]?.template === `message/${campaign.definition.name}`}
      />,
    )
  }

  const place = z.object({ step: z.string().max(100), language: z.enum(languages), channel: z.enum(channelNames) })

  async function contentAt(c: PageContext) {
    refuseStrangers(c)
    const given = place.safeParse(c.req.param())
    const campaign = given.success ? await readable(c) : undefined
    if (!given.success || !campaign) throw new HTTPException(404)
    const { step, channel, language } = given.data
    const previewed = await previewOf(c, campaign, step, channel, language)
    if (!previewed || 'problem' in previewed) throw new HTTPException(404)
    return { content: previewed.content, language }
  }

  const content: PageHandler = async (c) => {
    const { content } = await contentAt(c)
    if (content.channel !== 'email' && content.channel !== 'intranet') throw new HTTPException(404)
    c.header('cache-control', 'no-store')
    return c.html(framedContent(content))
  }

  const letter: PageHandler = async (c) => {
    const { content } = await contentAt(c)
    if (content.channel !== 'print' || !deps.letterPdf) throw new HTTPException(404)
    return c.body(new Uint8Array(await deps.letterPdf(content)), 200, {
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="letter.pdf"',
      'cache-control': 'no-store',
    })
  }

  const one = '/console/campaigns/:id/words/:step/:language/:channel' as const
  app.get('/console/campaigns/:id/words', may('campaign.read', campaignOf(db)), words)
  app.get(`${one}/content`, may('campaign.read', campaignOf(db)), content)
  app.get(`${one}/letter.pdf`, may('campaign.read', campaignOf(db)), letter)
}
