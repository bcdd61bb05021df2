import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { audit } from '../../../accounts/audit.ts'
import { scopeFor } from '../../../accounts/policy.ts'
import { putWords } from '../../../campaign/drafts.ts'
import { wordsHash } from '../../../campaign/frozen-words.ts'
import { fieldsOf } from '../../../campaign/merge.ts'
import { catalogFor, type NetworkWords } from '../../../campaign/network-templates.ts'
import { previewStep } from '../../../campaign/preview.ts'
import { partsOf, sourceOf, type WordParts } from '../../../campaign/write-words.ts'
import { businessNow } from '../../../clock.ts'
import type { Tx } from '../../../db/index.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { currentPolicy } from '../../../outbox/step.ts'
import { checkTemplate, frontMatterKeys } from '../../../render/check.ts'
import { type ChannelName, channelNames, type Language, languages } from '../../../words.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import type { Readable, readsCampaigns } from '../campaigns/dry-run-routes.tsx'
import { campaignOf } from '../locate.ts'
import { previewDocument } from './frame.tsx'
import { partName, WritePage, type WriteProps } from './page.tsx'

const asked = z.object({
  step: optional(z.string().max(100)),
  channel: optional(z.enum(channelNames)),
  said: optional(z.string().max(20)),
})
const posted = z.object({
  step: z.string().max(100),
  channel: z.enum(channelNames),
  seen: z.string().max(200),
  preview: z.enum(languages).optional().catch(undefined),
})
/** No template needs more; a mail is clipped long before. */
const mostText = 100_000

/**
 * The words of a step, written channel by channel, with what readers will see beside them. Those of a campaign that was
 * launched are fixed: what is written here is its template's, and reaches it where somebody takes it over.
 */
export function writeRoutes(
  { app, assets, deps, view, guards: { may } }: House,
  { readable }: Pick<ReturnType<typeof readsCampaigns>, 'readable'>,
): void {
  const { db, context, wall } = deps

  /** The campaign, and the step that is written. Throws 404 for a campaign of which nothing is to come. */
  async function draftOf(c: PageContext, stepName: string | undefined) {
    const campaign = await readable(c)
    if (!campaign) return undefined
    const written = campaign.definition.steps.filter((step) => step.template !== '')
    const step = stepName === undefined ? written[0] : written.find((one) => one.name === stepName)
    if (!(campaign.isDraft || campaign.isEditable) || !step) throw new HTTPException(404)
    return { campaign, step, steps: written.map((one) => one.name) }
  }

  /** What a template says on a channel, in every language: the network's own words, or those of the program. */
  async function sourcesOf(tx: Tx, networkId: string, template: string, channel: ChannelName) {
    const catalog = await catalogFor(tx, context.templates, networkId, [template])
    return Object.fromEntries(
      languages.map((language) => [language, catalog.find(template, channel, language)?.source ?? '']),
    ) as Record<Language, string>
  }

  const seenOf = (sources: Record<Language, string>) =>
    wordsHash(languages.map((language) => sources[language]).join('\0'))

  const partsIn = (form: Record<string, unknown>, channel: ChannelName, language: Language): WordParts => {
    const read = (part: string) => {
      const value = form[partName(language, part)]
      return typeof value === 'string' ? value.slice(0, mostText) : ''
    }
    return { head: Object.fromEntries(frontMatterKeys[channel].map((key) => [key, read(key)])), text: read('text') }
  }

  const faultsOf = ({ definition }: Readable, channel: ChannelName, source: string) =>
    checkTemplate(source, channel, fieldsOf(Object.keys(definition.values ?? {})), definition.class).filter(
      // The layouts owe the way out, and they have it.
      ({ code }) => code !== 'unsubscribe.missing',
    )

  async function show(
    c: PageContext,
    draft: NonNullable<Awaited<ReturnType<typeof draftOf>>>,
    channel: ChannelName,
    more: Pick<WriteProps, 'parts' | 'seen'> & Partial<WriteProps>,
    status?: 409 | 422,
  ) {
    const { campaign, step, steps } = draft
    return sendPage(
      c,
      <WritePage
        view={await view(c)}
        campaignId={campaign.id}
        title={campaign.title}
        isRunning={!campaign.isDraft}
        steps={steps}
        step={step.name}
        template={step.template}
        channel={channel}
        fields={fieldsOf(Object.keys(campaign.definition.values ?? {}))}
        {...more}
      />,
      status,
    )
  }

  const page: PageHandler = async (c) => {
    const { step: name, channel: given, said } = parsed(asked, c.req.query())
    const draft = await draftOf(c, name)
    if (!draft) return c.redirect(`/console/campaigns/${idOf(c)}`, 303)
    const channel = given ?? draft.step.channels?.[0] ?? 'email'
    const sources = await sourcesOf(db, c.get('network').id, draft.step.template, channel)
    const parts = Object.fromEntries(languages.map((one) => [one, partsOf(sources[one], channel)]))
    const { t } = await view(c)
    return show(c, draft, channel, {
      parts: parts as Record<Language, WordParts>,
      seen: seenOf(sources),
      ...(said === 'saved' ? { said: t('write.saved') } : {}),
    })
  }

  const save: PageHandler = async (c) => {
    const network = c.get('network')
    const form = await c.req.parseBody()
    const { step: name, channel, seen } = parsed(posted, form)
    const draft = await draftOf(c, name)
    if (!draft) return c.redirect(`/console/campaigns/${idOf(c)}`, 303)
    const { campaign, step } = draft
    const parts = Object.fromEntries(languages.map((one) => [one, partsIn(form, channel, one)]))
    const written = languages.flatMap((language): NetworkWords[] => {
      const one = parts[language] as WordParts
      return one.text.trim() === '' ? [] : [{ template: step.template, channel, language, source: sourceOf(one) }]
    })
    const kept = { parts: parts as Record<Language, WordParts>, seen }
    const { t } = await view(c)
    const faults = Object.fromEntries(
      written.map(({ language, source }) => [
        language,
        faultsOf(campaign, channel, source).filter(({ severity }) => severity === 'error'),
      ]),
    )
    const count = Object.values(faults).reduce((sum, list) => sum + list.length, 0)
    if (count > 0) return show(c, draft, channel, { ...kept, faults, problem: t('draft.problems', { count }) }, 422)
    if (written.length === 0) return show(c, draft, channel, { ...kept, problem: t('write.empty') }, 422)
    const isWritten = await db.transaction(async (tx) => {
      const before = await sourcesOf(tx, network.id, step.template, channel)
      if (seenOf(before) !== seen) return false
      const changed = written.filter(
        ({ language, source }) => sourceOf(partsOf(before[language], channel)) !== sourceOf(partsOf(source, channel)),
      )
      if (changed.length === 0) return true
      const actor = c.get('user').id
      await putWords(tx, network.id, changed, actor, wall.now())
      await audit(tx, {
        networkId: network.id,
        actor,
        action: 'campaign.words',
        subject: campaign.id,
        data: {
          step: step.name,
          template: step.template,
          channel,
          languages: changed.map((one) => one.language).join(),
        },
        at: wall.now(),
      })
      return true
    })
    if (!isWritten) return show(c, draft, channel, { ...kept, problem: t('write.moved') }, 409)
    const there = new URLSearchParams({ step: step.name, channel, said: 'saved' })
    return c.redirect(`/console/campaigns/${campaign.id}/write?${there}`, 303)
  }

  /** What a reader would see of words that are not kept yet. Changes nothing: posted only since it is long. */
  const frame: PageHandler = async (c) => {
    const network = c.get('network')
    if (scopeFor(c.get('user'), 'contact.read', network.id)?.of !== 'network') throw new HTTPException(404)
    const form = await c.req.parseBody()
    const { step: name, channel, preview: language = 'fr' } = parsed(posted, form)
    const draft = await draftOf(c, name)
    if (!draft) throw new HTTPException(404)
    const { campaign, step } = draft
    const parts = partsIn(form, channel, language)
    const isEmpty = parts.text.trim() === ''
    const source = sourceOf(parts)
    const faults = isEmpty ? [] : faultsOf(campaign, channel, source)
    const own: NetworkWords[] = [{ template: step.template, channel, language, source }]
    const isSound = !isEmpty && faults.every(({ severity }) => severity !== 'error')
    const now = businessNow(wall.now(), network)
    c.header('cache-control', 'no-store')
    return c.html(
      await previewDocument({
        view: await view(c),
        previewed: isSound
          ? await previewStep(context, network, campaign.definition, step, channel, language, now, own)
          : undefined,
        faults,
        costMillis: (await currentPolicy(db, network.id)).values.costs.value.sms,
        css: assets.text('relais.css'),
      }),
    )
  }

  app.get('/console/campaigns/:id/write', may('campaign.write', campaignOf(db)), page)
  app.post('/console/campaigns/:id/write', may('campaign.write', campaignOf(db)), save)
  app.post('/console/campaigns/:id/write/frame', may('campaign.write', campaignOf(db)), frame)
}
