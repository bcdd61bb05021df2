import { and, asc, eq, isNotNull } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { scopeFor } from '../../../accounts/policy.ts'
import { contactsWithin } from '../../../accounts/scope.ts'
import { challengesOf } from '../../../challenge/challenge.ts'
import { businessNow } from '../../../clock.ts'
import type { Db } from '../../../db/index.ts'
import { contacts, sites } from '../../../db/schema.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { findContact } from '../../../network/timeline.ts'
import { formOf, ruleOf, unsaid } from '../../../segment/builder.ts'
import { changeSegment, deleteSegment, findSegment, SegmentInUse } from '../../../segment/change.ts'
import { explainRule } from '../../../segment/explain.ts'
import { factsOf } from '../../../segment/facts.ts'
import { reachOf, reachOfSegments } from '../../../segment/reach.ts'
import { findCycle, type SegmentRule, segmentNames } from '../../../segment/rule.ts'
import { listSegments, type Segment, SegmentProblem } from '../../../segment/save.ts'
import { type Usage, usageOf } from '../../../segment/usage.ts'
import { type House, idOf } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { inLanguage, sendPage, type View } from '../../view.ts'
import { networkOf, segmentOf } from '../locate.ts'
import { BuilderPage } from './builder-page.tsx'
import type { Known } from './line-fields.tsx'
import { SegmentsPage } from './list.tsx'
import { segmentsPath, yamlOf } from './pieces.tsx'
import { readForm, type TypedSegment } from './read-form.ts'
import { type Asked, RemovePage, SegmentPage } from './segment.tsx'
import { typedRule } from './typed-rule.ts'

const noUsage: Usage = { campaigns: [], segments: [] }
const noReach = { people: 0, byChannel: { sms: 0, email: 0, print: 0 }, nowhere: 0, looked: 0, isMore: false }
const mostKnown = 40

async function valuesOf(db: Db, networkId: string, name: 'typology' | 'tier' | 'area' | 'region'): Promise<string[]> {
  const rows = await db
    .selectDistinct({ value: sites[name] })
    .from(sites)
    .where(and(eq(sites.networkId, networkId), isNotNull(sites[name])))
    .orderBy(asc(sites[name]))
    .limit(mostKnown)
  return rows.flatMap((row) => row.value ?? [])
}

async function knownOf(db: Db, view: View, networkId: string, all: readonly Segment[], own?: string): Promise<Known> {
  return {
    typology: await valuesOf(db, networkId, 'typology'),
    tier: await valuesOf(db, networkId, 'tier'),
    area: await valuesOf(db, networkId, 'area'),
    region: await valuesOf(db, networkId, 'region'),
    challenge: (await challengesOf(db, networkId)).map(({ campaign, rules }) => ({
      value: campaign.name,
      text: inLanguage(campaign.title, view.language, campaign.name),
      tiers: (rules.tiers ?? []).map(({ name, title }) => ({
        value: name,
        text: inLanguage(title, view.language, name),
      })),
    })),
    segment: all
      .filter(({ id }) => id !== own)
      .map(({ name, title }) => ({ value: name, text: inLanguage(title, view.language, name) })),
  }
}

/** The segments of a network: whom they mean, and the form that makes them. */
export function segmentRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const nowIn = (c: PageContext) => businessNow(wall.now(), c.get('network'))

  const list: PageHandler = async (c) => {
    const network = c.get('network')
    const all = await listSegments(db, network.id)
    const usage = await usageOf(db, network.id, all)
    const { bySegment, looked, isMore } = await reachOfSegments(db, network.id, nowIn(c), c.get('scope'))
    return sendPage(
      c,
      <SegmentsPage
        view={await view(c)}
        listed={all.map((segment) => ({
          segment,
          reach: bySegment.get(segment.id) ?? noReach,
          usage: usage.get(segment.name) ?? noUsage,
        }))}
        among={isMore ? looked : undefined}
        isRemoved={c.req.query('said') === 'removed'}
      />,
    )
  }

  const own = async (c: PageContext): Promise<Segment> => {
    const segment = await findSegment(db, c.get('network').id, idOf(c))
    if (!segment) throw new HTTPException(404)
    return segment
  }

  /** Explaining shows what is known of a person, and only to those who may see them. */
  const askedOf = async (c: PageContext, drawn: View, segment: Segment): Promise<Asked | undefined> => {
    const network = c.get('network')
    const scope = scopeFor(c.get('user'), 'contact.read', network.id)
    if (!scope) return undefined
    const id = c.req.query('contact')?.trim() ?? ''
    const found = id === '' ? undefined : await findContact(db, network.id, id)
    const [contact] = found
      ? await db
          .select({ id: contacts.id, firstName: contacts.firstName, lastName: contacts.lastName })
          .from(contacts)
          .where(and(eq(contacts.networkId, network.id), eq(contacts.id, found.id), contactsWithin(db, scope)))
      : []
    if (!contact) return { id }
    const facts = (await factsOf(db, network.id, [contact.id], { now: nowIn(c) })).get(contact.id)!
    const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ') || id
    return { id, found: { name, explained: explainRule(segment.rule, facts, drawn.language) } }
  }

  const show: PageHandler = async (c) => {
    const network = c.get('network')
    const segment = await own(c)
    const all = await listSegments(db, network.id)
    const drawn = await view(c)
    return sendPage(
      c,
      <SegmentPage
        view={drawn}
        listed={{
          segment,
          reach: await reachOf(db, network.id, segment.rule, nowIn(c), c.get('scope')),
          usage: (await usageOf(db, network.id, all)).get(segment.name) ?? noUsage,
        }}
        isSaved={c.req.query('said') === 'saved'}
        asked={await askedOf(c, drawn, segment)}
      />,
    )
  }

  interface Drawn {
    typed: TypedSegment
    rule?: SegmentRule
    segment?: Segment
    problems?: Problems
    isJudged?: boolean
  }

  const builder = async (c: PageContext, { typed, rule, segment, problems, isJudged }: Drawn) => {
    const network = c.get('network')
    const drawn = await view(c)
    const all = await listSegments(db, network.id)
    const query = `?${new URLSearchParams({ network: network.name })}`
    return sendPage(
      c,
      <BuilderPage
        view={drawn}
        action={`${segmentsPath}${segment ? `/${segment.id}` : ''}${query}`}
        title={segment ? inLanguage(segment.title, drawn.language, segment.name) : drawn.t('segments.newTitle')}
        typed={typed}
        known={await knownOf(db, drawn, network.id, all, segment?.id)}
        rule={rule}
        reach={rule === undefined ? undefined : await reachOf(db, network.id, rule, nowIn(c), c.get('scope'))}
        problems={problems}
        isJudged={isJudged}
      />,
      isJudged ? 422 : 200,
    )
  }

  const make: PageHandler = async (c) =>
    builder(c, { typed: { titleFr: '', titleEn: '', form: { group: 'all', lines: [] } } })

  const edit: PageHandler = async (c) => {
    const segment = await own(c)
    const { title, rule } = segment
    const form = formOf(rule)
    const typed: TypedSegment = {
      titleFr: title.fr ?? '',
      titleEn: title.en ?? '',
      form: form ?? { group: 'all', lines: [] },
      ...(form ? {} : { text: yamlOf(rule) }),
    }
    return builder(c, { typed, rule, segment })
  }

  const judge = ({ t }: View, typed: TypedSegment, rule: SegmentRule | undefined, problem?: string): Problems => ({
    ...(typed.titleFr === '' ? { titleFr: t('segments.problems.title') } : {}),
    ...(problem ? { text: problem } : {}),
    ...(typed.text === undefined && typed.form.lines.length === 0 ? { conditions: t('segments.problems.none') } : {}),
    ...(typed.text === undefined && !rule
      ? Object.fromEntries(
          unsaid(typed.form).map((index) => [
            `condition-${index + 1}`,
            t('segments.problems.line', { number: index + 1 }),
          ]),
        )
      : {}),
  })

  /** Whether a rule names only what is there, and not itself by way of others. */
  const stands = (rule: SegmentRule, all: readonly Segment[], name: string | undefined): boolean => {
    const rules = new Map(all.map((one) => [one.name, one.rule]))
    if (segmentNames(rule).some((wanted) => !rules.has(wanted))) return false
    if (name !== undefined) rules.set(name, rule)
    return findCycle(rules) === undefined
  }

  const take = async (c: PageContext, segment?: Segment) => {
    const network = c.get('network')
    const drawn = await view(c)
    const { typed, pressed } = readForm(new URLSearchParams(await c.req.text()))
    const all = await listSegments(db, network.id)
    const names = all.map(({ name }) => name)
    const read = typed.text === undefined ? undefined : typedRule(drawn, typed.text, names)
    const said = read ? ('rule' in read ? read.rule : undefined) : ruleOf(typed.form)
    const isSound = said !== undefined && stands(said, all, segment?.name)
    const rule = isSound ? said : undefined
    if (pressed.act !== 'save') return builder(c, { typed, rule, segment })
    const problems: Problems = {
      ...judge(drawn, typed, said, read && 'problem' in read ? read.problem : undefined),
      ...(said && !isSound ? { form: drawn.t('segments.problems.refused') } : {}),
    }
    const refuse = (more: Problems = {}) =>
      builder(c, { typed, rule, segment, problems: { ...problems, ...more }, isJudged: true })
    if (!rule || Object.keys(problems).length > 0) return refuse()
    try {
      const title = { fr: typed.titleFr, en: typed.titleEn || typed.titleFr }
      const name = await changeSegment({ db, wall }, network, { title, rule, name: segment?.name }, c.get('user').id)
      const saved = (await listSegments(db, network.id)).find((one) => one.name === name)
      return to(c, `/${saved?.id ?? ''}`, 'saved')
    } catch (error) {
      if (error instanceof SegmentProblem) return refuse({ form: drawn.t('segments.problems.refused') })
      throw error
    }
  }

  const create: PageHandler = (c) => take(c)
  const change: PageHandler = async (c) => take(c, await own(c))

  const duplicate: PageHandler = async (c) => {
    const network = c.get('network')
    const { title, name: former, rule } = await own(c)
    const { t } = await view(c)
    const copied = Object.fromEntries(
      ['fr', 'en'].map((language) => [language, t('segments.copyOf', { title: title[language] ?? former })]),
    )
    const name = await changeSegment({ db, wall }, network, { title: copied, rule }, c.get('user').id)
    const saved = (await listSegments(db, network.id)).find((one) => one.name === name)
    return to(c, `/${saved?.id ?? ''}/edit`)
  }

  const removal = async (c: PageContext, status: 200 | 409) => {
    const segment = await own(c)
    const all = await listSegments(db, c.get('network').id)
    const usage = (await usageOf(db, c.get('network').id, all)).get(segment.name) ?? noUsage
    return sendPage(c, <RemovePage view={await view(c)} listed={{ segment, usage }} />, status)
  }
  const askRemoval: PageHandler = (c) => removal(c, 200)

  const remove: PageHandler = async (c) => {
    try {
      await deleteSegment({ db, wall }, c.get('network'), idOf(c), c.get('user').id)
      return to(c, '', 'removed')
    } catch (error) {
      if (error instanceof SegmentInUse) return removal(c, 409)
      if (error instanceof SegmentProblem) throw new HTTPException(404)
      throw error
    }
  }

  app.get('/console/segments', may('segment.read', networkOf(db)), list)
  app.get('/console/segments/new', may('segment.write', networkOf(db)), make)
  app.post('/console/segments', may('segment.write', networkOf(db)), create)
  app.get('/console/segments/:id', may('segment.read', segmentOf(db)), show)
  app.get('/console/segments/:id/edit', may('segment.write', segmentOf(db)), edit)
  app.post('/console/segments/:id', may('segment.write', segmentOf(db)), change)
  app.post('/console/segments/:id/duplicate', may('segment.write', segmentOf(db)), duplicate)
  app.get('/console/segments/:id/delete', may('segment.write', segmentOf(db)), askRemoval)
  app.post('/console/segments/:id/delete', may('segment.write', segmentOf(db)), remove)
}

const to = (c: PageContext, path: string, said?: string) =>
  c.redirect(
    `${segmentsPath}${path}?${new URLSearchParams({ network: c.get('network').name, ...(said ? { said } : {}) })}`,
    303,
  )
