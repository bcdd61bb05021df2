import type { FC } from 'hono/jsx'
import { largestUpload } from '../../../network/import/uploads.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { ImportFrame } from './frame.tsx'

interface UploadProps {
  view: View
  problems?: Problems | undefined
  /** The import whose rejects the file mends. */
  mends?: { id: string; fileName: string } | undefined
}

/** Where a file is brought in. */
export const UploadPage: FC<UploadProps> = ({ view, problems, mends }) => {
  const { t } = view
  const title = mends ? t('imports.mendTitle') : t('imports.newTitle')
  return (
    <ImportFrame view={view} title={title} step="upload">
      <PageHeading
        title={title}
        lead={mends ? t('imports.mendLead') : t('imports.newLead')}
        facts={mends && t('imports.mends', { file: mends.fileName })}
      />
      <Form view={view} action={inNetwork(view, '/console/imports/new')} problems={problems} isMultipart>
        {mends && <input type="hidden" name="mends" value={mends.id} />}
        <TextField
          view={view}
          name="file"
          type="file"
          label={t('imports.file')}
          hint={t('imports.fileHint', { megabytes: largestUpload / 1024 / 1024 })}
          error={problems?.file}
          accept=".csv,.tsv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
          isRequired
        />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('imports.upload')}
          </button>
          <LinkButton href={inNetwork(view, '/console/imports')} text={t('ui.cancel')} />
        </div>
      </Form>
      <Panel title={t('imports.whatHappens')} id="what-happens">
        <ol class="plain-steps">
          {(['stepUpload', 'stepMapping', 'stepConfirm', 'stepRejects'] as const).map((step) => (
            <li>{t(`imports.${step}`)}</li>
          ))}
        </ol>
      </Panel>
    </ImportFrame>
  )
}
