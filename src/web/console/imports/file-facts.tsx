import type { FC } from 'hono/jsx'
import type { Sample } from '../../../network/import/preview.ts'
import { DescriptionList } from '../../ui/figures.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import type { ImportRow } from './queries.ts'

const kilobyte = 1024

function encodingText({ t }: View, { encoding }: Sample): string {
  if (encoding === 'workbook') return t('imports.encodings.workbook')
  if (encoding === 'windows-1252') return t('imports.encodings.windows1252')
  return encoding === 'utf-8' ? t('imports.encodings.utf8') : t('imports.encodings.utf16')
}

function delimiterText({ t }: View, character: string): string {
  const names = { ';': 'semicolon', ',': 'comma', '\t': 'tab', '|': 'pipe' } as const
  const name = names[character as keyof typeof names]
  return name ? t(`imports.delimiters.${name}`) : t('imports.delimiters.other', { character })
}

function sizeText({ t }: View, size: number): string {
  const kilobytes = Math.max(1, Math.round(size / kilobyte))
  return kilobytes < kilobyte
    ? t('imports.kilobytes', { count: kilobytes })
    : t('imports.megabytes', { count: Math.round((kilobytes / kilobyte) * 10) / 10 })
}

/** How the file was taken: what was recognised, so that a wrong guess is seen. */
export const FileFacts: FC<{ view: View; row: ImportRow; sample: Sample }> = ({ view, row, sample }) => {
  const { t, formats } = view
  return (
    <Panel title={t('imports.facts.title')} id="file">
      <DescriptionList
        details={[
          { term: t('imports.list.file'), detail: row.fileName, note: sizeText(view, sample.size) },
          { term: t('imports.facts.encoding'), detail: encodingText(view, sample) },
          sample.kind === 'text' && {
            term: t('imports.facts.delimiter'),
            detail: delimiterText(view, sample.delimiter),
          },
          sample.sheet !== undefined && { term: t('imports.facts.sheet'), detail: sample.sheet },
          {
            term: t('imports.facts.header'),
            detail: t('imports.facts.line', { line: sample.headerLine }),
            note: t('imports.facts.columns', { count: sample.headers.length }),
          },
          {
            term: t('imports.facts.uploaded'),
            detail: formats.short(row.startedAt),
            note: row.by ?? t('imports.byCommand'),
          },
        ]}
      />
    </Panel>
  )
}
