import type { FC } from 'hono/jsx'
import { type MergeField, type MergeSide, mergeFields } from '../../../network/merge/fields.ts'
import { type Proposal, proposeKeep, proposeMerge } from '../../../network/merge/propose.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import type { View } from '../../view.ts'
import type { PairRow } from './queries.ts'
import { fieldText, nameOf } from './values.ts'

interface CompareProps {
  view: View
  one: MergeSide
  other: MergeSide
  reason: PairRow['reason']
}

const places = ['a', 'b'] as const

const KeepRow: FC<CompareProps & { keepId: string; why: string }> = ({ view, one, other, keepId, why }) => {
  const { t } = view
  return (
    <tr class="keep-row">
      <th scope="row">
        {t('duplicates.compare.keep')}
        <small>{t('duplicates.compare.proposed', { why })}</small>
      </th>
      {[one, other].map((side) => (
        <td data-label={nameOf(view, side)}>
          <label class="pick">
            <input type="radio" name="keep" value={side.row.id} checked={side.row.id === keepId} />
            {t('duplicates.compare.keepThis')}
            <span class="hidden"> ({nameOf(view, side)})</span>
          </label>
        </td>
      ))}
    </tr>
  )
}

const FieldRow: FC<CompareProps & { field: MergeField; proposal: Proposal; isKeptFirst: boolean }> = ({
  view,
  one,
  other,
  field,
  proposal,
  isKeptFirst,
}) => {
  const { t } = view
  const label = t(`duplicates.fields.${field}`)
  const texts = [one, other].map((side) => fieldText(view, side, field))
  const isSame = proposal.reason === 'same'
  if (isSame && texts.every((text) => text === undefined)) return null
  // Values stand where their contact stands, whichever of the two is kept.
  const taken = (proposal.take === 'keep') === isKeptFirst ? 'a' : 'b'
  return (
    <tr class={isSame ? undefined : 'differs'}>
      <th scope="row">
        {label}
        {!isSame && (
          <small>{t('duplicates.compare.proposed', { why: t(`duplicates.choiceReasons.${proposal.reason}`) })}</small>
        )}
      </th>
      {places.map((place, at) => {
        const text = texts[at] ?? t('duplicates.compare.none')
        const who = nameOf(view, at === 0 ? one : other)
        if (isSame) return <td data-label={who}>{text}</td>
        return (
          <td data-label={who}>
            <label class="pick">
              <input
                type="radio"
                name={field}
                value={place}
                checked={place === taken}
                aria-label={t('duplicates.compare.chooseOf', { field: label, value: text })}
              />
              {text}
            </label>
          </td>
        )
      })}
    </tr>
  )
}

const FactRow: FC<{ label: string; names: string[]; values: string[] }> = ({ label, names, values }) => (
  <tr>
    <th scope="row">{label}</th>
    {values.map((value, at) => (
      <td data-label={names[at]}>{value}</td>
    ))}
  </tr>
)

/** Two contacts side by side: what differs is marked, what serves better is proposed, and a person decides. */
export const ComparePage: FC<CompareProps> = (props) => {
  const { view, one, other, reason } = props
  const { t, formats } = view
  const { keepId, reason: keepReason } = proposeKeep(one, other)
  const isKeptFirst = keepId === one.row.id
  const proposals = proposeMerge(isKeptFirst ? one : other, isKeptFirst ? other : one)
  const names = [one, other].map((side) => nameOf(view, side))
  const title = t('duplicates.compare.title', { one: names[0]!, other: names[1]! })
  const here = `/console/duplicates/${one.row.id}/${other.row.id}`
  return (
    <ConsolePage view={view} title={title} current="network">
      <Breadcrumb
        view={view}
        trail={[
          [t('nav.network'), inNetwork(view, '/console/contacts')],
          [t('duplicates.title'), inNetwork(view, '/console/duplicates')],
        ]}
      />
      <PageHeading
        title={title}
        facts={<Badge text={t(`duplicates.reasons.${reason}`)} tone="warning" />}
        lead={t('duplicates.compare.keepHint')}
      />
      <form class="merge" method="get" action={`${here}/merge`}>
        <table class="list cards compare">
          <caption class="hidden">{t('duplicates.compare.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('duplicates.compare.field')}</th>
              {[one, other].map((side) => (
                <th scope="col">
                  <a href={`/console/contacts/${side.row.id}`}>{nameOf(view, side)}</a>
                  <small>{side.siteName}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <KeepRow {...props} keepId={keepId} why={t(`duplicates.keepReasons.${keepReason}`)} />
            <FactRow
              names={names}
              label={t('duplicates.compare.deliveries')}
              values={[one, other].map((side) => formats.number(side.deliveries))}
            />
            <FactRow
              names={names}
              label={t('duplicates.compare.created')}
              values={[one, other].map((side) => formats.date(side.row.createdAt))}
            />
            <FactRow
              names={names}
              label={t('duplicates.compare.state')}
              values={[one, other].map((side) =>
                side.row.isActive ? t('duplicates.compare.active') : t('duplicates.compare.inactive'),
              )}
            />
            {mergeFields.map((field) => (
              <FieldRow {...props} field={field} proposal={proposals[field]} isKeptFirst={isKeptFirst} />
            ))}
          </tbody>
        </table>
        <div class="buttons">
          <button type="submit" class="primary">
            {t('duplicates.compare.merge')}
          </button>
        </div>
      </form>
      <ActionButton action={`${here}/dismiss`} text={t('duplicates.compare.dismiss')} />
    </ConsolePage>
  )
}
