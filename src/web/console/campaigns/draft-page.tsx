import type { Child, FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Outline, OutlinedStep } from '../../../campaign/draft-text.ts'
import type { Draft } from '../../../campaign/drafts.ts'
import type { LaunchNotice } from '../../../campaign/launch-notices.ts'
import type { CampaignProblem } from '../../../campaign/problems.ts'
import { durationMs } from '../../../segment/duration.ts'
import type { SegmentSize } from '../../../segment/sizes.ts'
import { channelNames } from '../../../words.ts'
import { CampaignState } from '../../labels.tsx'
import { ConsolePage } from '../../layout.tsx'
import { ChoiceField, SelectField, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { CampaignTrail } from './new-pages.tsx'
import { byField, isObstacle, noticeText, problemText } from './problem-words.ts'
import { whenText } from './when-text.ts'

export interface DraftProps {
  view: View
  draft: Draft
  outline: Outline
  problems: readonly CampaignProblem[]
  notices: readonly LaunchNotice[]
  segments: readonly SegmentSize[]
  templates: readonly string[]
  /** When each step would begin, where its date can be worked out. */
  dates: ReadonlyMap<string, Date>
  owner: string | undefined
  /** True for one message, which has a form of its own. */
  isOneOff: boolean
  said?: { tone: 'good' | 'warning'; text: string }
}

export const localPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** Which problems each field of the form shows. */
export const draftFields = ({ anchors, steps }: Outline): string[] => [
  'title',
  'audience',
  'link',
  ...Object.keys(anchors).map((name) => `anchor.${name}`),
  ...steps.flatMap((_, index) => [`steps.${index}.at`, `steps.${index}.template`, `steps.${index}.channels`]),
]

export const anchorLabel = ({ t }: View, name: string): string =>
  name === 'launch' || name === 'end' ? t(`draft.anchors.${name}`) : t('draft.anchors.other', { name })

/** A segment with how many belong to it. */
export const segmentChoices = (view: View, segments: readonly SegmentSize[]) =>
  segments.map(({ name, title, size, isMore }) => {
    const called = inLanguage(title, view.language, name)
    return {
      value: name,
      text: isMore
        ? view.t('draft.segmentMany', { title: called, count: size })
        : view.t('draft.segmentSize', { title: called, count: size }),
    }
  })

function audienceChoices(view: View, { segment, otherAudience }: Outline, segments: readonly SegmentSize[]) {
  const { t } = view
  const choices = segmentChoices(view, segments)
  if (segment !== undefined && !segments.some(({ name }) => name === segment))
    return [{ value: segment, text: t('draft.unknownSegment', { name: segment }) }, ...choices]
  if (segment === undefined) return [{ value: '', text: audienceText(view, otherAudience) }, ...choices]
  return choices
}

function audienceText({ t }: View, audience: unknown): string {
  const given = typeof audience === 'object' && audience !== null ? (audience as Record<string, unknown>) : {}
  if (typeof given.site === 'string') return t('draft.audienceSite', { code: given.site })
  if (typeof given.contact === 'string') return t('draft.audienceContact', { code: given.contact })
  return t('draft.audienceKept')
}

const minuteMs = 60_000

/** PT48H as people say it; what is no duration stays as it is written. */
function durationText({ t }: View, text: string): string {
  const minutes = (durationMs(text) ?? 0) / minuteMs
  if (minutes === 0) return text
  if (minutes % 1_440 === 0 && minutes > 2 * 1_440) return t('draft.days', { count: minutes / 1_440 })
  if (minutes % 60 === 0) return t('draft.hours', { count: minutes / 60 })
  return t('draft.minutes', { count: minutes })
}

export const StepFields: FC<{
  view: View
  step: OutlinedStep
  index: number
  date: Date | undefined
  templates: readonly string[]
  errors: Readonly<Record<string, string>>
  children?: Child
}> = ({ view, step, index, date, templates, errors, children }) => {
  const { t, formats } = view
  const name = (field: string) => `steps.${index}.${field}`
  const known = templates.includes(step.template) ? templates : [step.template, ...templates]
  return (
    <li class="draft-step">
      <h3>{t('draft.step', { number: index + 1, name: step.name })}</h3>
      {step.when !== undefined ? (
        <p class="note">{whenText(view, step.when) ?? t('sequence.entryBranch')}</p>
      ) : (
        <TextField
          view={view}
          name={name('at')}
          label={t('draft.at')}
          hint={date ? t('draft.atDate', { date: formats.long(date) }) : t('draft.atNone')}
          value={step.at ?? ''}
          error={errors[name('at')]}
          maxlength={200}
          isRequired
        />
      )}
      <SelectField
        view={view}
        name={name('template')}
        label={t('draft.template')}
        value={step.template}
        choices={known.map((value) => ({ value, text: value }))}
        error={errors[name('template')]}
        isRequired
      />
      <ChoiceField
        view={view}
        name={name('channels')}
        label={t('draft.channels')}
        hint={t('draft.channelsHint')}
        values={step.channels ?? []}
        choices={channelNames.map((value) => ({ value, text: t(`channels.${value}`) }))}
        error={errors[name('channels')]}
        isMultiple
      />
      {step.to !== undefined && <p class="note">{t('draft.to')}</p>}
      {step.fallback?.after && (
        <p class="note">{t('draft.fallback', { after: durationText(view, step.fallback.after) })}</p>
      )}
      {children}
    </li>
  )
}

/** A campaign before it is launched: what it will do, and what keeps it from being launched. */
export const DraftPage: FC<DraftProps> = (props) => {
  const { view, draft, outline, problems, notices, segments, templates, dates, owner, isOneOff, said } = props
  const { t, network, user } = view
  const here = `/console/campaigns/${draft.campaignId}`
  const title = inLanguage(draft.title, view.language, draft.name)
  const may = (permission: 'campaign.write' | 'campaign.launch' | 'campaign.approve') =>
    user !== undefined && network !== undefined && can(user, permission, network.id)
  const { fields: errors, others } = byField(view, problems, draftFields(outline))
  const obstacles = notices.filter(isObstacle)
  const isReady = problems.length === 0 && obstacles.length === 0
  const toMend = problems.length + obstacles.length
  return (
    <ConsolePage view={view} title={title} current="campaigns">
      <CampaignTrail view={view} />
      <PageHeading
        title={title}
        facts={
          <>
            <CampaignState view={view} status={draft.status} />
            {owner && <span>{`${t('draft.owner')}${t('colon')} ${owner}`}</span>}
          </>
        }
        lead={may('campaign.write') ? undefined : t('draft.reader')}
      >
        {isReady && may('campaign.launch') && (
          <LinkButton href={`${here}/launch`} text={t('draft.launch')} kind="primary" />
        )}
        {problems.length === 0 && <LinkButton href={`${here}/plan`} text={t('draft.plan')} />}
        {problems.length === 0 && <LinkButton href={`${here}/words`} text={t('draft.words')} />}
        {problems.length === 0 && <LinkButton href={`${here}/checklist`} text={t('life.checklist.link')} />}
        {problems.length === 0 && may('campaign.approve') && (
          <LinkButton href={`${here}/proof`} text={t('life.proof.link')} />
        )}
        {problems.length === 0 && <LinkButton href={`${here}/approval`} text={t('life.approval.link')} />}
        {may('campaign.write') && (
          <Menu text={t('ui.actions')}>
            {isOneOff && <a href={`/console/messages/${draft.campaignId}`}>{t('draft.edit')}</a>}
            <a href={`${here}/source`}>{t('draft.yaml')}</a>
            <a
              href={`/console/campaigns/start?network=${encodeURIComponent(network?.name ?? '')}&from=${draft.campaignId}`}
            >
              {t('draft.duplicate')}
            </a>
            <a href={`${here}/discard`}>{t('draft.discard')}</a>
          </Menu>
        )}
      </PageHeading>
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      {toMend > 0 && (
        <div class="form-problems" role="alert">
          <p>{t('draft.problems', { count: toMend })}</p>
          <ul>
            {Object.entries(errors).map(([name, text]) => (
              <li>
                <a href={`#${name}`}>{text}</a>
              </li>
            ))}
            {others.map((problem) => (
              <li>
                <a href={`${here}/source`}>{t('draft.line', { line: problem.line, column: problem.column })}</a>
                {`${t('colon')} ${problemText(view, problem)}`}
              </li>
            ))}
            {obstacles.map((notice) => (
              <li>{noticeText(view, notice)}</li>
            ))}
          </ul>
        </div>
      )}
      {notices.some((notice) => !isObstacle(notice)) && (
        <ul class="notices">
          {notices
            .filter((notice) => !isObstacle(notice))
            .map((notice) => (
              <li>{noticeText(view, notice)}</li>
            ))}
        </ul>
      )}
      <Form view={view} action={here}>
        <input type="hidden" name="seen" value={draft.hash} />
        <Panel id="settings" title={t('draft.settings')}>
          <TextField
            view={view}
            name="title"
            label={t('draft.title')}
            value={inLanguage(outline.title, view.language, '')}
            maxlength={200}
            error={errors.title}
            isRequired
          />
          <SelectField
            view={view}
            name="audience"
            label={t('draft.audience')}
            hint={t('draft.audienceHint')}
            value={outline.segment ?? ''}
            choices={audienceChoices(view, outline, segments)}
            error={errors.audience}
            isRequired
          />
          {Object.entries(outline.anchors).map(([name, text]) => (
            <TextField
              view={view}
              name={`anchor.${name}`}
              label={anchorLabel(view, name)}
              type={localPattern.test(text) ? 'datetime-local' : 'text'}
              hint={
                localPattern.test(text)
                  ? t('draft.anchorHint')
                  : /^now\b/.test(text)
                    ? t('draft.now')
                    : t('draft.otherDate')
              }
              value={text}
              error={errors[`anchor.${name}`]}
              maxlength={200}
              isRequired
            />
          ))}
          <TextField
            view={view}
            name="link"
            type="url"
            label={t('draft.link')}
            hint={t('draft.linkHint')}
            value={outline.link ?? ''}
            maxlength={2000}
            error={errors.link}
          />
        </Panel>
        <Panel id="steps" title={t('draft.steps')} note={t('draft.atHint')}>
          <ol class="draft-steps">
            {outline.steps.map((step, index) => (
              <StepFields
                view={view}
                step={step}
                index={index}
                date={dates.get(step.name)}
                templates={templates}
                errors={errors}
              />
            ))}
          </ol>
        </Panel>
        {may('campaign.write') && (
          <button type="submit" class="primary">
            {t('draft.save')}
          </button>
        )}
      </Form>
    </ConsolePage>
  )
}
