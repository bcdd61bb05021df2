import type { FC } from 'hono/jsx'
import { type Difference, isSame, type KeyChange, type TextPart } from '../../../approval/difference.ts'
import { Badge } from '../../ui/badge.tsx'
import type { View } from '../../view.ts'

const Keys: FC<{ view: View; keys: readonly KeyChange[] }> = ({ view: { t }, keys }) => (
  <table class="difference">
    <thead>
      <tr>
        <th scope="col">{t('life.approval.key')}</th>
        <th scope="col">{t('life.approval.before')}</th>
        <th scope="col">{t('life.approval.after')}</th>
      </tr>
    </thead>
    <tbody>
      {keys.map(({ key, before, after }) => (
        <tr>
          <th scope="row">
            <code>{key}</code>
          </th>
          <td>{before === undefined ? '–' : <del>{before}</del>}</td>
          <td>{after === undefined ? '–' : <ins>{after}</ins>}</td>
        </tr>
      ))}
    </tbody>
  </table>
)

const Words: FC<{ parts: readonly TextPart[] }> = ({ parts }) => (
  <pre class="difference-text">
    {parts.map(({ kind, text }) => (kind === 'new' ? <ins>{text}</ins> : kind === 'gone' ? <del>{text}</del> : text))}
  </pre>
)

/** What two versions of a campaign say differently: its keys, its steps, its words one by one. */
export const DifferenceView: FC<{ view: View; difference: Difference }> = ({ view, difference }) => {
  const { t } = view
  if (isSame(difference)) return <p class="note">{t('life.approval.same')}</p>
  return (
    <>
      {difference.campaign.length > 0 && (
        <>
          <h3>{t('life.approval.campaign')}</h3>
          <Keys view={view} keys={difference.campaign} />
        </>
      )}
      {difference.steps.map(({ step, kind, keys }) => (
        <>
          <h3>
            {step} <Badge text={t(`life.approval.kinds.${kind}`)} />
          </h3>
          {keys.length > 0 && <Keys view={view} keys={keys} />}
        </>
      ))}
      {difference.texts.map(({ template, channel, language, kind, parts }) => (
        <>
          <h3>
            {`${template} · ${t(`channels.${channel}`)} · ${language}`}{' '}
            <Badge text={t(`life.approval.kinds.${kind}`)} />
          </h3>
          {parts.length > 0 && <Words parts={parts} />}
        </>
      ))}
    </>
  )
}
