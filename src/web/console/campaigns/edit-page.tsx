import type { FC } from 'hono/jsx'
import type { Outline } from '../../../campaign/draft-text.ts'
import type { CampaignProblem } from '../../../campaign/problems.ts'
import { ConsolePage } from '../../layout.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { anchorLabel, draftFields, localPattern, StepFields } from './draft-page.tsx'
import { CampaignTrail } from './new-pages.tsx'
import { byField, problemText } from './problem-words.ts'

export interface EditProps {
  view: View
  campaignId: string
  title: string
  /** The version the form was made from: what is changed meanwhile is not written over. */
  version: number
  text: string
  /** Undefined where the whole file is changed. */
  outline?: Outline
  /** Steps of which nothing is to come: they are named, and stay as they are. */
  past: ReadonlySet<string>
  dates: ReadonlyMap<string, Date>
  templates: readonly string[]
  problems: readonly CampaignProblem[]
  /** Why it was not taken as it is. */
  refused?: string
  mayWriteWords: boolean
}

/** A launched campaign as it may still be changed, by its form or as its file; what that does is seen before. */
export const EditPage: FC<EditProps> = (props) => {
  const { view, campaignId, title, version, text, outline, refused, problems } = props
  const { t } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t(outline ? 'editing.title' : 'editing.fileTitle', { name: title })
  const { fields: errors, others } = byField(view, problems, outline ? draftFields(outline) : [])
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading title={heading} lead={t('editing.lead')}>
        <LinkButton
          href={outline ? `${here}/edit?as=file` : `${here}/edit`}
          text={t(outline ? 'editing.file' : 'editing.form')}
        />
      </PageHeading>
      {refused && <Flash tone="bad">{refused}</Flash>}
      {problems.length > 0 && (
        <div class="form-problems" role="alert">
          <p>{t('draft.problems', { count: problems.length })}</p>
          <ul>
            {Object.entries(errors).map(([name, said]) => (
              <li>
                <a href={`#${name}`}>{said}</a>
              </li>
            ))}
            {others.map((problem) => (
              <li>
                {`${t('draft.line', { line: problem.line, column: problem.column })}${t('colon')} ${problemText(view, problem)}`}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Form view={view} action={`${here}/edit`}>
        <input type="hidden" name="version" value={String(version)} />
        {outline ? (
          <Fields props={props} outline={outline} errors={errors} />
        ) : (
          <div class="source">
            <TextArea
              view={view}
              name="text"
              label={t('draft.yamlField')}
              value={text}
              rows={Math.min(60, Math.max(20, text.split('\n').length + 2))}
              isRequired
            />
          </div>
        )}
        <button type="submit" class="primary">
          {t('editing.look')}
        </button>
      </Form>
    </ConsolePage>
  )
}

const Fields: FC<{ props: EditProps; outline: Outline; errors: Readonly<Record<string, string>> }> = ({
  props: { view, campaignId, past, dates, templates, mayWriteWords },
  outline,
  errors,
}) => {
  const { t } = view
  const here = `/console/campaigns/${campaignId}`
  return (
    <>
      <Panel id="settings" title={t('editing.settings')}>
        <TextField
          view={view}
          name="title"
          label={t('draft.title')}
          value={inLanguage(outline.title, view.language, '')}
          maxlength={200}
          error={errors.title}
          isRequired
        />
        {Object.entries(outline.anchors).map(([name, text]) => (
          <TextField
            view={view}
            name={`anchor.${name}`}
            label={anchorLabel(view, name)}
            type={localPattern.test(text) ? 'datetime-local' : 'text'}
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
      <Panel id="steps" title={t('editing.steps')} note={mayWriteWords ? t('editing.wordsNote') : undefined}>
        <ol class="draft-steps">
          {outline.steps.map((step, index) =>
            past.has(step.name) ? (
              <li class="draft-step">
                <h3>{t('draft.step', { number: index + 1, name: step.name })}</h3>
                <p class="note">{t('editing.kinds.past')}</p>
              </li>
            ) : (
              <StepFields
                view={view}
                step={step}
                index={index}
                date={dates.get(step.name)}
                templates={templates}
                errors={errors}
              >
                {mayWriteWords && step.template !== '' && (
                  <p>
                    <a href={`${here}/write?${new URLSearchParams({ step: step.name })}`}>{t('editing.wordsOf')}</a>
                  </p>
                )}
              </StepFields>
            ),
          )}
        </ol>
      </Panel>
    </>
  )
}
