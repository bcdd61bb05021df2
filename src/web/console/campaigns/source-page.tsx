import type { FC } from 'hono/jsx'
import type { CampaignProblem } from '../../../campaign/problems.ts'
import { ConsolePage } from '../../layout.tsx'
import { TextArea } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { CampaignTrail } from './new-pages.tsx'
import { problemText } from './problem-words.ts'

interface SourceProps {
  view: View
  campaignId: string
  title: string
  text: string
  /** Absent when the file can no longer be changed. */
  seen?: string
  faults?: readonly Pick<CampaignProblem, 'line' | 'column' | 'message' | 'path' | 'suggestion' | 'file'>[]
  problems?: Problems
  said?: string
}

/** A campaign's file as it is written, with what is wrong with it at its line and column. */
export const SourcePage: FC<SourceProps> = ({ view, campaignId, title, text, seen, faults, problems = {}, said }) => {
  const { t } = view
  const here = `/console/campaigns/${campaignId}`
  return (
    <ConsolePage view={view} title={t('draft.yamlTitle', { name: title })} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading
        title={t('draft.yamlTitle', { name: title })}
        lead={seen === undefined ? undefined : t('draft.yamlLead')}
      />
      {said && <Flash tone="good">{said}</Flash>}
      {faults &&
        (faults.length === 0 ? (
          <Flash tone="good">{t('draft.yamlFine')}</Flash>
        ) : (
          <div class="form-problems" role="alert">
            <p>{t('draft.problems', { count: faults.length })}</p>
            <ul class="faults">
              {faults.map((fault) => (
                <li>
                  <strong>{t('draft.line', { line: fault.line, column: fault.column })}</strong>{' '}
                  {problemText(view, fault)}
                </li>
              ))}
            </ul>
          </div>
        ))}
      {seen === undefined ? (
        <pre class="source">
          <code>{text}</code>
        </pre>
      ) : (
        <Form view={view} action={`${here}/source`} problems={problems}>
          <input type="hidden" name="seen" value={seen} />
          <div class="source">
            <TextArea
              view={view}
              name="text"
              label={t('draft.yamlField')}
              value={text}
              rows={Math.min(60, Math.max(20, text.split('\n').length + 2))}
              error={problems.text}
              isRequired
            />
          </div>
          <button type="submit" class="primary">
            {t('draft.save')}
          </button>
        </Form>
      )}
    </ConsolePage>
  )
}
