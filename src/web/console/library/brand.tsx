import type { FC } from 'hono/jsx'
import type { Content } from '../../../channel.ts'
import type { Brand } from '../../../library/brand.ts'
import type { PictureRow } from '../../../library/pictures.ts'
import { inNetwork } from '../../in-network.ts'
import { ConsolePage } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { TextArea, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Confirmation, Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { Preview } from '../outbox/previews.tsx'
import type { BrandTyped } from './brand-form.ts'
import { Legibility } from './legibility.tsx'
import { LibraryTabs } from './library-tabs.tsx'
import { LogoChoice } from './logo-choice.tsx'
import { mayWrite } from './pictures.tsx'

const path = '/console/library/brand'

export type BrandDone = 'saved' | 'published' | 'discarded'
const doneTexts = {
  saved: 'library.brand.saved',
  published: 'library.brand.publishedFlash',
  discarded: 'library.brand.discarded',
} as const

interface BrandProps {
  view: View
  /** What the preview shows: the draft, else what is published, else what every network begins with. */
  brand: Brand
  isPublished: boolean
  hasDraft: boolean
  typed: BrandTyped
  pictures: readonly PictureRow[]
  letter?: Content
  hasPdf: boolean
  done?: BrandDone
  problems?: Problems
}

const BrandForm: FC<Pick<BrandProps, 'view' | 'typed' | 'pictures' | 'problems'>> = ({
  view,
  typed,
  pictures,
  problems = {},
}) => {
  const { t } = view
  const field = (name: keyof BrandTyped) => ({ view, name, value: typed[name], error: problems[name] })
  return (
    <Form view={view} action={inNetwork(view, path)} problems={problems}>
      <Panel title={t('library.brand.look')} id="look">
        <LogoChoice
          view={view}
          label={t('library.brand.logo')}
          hint={t('library.brand.logoHint')}
          none={t('library.brand.noLogo')}
          value={typed.logo}
          pictures={pictures}
          error={problems.logo}
        />
        <div class="two">
          <TextField
            {...field('main')}
            label={t('library.brand.main')}
            hint={t('library.brand.mainHint')}
            maxlength={7}
            isRequired
          />
          <TextField
            {...field('accent')}
            label={t('library.brand.accent')}
            hint={t('library.brand.accentHint')}
            maxlength={7}
            isRequired
          />
        </div>
      </Panel>
      <Panel title={t('library.brand.texts')} id="texts">
        <TextArea
          {...field('address')}
          label={t('library.brand.address')}
          hint={t('library.brand.addressHint')}
          rows={4}
        />
        <TextArea
          {...field('signature')}
          label={t('library.brand.signature')}
          hint={t('library.brand.signatureHint')}
          rows={3}
        />
        <TextField
          {...field('legal')}
          label={t('library.brand.legal')}
          hint={t('library.brand.legalHint')}
          maxlength={200}
        />
      </Panel>
      <Panel title={t('library.brand.senders')} id="senders">
        <TextField
          {...field('email_sender')}
          label={t('library.brand.emailSender')}
          hint={t('library.brand.emailSenderHint')}
          maxlength={60}
        />
        <TextField
          {...field('sms_sender')}
          label={t('library.brand.smsSender')}
          hint={t('library.brand.smsSenderHint')}
          maxlength={11}
        />
      </Panel>
      <div class="buttons">
        <button type="submit" class="primary">
          {t('library.brand.save')}
        </button>
      </div>
    </Form>
  )
}

const Previews: FC<Pick<BrandProps, 'view' | 'letter' | 'hasPdf'>> = ({ view, letter, hasPdf }) => {
  const { t } = view
  const Frame: FC<{ surface: string; title: string; kind?: string }> = ({ surface, title, kind = '' }) => (
    <iframe
      class={`brand-frame ${kind}`.trim()}
      title={title}
      src={inNetwork(view, `${path}/preview?surface=${surface}&lang=${view.language}`)}
      sandbox=""
      loading="lazy"
    ></iframe>
  )
  return (
    <Panel title={t('library.brand.preview')} id="preview" note={t('library.brand.previewNote')}>
      <div class="brand-previews">
        <figure>
          <figcaption>{t('library.brand.emailPhone')}</figcaption>
          <Frame surface="email" title={t('library.brand.emailPhone')} kind="phone-wide" />
        </figure>
        <figure>
          <figcaption>{t('library.brand.post')}</figcaption>
          <Frame surface="intranet" title={t('library.brand.post')} kind="phone-wide" />
        </figure>
        <figure class="whole">
          <figcaption>{t('library.brand.emailDesktop')}</figcaption>
          <Frame surface="email" title={t('library.brand.emailDesktop')} />
        </figure>
        <figure class="whole">
          <figcaption>{t('library.brand.screen')}</figcaption>
          <Frame surface="screen" title={t('library.brand.screen')} kind="low" />
        </figure>
        {letter && (
          <figure class="whole">
            <figcaption>{t('library.brand.letter')}</figcaption>
            <Preview view={view} content={letter} here={path} from="" hasPdf={false} />
            {hasPdf && (
              <p>
                <LinkButton
                  href={inNetwork(view, `${path}/letter.pdf?lang=${view.language}`)}
                  text={t('library.brand.letterPdf')}
                />
              </p>
            )}
          </figure>
        )}
      </div>
    </Panel>
  )
}

/** The brand kit: what is typed on one side, what it looks like on the other, and nothing worn before it is published. */
export const BrandPage: FC<BrandProps> = (props) => {
  const { view, brand, isPublished, hasDraft, done } = props
  const { t } = view
  const isWriter = mayWrite(view)
  return (
    <ConsolePage view={view} title={t('library.tabBrand')} current="library">
      <PageHeading
        title={t('library.tabBrand')}
        lead={t('library.brand.lead')}
        facts={
          <>
            {isPublished && <Badge text={t('library.brand.published')} tone="good" />}
            {hasDraft && <Badge text={t('library.brand.draft')} tone="warning" />}
          </>
        }
      >
        {isWriter && hasDraft && (
          <>
            <LinkButton href={inNetwork(view, `${path}/publish`)} text={t('library.brand.publish')} kind="primary" />
            <ActionButton action={inNetwork(view, `${path}/discard`)} text={t('library.brand.discard')} kind="quiet" />
          </>
        )}
      </PageHeading>
      <LibraryTabs view={view} current="brand" />
      {done && <Flash tone="good">{t(doneTexts[done])}</Flash>}
      {!isPublished && !hasDraft && <p class="note">{t('library.brand.none')}</p>}
      {hasDraft && <p class="note">{t('library.brand.draftNote')}</p>}
      <div class="library-columns wide">
        {isWriter && <BrandForm {...props} />}
        <div class="side">
          <Legibility view={view} brand={brand} />
          <Previews {...props} />
        </div>
      </div>
    </ConsolePage>
  )
}

export const PublishBrandPage: FC<{ view: View }> = ({ view }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('library.brand.publishTitle')} current="library">
      <Confirmation
        view={view}
        title={t('library.brand.publishTitle')}
        action={inNetwork(view, `${path}/publish`)}
        confirm={t('library.brand.publish')}
        back={inNetwork(view, path)}
      >
        <p>{t('library.brand.publishText')}</p>
      </Confirmation>
    </ConsolePage>
  )
}
