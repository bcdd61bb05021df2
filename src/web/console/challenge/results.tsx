import type { FC } from 'hono/jsx'
import { dayText } from '../../challenge/desk.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { nameOf, type ResultLine } from './queries.ts'

interface ResultsProps {
  view: View
  /** The page of the challenge. */
  here: string
}

const WhatWasTold: FC<ResultsProps & { row: ResultLine }> = ({ view, row, here }) => {
  const { t, formats } = view
  return (
    <>
      {`${formats.number(row.quantity)} · ${row.criterion}`}
      <small class="note">
        {[dayText(view, row.doneOn), t(`challenge.console.ways.${row.way}`), row.reference, row.statement]
          .filter((part) => part)
          .join(' · ')}
      </small>
      {row.suspicion ? <strong>{t(`challenge.console.suspicion.${row.suspicion}`)}</strong> : null}{' '}
      {row.evidenceId ? <a href={`${here}/evidence/${row.evidenceId}`}>{t('challenge.console.evidence')}</a> : null}
    </>
  )
}

/** Turns a result down, or takes one out that counted; whoever told it is shown why. */
const RefuseForm: FC<ResultsProps & { row: ResultLine; text: string }> = ({ view: { t }, row, here, text }) => (
  <form class="form" method="post" action={`${here}/results/${row.id}`}>
    <input type="hidden" name="verdict" value="refuse" />
    <input
      name="reason"
      aria-label={t('challenge.console.refuseReason')}
      placeholder={t('challenge.console.refuseReason')}
      maxlength={300}
      required
    />
    <button type="submit">{text}</button>
  </form>
)

/** What somebody has to look at before it counts, the one that waits the longest first. */
export const WaitingResults: FC<ResultsProps & { waiting: readonly ResultLine[] }> = ({ view, waiting, here }) => {
  const { t } = view
  return (
    <Panel id="waiting" title={t('challenge.console.pending')}>
      <DataTable
        view={view}
        caption={t('challenge.console.pending')}
        rows={waiting}
        url={() => here}
        empty={t('challenge.console.nonePending')}
        columns={[
          { key: 'name', head: t('challenge.console.name'), cell: (row) => nameOf(row) },
          {
            key: 'what',
            head: t('challenge.console.result'),
            cell: (row) => <WhatWasTold view={view} row={row} here={here} />,
          },
          {
            key: 'do',
            head: t('challenge.console.decision'),
            cell: (row) => (
              <>
                <ActionButton
                  action={`${here}/results/${row.id}`}
                  text={t('challenge.console.validate')}
                  kind="primary"
                  fields={{ verdict: 'validate' }}
                />
                <RefuseForm view={view} row={row} here={here} text={t('challenge.console.refuse')} />
              </>
            ),
          },
        ]}
      />
    </Panel>
  )
}

/** What counts, to be taken out again where it should not: the ledger then reverses it, and erases nothing. */
export const CountedResults: FC<
  ResultsProps & { counted: readonly ResultLine[]; next?: string; isContinued: boolean }
> = ({ view, counted, next, isContinued, here }) => {
  const { t } = view
  return (
    <Panel id="counted" title={t('challenge.console.counted')} note={t('challenge.console.countedNote')}>
      <DataTable
        view={view}
        caption={t('challenge.console.counted')}
        rows={counted}
        url={({ cursor }) => `${cursor === undefined ? here : `${here}?counted=${encodeURIComponent(cursor)}`}#counted`}
        next={next}
        isContinued={isContinued}
        empty={t('challenge.console.noneCounted')}
        columns={[
          { key: 'name', head: t('challenge.console.name'), cell: (row) => nameOf(row) },
          {
            key: 'what',
            head: t('challenge.console.result'),
            cell: (row) => <WhatWasTold view={view} row={row} here={here} />,
          },
          {
            key: 'do',
            head: t('challenge.console.decision'),
            cell: (row) => (
              <details>
                <summary>{t('challenge.console.takeOut')}</summary>
                <RefuseForm view={view} row={row} here={here} text={t('challenge.console.takeOut')} />
              </details>
            ),
          },
        ]}
      />
    </Panel>
  )
}
