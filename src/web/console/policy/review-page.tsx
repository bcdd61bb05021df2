import type { FC } from 'hono/jsx'
import type { KeptCase } from '../../../policy/cases.ts'
import type { EffectRow, PolicyEffect } from '../../../policy/effect.ts'
import type { PolicyChange } from '../../../routing/policy-diff.ts'
import type { CaseResult } from '../../../routing/run-cases.ts'
import type { Shadowed } from '../../../routing/shadowed.ts'
import { inNetwork } from '../../layout.tsx'
import { CheckField, TextArea } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Expected, Got } from './case-words.tsx'
import { Changes } from './changes.tsx'
import { home, PolicyPage } from './policy-page.tsx'

export interface Tried {
  kept: KeptCase
  result: CaseResult
}

interface ReviewProps {
  view: View
  /** The version in force, which the draft is compared with. */
  version: number
  changes: readonly PolicyChange[]
  shadowed: readonly Shadowed[]
  tried: readonly Tried[]
  effect: PolicyEffect
  restoredFrom?: number
  values: { note: string }
  problems?: Problems
}

/** The last look before a draft is in force: what changes, what the cases say, whom it touches. */
export const ReviewPage: FC<ReviewProps> = (props) => {
  const { view, version, changes, shadowed, effect } = props
  const { t } = view
  return (
    <PolicyPage
      view={view}
      tab="table"
      title={t('policy.reviewPage.title')}
      lead={t('policy.reviewPage.lead', { version })}
      action={<LinkButton href={inNetwork(view, home)} text={t('ui.back')} />}
    >
      <Panel title={t('policy.reviewPage.changes')} id="changes">
        {changes.length === 0 ? <p>{t('policy.reviewPage.none')}</p> : <Changes view={view} changes={changes} />}
      </Panel>
      {shadowed.length > 0 && (
        <Panel title={t('policy.reviewPage.deadTitle')} id="dead">
          <ul>
            {shadowed.map(({ id, by }) => (
              <li>
                <strong>{id}</strong> – {t('policy.deadWhy', { rules: by.join(', ') })}
              </li>
            ))}
          </ul>
        </Panel>
      )}
      <CasesPanel props={props} />
      <EffectPanel view={view} effect={effect} />
      {changes.length > 0 && <SavePanel props={props} />}
    </PolicyPage>
  )
}

const CasesPanel: FC<{ props: ReviewProps }> = ({ props: { view, tried } }) => {
  const { t } = view
  const failed = tried.filter(({ result }) => !result.isPassed)
  return (
    <Panel title={t('policy.reviewPage.cases')} id="cases">
      {failed.length === 0 ? (
        <Flash tone="good">{t('policy.reviewPage.casesGood', { count: tried.length })}</Flash>
      ) : (
        <>
          <Flash tone="warning">{t('policy.reviewPage.casesBad', { count: failed.length, all: tried.length })}</Flash>
          <DataTable
            view={view}
            caption={t('policy.reviewPage.cases')}
            rows={failed}
            url={() => inNetwork(view, `${home}/review`)}
            empty={t('ui.none')}
            columns={[
              {
                key: 'name',
                head: t('policy.casesPage.name'),
                cell: ({ kept }) => (
                  <a href={inNetwork(view, `${home}/cases/${kept.id}`)}>{kept.case.name[view.language]}</a>
                ),
              },
              {
                key: 'expected',
                head: t('policy.casesPage.expected'),
                cell: ({ kept }) => <Expected view={view} one={kept.case} />,
              },
              {
                key: 'got',
                head: t('policy.casesPage.got'),
                cell: ({ result }) => <Got view={view} result={result} />,
              },
            ]}
          />
        </>
      )}
    </Panel>
  )
}

const EffectPanel: FC<{ view: View; effect: PolicyEffect }> = ({ view, effect: { looked, isWhole, rows } }) => {
  const { t, formats } = view
  const name = (channel: EffectRow['moves'][number]['from']) =>
    channel ? t(`channels.${channel}`) : t('policy.reviewPage.nothing')
  return (
    <Panel title={t('policy.reviewPage.effect')} id="effect" note={t('policy.reviewPage.effectNote')}>
      {rows.length === 0 ? (
        <p>{t('policy.reviewPage.effectNone', { count: looked })}</p>
      ) : (
        <DataTable
          view={view}
          caption={t('policy.reviewPage.effect')}
          rows={rows}
          url={() => inNetwork(view, `${home}/review`)}
          empty={t('ui.none')}
          columns={[
            {
              key: 'message',
              head: t('policy.reviewPage.message'),
              cell: ({ urgency, intent }) => `${t(`intents.${intent}`)}, ${t('urgency')} ${t(`urgencies.${urgency}`)}`,
            },
            {
              key: 'people',
              head: t('policy.reviewPage.people'),
              cell: ({ people }) => t('ui.people', { count: people }),
              isNumber: true,
            },
            {
              key: 'moves',
              head: t('policy.reviewPage.moves'),
              cell: ({ moves }) => (
                <ul class="rule-conditions">
                  {moves.map(({ from, to, people }) => (
                    <li>
                      {name(from)} → {name(to)}
                      {view.t('colon')} {formats.number(people)}
                    </li>
                  ))}
                </ul>
              ),
            },
          ]}
        />
      )}
      <p class="note">
        {t(isWhole ? 'policy.reviewPage.effectWhole' : 'policy.reviewPage.effectPart', { count: looked })}
      </p>
    </Panel>
  )
}

const SavePanel: FC<{ props: ReviewProps }> = ({
  props: { view, version, tried, restoredFrom, values, problems = {} },
}) => {
  const { t } = view
  const hasFailed = tried.some(({ result }) => !result.isPassed)
  return (
    <Panel title={t('policy.reviewPage.save')} id="save">
      <Form view={view} action={inNetwork(view, `${home}/save`)} problems={problems}>
        <input type="hidden" name="against" value={String(version)} />
        {restoredFrom !== undefined && <input type="hidden" name="restoredFrom" value={String(restoredFrom)} />}
        <TextArea
          view={view}
          name="note"
          label={t('policy.reviewPage.note')}
          hint={t('policy.reviewPage.noteHint')}
          value={values.note}
          error={problems.note}
          rows={2}
          maxlength={500}
        />
        {hasFailed && (
          <CheckField view={view} name="confirm" label={t('policy.reviewPage.confirm')} error={problems.confirm} />
        )}
        <div class="buttons">
          <button type="submit" class="primary">
            {t('policy.reviewPage.submit', { version: version + 1 })}
          </button>
        </div>
      </Form>
    </Panel>
  )
}
