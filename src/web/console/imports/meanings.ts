import { attributeName, type Column, isTarget, targets } from '../../../network/import/columns.ts'
import type { Key, Translate } from '../../words/index.ts'

export interface MeaningGroup {
  label: string
  choices: { value: string; text: string }[]
}

const groupOf = (target: string): 'site' | 'contact' | 'consent' =>
  target.startsWith('site.') ? 'site' : target.startsWith('contact.') ? 'contact' : 'consent'

/** The name of a meaning, as people know it. */
export function meaningText(t: Translate, target: string): string {
  if (target === 'ignore') return t('imports.mapping.ignore')
  if (target.startsWith('site.attributes.')) return t('imports.mapping.siteAttribute')
  if (target.startsWith('contact.attributes.')) return t('imports.mapping.contactAttribute')
  return t(`imports.targets.${target}` as Key)
}

/** The free fact that a column is when it is nothing else. */
const attributesOf = (column: Pick<Column, 'header' | 'index'>) => {
  const name = (attributeName(column.header) || `column_${column.index + 1}`).slice(0, 60)
  return [`site.attributes.${name}`, `contact.attributes.${name}`].filter(isTarget)
}

/** All a column may mean, by what it is about; what it means now is always among them. */
export function meaningsOf(t: Translate, column: Pick<Column, 'header' | 'index'>, current: string): MeaningGroup[] {
  const named = targets.filter((target) => target !== 'ignore')
  const choice = (value: string) => ({ value, text: meaningText(t, value) })
  const other = ['ignore', ...attributesOf(column)]
  if (!other.includes(current) && !named.some((target) => target === current)) other.push(current)
  return [
    ...(['contact', 'site', 'consent'] as const).map((group) => ({
      label: t(`imports.mapping.groups.${group}`),
      choices: named.filter((target) => groupOf(target) === group).map(choice),
    })),
    { label: t('imports.mapping.groups.other'), choices: other.map(choice) },
  ]
}
