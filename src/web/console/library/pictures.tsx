import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { PictureUse } from '../../../library/picture-use.ts'
import type { PictureRow } from '../../../library/pictures.ts'
import { inNetwork } from '../../in-network.ts'
import { ConsolePage } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Empty, Flash } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { AltFields } from './alt-fields.tsx'
import { LibraryTabs } from './library-tabs.tsx'
import { altText, isHeavy, weightText } from './say.ts'

export interface UploadTyped {
  alt_fr?: string
  alt_en?: string
}

export const mayWrite = ({ user, network }: View): boolean =>
  user !== undefined && network !== undefined && can(user, 'library.write', network.id)

const PictureCard: FC<{ view: View; row: PictureRow; uses: readonly PictureUse[] }> = ({ view, row, uses }) => {
  const { t } = view
  const { width, height } = row
  return (
    <li class="picture-card">
      <a href={`/console/library/${row.id}`}>
        <span class="picture-stage">
          <img src={`/console/library/${row.id}/picture`} width={width} height={height} alt="" loading="lazy" />
        </span>
        <strong>{row.name}</strong>
      </a>
      <small>{altText(view, row)}</small>
      <small>{t('library.size', { width, height, weight: weightText(view, row.size) })}</small>
      <small>{uses.length > 0 ? t('library.usedIn', { count: uses.length }) : t('library.unused')}</small>
      {isHeavy(row) && <small class="warning">{t('library.heavy')}</small>}
    </li>
  )
}

const UploadForm: FC<{ view: View; typed: UploadTyped; problems?: Problems }> = ({ view, typed, problems = {} }) => {
  const { t } = view
  return (
    <section class="panel" aria-labelledby="upload-title" id="upload">
      <h2 id="upload-title">{t('library.upload')}</h2>
      <Form view={view} action={inNetwork(view, '/console/library')} problems={problems} isMultipart>
        <TextField
          view={view}
          name="file"
          type="file"
          label={t('library.file')}
          hint={t('library.fileHint')}
          accept="image/png,image/jpeg,image/gif,image/webp"
          error={problems.file}
          isRequired
        />
        <AltFields view={view} typed={typed} problems={problems} />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('library.send')}
          </button>
        </div>
      </Form>
    </section>
  )
}

/** Every picture with its size and how much it is used, and the form for another one. */
export const PicturesPage: FC<{
  view: View
  rows: readonly PictureRow[]
  uses: ReadonlyMap<string, readonly PictureUse[]>
  count: number
  next?: string
  isContinued?: boolean
  done?: 'deleted'
  typed?: UploadTyped
  problems?: Problems
}> = ({ view, rows, uses, count, next, isContinued, done, typed = {}, problems }) => {
  const { t } = view
  const isWriter = mayWrite(view)
  return (
    <ConsolePage view={view} title={t('library.title')} current="library">
      <PageHeading
        title={t('library.title')}
        lead={t('library.lead')}
        facts={count > 0 ? t('library.count', { count }) : undefined}
      >
        {isWriter && <LinkButton href="#upload" text={t('library.upload')} icon="upload" />}
      </PageHeading>
      <LibraryTabs view={view} current="pictures" />
      {done && <Flash tone="good">{t(`library.${done}`)}</Flash>}
      <div class="library-columns">
        <div>
          {rows.length === 0 ? (
            <Empty text={t(isWriter ? 'library.empty' : 'library.emptyReader')} />
          ) : (
            <ul class="picture-grid" aria-label={t('library.grid')}>
              {rows.map((row) => (
                <PictureCard view={view} row={row} uses={uses.get(row.id) ?? []} />
              ))}
            </ul>
          )}
          {(next || isContinued) && (
            <p class="pager">
              {isContinued && <a href={inNetwork(view, '/console/library')}>{t('library.first')}</a>}
              {next && (
                <LinkButton href={inNetwork(view, `/console/library?cursor=${next}`)} text={t('library.more')} />
              )}
            </p>
          )}
        </div>
        {isWriter && <UploadForm view={view} typed={typed} problems={problems} />}
      </div>
    </ConsolePage>
  )
}
