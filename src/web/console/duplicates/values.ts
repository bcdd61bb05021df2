import { fieldValue, type MergeField, type MergeSide } from '../../../network/merge/fields.ts'
import type { View } from '../../view.ts'
import type { Key } from '../../words/index.ts'

export const nameOf = (view: View, { row }: MergeSide): string =>
  [row.firstName, row.lastName].filter(Boolean).join(' ') || view.t('duplicates.nameless')

/** What a side says for a field, in words; undefined when it says nothing. */
export function fieldText(view: View, side: MergeSide, field: MergeField): string | undefined {
  const { t } = view
  const value = fieldValue(side, field)
  if (value === undefined || value === '') return undefined
  switch (field) {
    case 'site':
      return side.siteName
    case 'profile':
      return t(`profiles.${value}` as Key)
    case 'language':
      return t(`languages.${value}` as Key)
    case 'preferredChannel':
      return t(`channels.${value}` as Key)
    case 'isCorrespondent':
    case 'hasContract':
      return value ? t('ui.yes') : t('ui.no')
    case 'lastActivityOn':
      return view.formats.date(new Date(`${value}T12:00:00Z`))
    default:
      return String(value)
  }
}
