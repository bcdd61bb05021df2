import type { FC } from 'hono/jsx'
import { type MergeChoices, type MergeSide, mergeFields } from '../../../network/merge/fields.ts'
import { ConsolePage } from '../../layout.tsx'
import { DescriptionList } from '../../ui/figures.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { fieldText, nameOf } from './values.ts'

interface ConfirmProps {
  view: View
  keep: MergeSide
  other: MergeSide
  choices: MergeChoices
  /** Path of the pair. */
  here: string
  fields: Readonly<Record<string, string>>
}

/** The last look before two contacts become one. */
export const ConfirmMergePage: FC<ConfirmProps> = ({ view, keep, other, choices, here, fields }) => {
  const { t } = view
  const title = t('duplicates.confirm.title')
  const facts = mergeFields.flatMap((field) => {
    const detail = fieldText(view, choices[field] === 'keep' ? keep : other, field)
    return detail === undefined ? [] : [{ term: t(`duplicates.fields.${field}`), detail }]
  })
  return (
    <ConsolePage view={view} title={title} current="network">
      <Confirmation
        view={view}
        title={title}
        people={1}
        action={`${here}/merge`}
        confirm={t('duplicates.confirm.button')}
        back={here}
        isDangerous
        fields={fields}
      >
        <ul class="remarks">
          <li>{t('duplicates.confirm.keeps', { name: nameOf(view, keep), site: keep.siteName })}</li>
          <li>{t('duplicates.confirm.loses', { name: nameOf(view, other), site: other.siteName })}</li>
          {other.deliveries > 0 && <li>{t('duplicates.confirm.history', { count: other.deliveries })}</li>}
          <li>{t('duplicates.confirm.consents')}</li>
          <li>
            <strong>{t('duplicates.confirm.forGood')}</strong>
          </li>
        </ul>
        <p>{t('duplicates.confirm.what')}</p>
        <DescriptionList details={facts} />
      </Confirmation>
    </ConsolePage>
  )
}
