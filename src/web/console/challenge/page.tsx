import type { FC } from 'hono/jsx'
import type { Challenge } from '../../../challenge/challenge.ts'
import type { CsvSummary } from '../../../challenge/csv/table.ts'
import { type ObjectiveRow, objectiveSentence } from '../../../challenge/objectives.ts'
import { ConsolePage } from '../../layout.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { KeyFigures } from '../../ui/figures.tsx'
import { ActionButton, Form } from '../../ui/form.tsx'
import { PageHeading, Toolbar } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'
import { ChallengeTabs } from '../ranking/challenge-tabs.tsx'
import { exportKinds } from './exports.ts'
import { type Head, nameOf, type ParticipantLine, type ResultLine } from './queries.ts'
import { CountedResults, WaitingResults } from './results.tsx'

export interface ChallengePageProps {
  view: View
  challenge: Challenge
  head: Head
  waiting: readonly ResultLine[]
  /** What counts, the latest first. */
  counted: readonly ResultLine[]
  nextCounted?: string
  isCountedContinued: boolean
  participants: readonly ParticipantLine[]
  objectives: ReadonlyMap<string, readonly ObjectiveRow[]>
  next?: string
  cursor?: string
  isPreparing: boolean
  said?: 'done' | 'gone' | 'reasonMissing'
  refused?: string
  summary?: CsvSummary
}

export const importKinds = ['participants', 'results', 'history'] as const

/** A challenge in the console: who is in, what waits for a person, objectives, files in and out. */
export const ChallengePage: FC<ChallengePageProps> = (props) => {
  const { view, challenge, head, said, refused } = props
  const { t, formats, language } = view
  const here = `/console/campaigns/${challenge.campaignId}/challenge`
  return (
    <ConsolePage view={view} title={t('challenge.title')} current="campaigns">
      <PageHeading
        title={formats.labelled(
          t('challenge.title'),
          inLanguage(challenge.campaign.title, language, challenge.campaign.name),
        )}
        lead={t('challenge.console.lead', {
          from: formats.date(challenge.startsAt),
          to: formats.date(challenge.endsAt),
          version: challenge.rulesVersion,
        })}
      >
        <ActionButton action={`${here}/prepare`} text={t('challenge.console.prepare')} />
      </PageHeading>
      <ChallengeTabs view={view} campaignId={challenge.campaignId} label={t('challenge.title')} tab="challenge" />
      {said ? <Flash tone={said === 'done' ? 'good' : 'warning'}>{t(`challenge.console.${said}`)}</Flash> : null}
      {refused ? <Flash tone="bad">{refused}</Flash> : null}
      {props.isPreparing ? <Flash tone="warning">{t('challenge.console.preparing')}</Flash> : null}
      {props.summary ? <Summary view={view} summary={props.summary} /> : null}
      <KeyFigures
        figures={[
          { label: t('challenge.console.people'), value: formats.number(head.people) },
          { label: t('challenge.console.companies'), value: formats.number(head.companies) },
          { label: t('challenge.console.withdrawn'), value: formats.number(head.withdrawn) },
          { label: t('challenge.console.toCheck'), value: formats.number(head.waiting), href: '#waiting' },
          { label: t('challenge.console.ledgerSum'), value: formats.number(head.points) },
        ]}
      />
      {head.byWay.length > 0 ? (
        <p class="note">
          {formats.labelled(
            t('challenge.console.byWay'),
            head.byWay
              .map(({ way, count }) => `${t(`challenge.console.ways.${way}`)} ${formats.number(count)}`)
              .join(' · '),
          )}
        </p>
      ) : null}
      <WaitingResults view={view} waiting={props.waiting} here={here} />
      <Participants {...props} here={here} />
      <CountedResults
        view={view}
        counted={props.counted}
        next={props.nextCounted}
        isContinued={props.isCountedContinued}
        here={here}
      />
      <Panel id="register" title={t('challenge.console.registerOne')}>
        <Form view={view} action={`${here}/register`}>
          <TextField view={view} name="who" label={t('challenge.console.registerWho')} maxlength={120} isRequired />
          <button type="submit" class="primary">
            {t('challenge.console.registerOne')}
          </button>
        </Form>
      </Panel>
      <Panel id="import" title={t('challenge.console.imports')} note={t('challenge.console.importNote')}>
        <Form view={view} action={`${here}/import`} isMultipart>
          <SelectField
            view={view}
            name="what"
            label={t('challenge.console.importWhat')}
            choices={importKinds.map((kind) => ({ value: kind, text: t(`challenge.console.importKinds.${kind}`) }))}
            isRequired
          />
          <TextField
            view={view}
            name="file"
            type="file"
            accept=".csv,text/csv"
            label={t('challenge.console.file')}
            isRequired
          />
          <button type="submit" class="primary">
            {t('challenge.console.doImport')}
          </button>
        </Form>
      </Panel>
      <Panel id="export" title={t('challenge.console.exports')}>
        <Toolbar>
          {exportKinds.map((kind) => (
            <LinkButton href={`${here}/export/${kind}`} text={t(`challenge.console.exportKinds.${kind}`)} isDownload />
          ))}
        </Toolbar>
      </Panel>
    </ConsolePage>
  )
}

const Summary: FC<{ view: View; summary: CsvSummary }> = ({ view: { t }, summary }) => {
  const { rejected, ...counts } = summary
  return (
    <Panel id="imported" title={t('challenge.console.imports')}>
      <p role="status">{t('challenge.console.imported', { ...counts, rejected: rejected.length })}</p>
      {rejected.length > 0 ? (
        <ul>
          {rejected.slice(0, 200).map(({ line, code, value }) => (
            <li>
              {t('challenge.console.line', {
                line,
                reason:
                  code === 'refused'
                    ? t(`challenge.refused.${value as 'closed'}`)
                    : code === 'no_columns'
                      ? t('challenge.csv.no_columns', { column: value })
                      : t(`challenge.csv.${code}`, { value }),
              })}
            </li>
          ))}
        </ul>
      ) : null}
    </Panel>
  )
}

const Participants: FC<ChallengePageProps & { here: string }> = ({
  view,
  challenge,
  participants,
  objectives,
  next,
  cursor,
  here,
}) => {
  const { t, formats } = view
  const url = (change: Record<string, string | undefined>) =>
    change.cursor === undefined ? here : `${here}?cursor=${encodeURIComponent(change.cursor)}`
  return (
    <Panel id="participants" title={t('challenge.console.participants')} note={t('challenge.console.objectivesNote')}>
      <DataTable
        view={view}
        caption={t('challenge.console.participants')}
        rows={participants}
        url={url}
        next={next}
        isContinued={cursor !== undefined}
        empty={t('challenge.console.noParticipants')}
        columns={[
          {
            key: 'name',
            head: t('challenge.console.name'),
            cell: (row) => (
              <>
                {nameOf(row)}
                <small class="note">
                  {[
                    row.role,
                    row.league ? t('challenge.console.league', { league: row.league }) : '',
                    row.status === 'withdrawn' ? t('challenge.console.withdrawn') : '',
                  ]
                    .filter((part) => part !== '')
                    .join(' · ')}
                </small>
              </>
            ),
          },
          {
            key: 'way',
            head: t('challenge.console.way'),
            cell: (row) => `${t(`challenge.console.ways.${row.way}`)}, ${formats.date(row.registeredAt)}`,
          },
          {
            key: 'points',
            head: t('challenge.change'),
            isNumber: true,
            cell: (row) => formats.number(row.points ?? 0),
          },
          {
            key: 'objectives',
            head: t('challenge.console.objectives'),
            cell: (row) => (
              <Objectives
                view={view}
                challenge={challenge}
                rows={objectives.get(row.subjectKey) ?? []}
                action={`${here}/objectives`}
              />
            ),
          },
          {
            key: 'leave',
            head: t('challenge.console.withdraw'),
            cell: (row) =>
              row.status === 'registered' ? (
                <ActionButton
                  action={`${here}/withdraw/${row.id}`}
                  text={t('challenge.console.withdraw')}
                  kind="quiet"
                />
              ) : null,
          },
        ]}
      />
    </Panel>
  )
}

const Objectives: FC<{ view: View; challenge: Challenge; rows: readonly ObjectiveRow[]; action: string }> = ({
  view,
  challenge,
  rows,
  action,
}) => {
  const { t, formats, language } = view
  const unitOf = (name: string) => {
    const found = challenge.rules.roles.flatMap(({ criteria }) => criteria).find((one) => one.name === name)
    return inLanguage(found?.unit ?? found?.title ?? {}, language, name)
  }
  if (rows.length === 0) return <>{t('challenge.console.noObjectives')}</>
  return (
    <>
      {rows.map((row) => (
        <details>
          <summary>
            {formats.labelled(row.criterion, formats.number(row.override ?? row.computed))}
            {row.isUnattainable ? <strong>{` · ${t('challenge.console.unattainable')}`}</strong> : null}
          </summary>
          <p class="note">{objectiveSentence(row, unitOf(row.criterion), language)}</p>
          {row.overrideReason ? <p class="note">{row.overrideReason}</p> : null}
          <form class="action" method="post" action={action}>
            <input type="hidden" name="subject" value={row.subjectKey} />
            <input type="hidden" name="criterion" value={row.criterion} />
            <input
              type="number"
              name="target"
              min="1"
              step="1"
              value={row.override ?? ''}
              placeholder={String(row.computed)}
              aria-label={t('challenge.objective')}
            />
            <input
              name="reason"
              maxlength={300}
              placeholder={t('challenge.console.overrideReason')}
              aria-label={t('challenge.console.overrideReason')}
            />
            <button type="submit">{t('challenge.console.override')}</button>
          </form>
        </details>
      ))}
    </>
  )
}
