import type { FC } from 'hono/jsx'
import { isPrintable } from '../../../library/grey.ts'
import { formatOfMime } from '../../../library/picture-format.ts'
import type { PictureUse } from '../../../library/picture-use.ts'
import type { PictureRow } from '../../../library/pictures.ts'
import { inNetwork } from '../../in-network.ts'
import { Breadcrumb, ConsolePage } from '../../layout.tsx'
import { DescriptionList } from '../../ui/figures.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Confirmation, Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { AltFields } from './alt-fields.tsx'
import { mayWrite } from './pictures.tsx'
import { altText, formatName, isHeavy, useText, weightText } from './say.ts'

export const UseList: FC<{ view: View; uses: readonly PictureUse[] }> = ({ view, uses }) => (
  <ul class="use-list">
    {uses.map((use) => {
      const { text, href } = useText(view, use)
      return <li>{href ? <a href={href}>{text}</a> : text}</li>
    })}
  </ul>
)

interface PictureProps {
  view: View
  row: PictureRow
  /** Its public address. */
  address: string
  uses: readonly PictureUse[]
  done?: 'added' | 'alreadyThere' | 'described'
  isRefused?: boolean
  typed?: { alt_fr?: string; alt_en?: string }
  problems?: Problems
}

/** One picture: what it is, how words name it, where it is shown, and what it says to those who do not see it. */
export const PicturePage: FC<PictureProps> = ({ view, row, address, uses, done, isRefused, typed, problems = {} }) => {
  const { t, formats } = view
  const format = formatOfMime(row.mime)
  const alt = { alt_fr: row.alt.fr, alt_en: row.alt.en, ...typed }
  const isWriter = mayWrite(view)
  return (
    <ConsolePage view={view} title={row.name} current="library">
      <Breadcrumb view={view} trail={[[t('nav.library'), inNetwork(view, '/console/library')]]} />
      <PageHeading title={row.name} lead={altText(view, row)}>
        {isWriter && uses.length === 0 && (
          <LinkButton href={`/console/library/${row.id}/delete`} text={t('library.picture.delete')} kind="danger" />
        )}
      </PageHeading>
      {done && <Flash tone="good">{t(`library.${done}`)}</Flash>}
      {isRefused && (
        <Flash tone="bad">
          {t('library.picture.inUse')} {t('library.picture.inUseHow')}
        </Flash>
      )}
      <div class="library-columns">
        <p class="picture-stage large">
          <img
            src={`/console/library/${row.id}/picture`}
            width={row.width}
            height={row.height}
            alt={altText(view, row)}
          />
        </p>
        <div class="side">
          <Panel title={t('library.picture.facts')} id="facts">
            <DescriptionList
              details={[
                { term: t('library.picture.name'), detail: <code>{row.name}</code> },
                { term: t('library.picture.format'), detail: formatName(row.mime) },
                {
                  term: t('library.picture.pixels'),
                  detail: `${formats.number(row.width)} × ${formats.number(row.height)} px`,
                },
                { term: t('library.picture.weight'), detail: weightText(view, row.size) },
                { term: t('library.picture.addedAt'), detail: formats.short(row.createdAt) },
                { term: t('library.picture.address'), detail: <code class="address-line">{address}</code> },
              ]}
            />
            <p class="note">{t('library.picture.addressHint')}</p>
            <p class="note">
              {t('library.picture.howTo')} <code>{`![](library:${row.name})`}</code>
            </p>
            {format === 'webp' && <p class="note warning">{t('library.picture.outlook')}</p>}
            {format && !isPrintable(format) && <p class="note warning">{t('library.picture.notPrinted')}</p>}
            {isHeavy(row) && <p class="note warning">{t('library.heavy')}</p>}
          </Panel>
          <Panel title={t('library.picture.uses')} id="uses">
            {uses.length > 0 ? (
              <UseList view={view} uses={uses} />
            ) : (
              <p class="note">{t('library.picture.usedNowhere')}</p>
            )}
          </Panel>
          {isWriter && (
            <Panel title={t('library.picture.describe')} id="describe">
              <Form view={view} action={`/console/library/${row.id}/alt`} problems={problems}>
                <AltFields view={view} typed={alt} problems={problems} />
                <div class="buttons">
                  <button type="submit" class="primary">
                    {t('ui.save')}
                  </button>
                </div>
              </Form>
            </Panel>
          )}
        </div>
      </div>
    </ConsolePage>
  )
}

export const DeletePicturePage: FC<{ view: View; row: PictureRow }> = ({ view, row }) => {
  const { t } = view
  const back = `/console/library/${row.id}`
  return (
    <ConsolePage view={view} title={t('library.picture.deleteTitle')} current="library">
      <Confirmation
        view={view}
        title={t('library.picture.deleteTitle')}
        action={`${back}/delete`}
        confirm={t('library.picture.delete')}
        back={back}
        isDangerous
      >
        <p>
          <strong>{row.name}</strong>
        </p>
        <p>{t('library.picture.deleteText')}</p>
      </Confirmation>
    </ConsolePage>
  )
}
