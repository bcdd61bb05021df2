import { raw } from 'hono/html'
import type { Child, FC } from 'hono/jsx'
import type {
  Content,
  EmailContent,
  IntranetContent,
  LetterBlock,
  PrintContent,
  PrintPicture,
  ScreenContent,
  SmsContent,
} from '../../../channel.ts'
import type { View } from '../../view.ts'

interface PreviewProps<T> {
  view: View
  content: T
  /** The page of the delivery, under which its content and its PDF are. */
  here: string
  /** What the recipient sees as the sender. */
  from: string
}

const Sms: FC<PreviewProps<SmsContent>> = ({ view, content, from }) => (
  <figure class="phone">
    <div class="phone-screen">
      <p class="phone-from">{from}</p>
      <p class="bubble">{content.text}</p>
    </div>
    <figcaption>{view.t('delivery.parts', { parts: content.parts, characters: [...content.text].length })}</figcaption>
  </figure>
)

const Email: FC<PreviewProps<EmailContent>> = ({ view, content, here, from }) => {
  const { t } = view
  return (
    <div class="mail">
      <dl class="mail-head">
        <div>
          <dt>{t('delivery.from')}</dt>
          <dd>{from}</dd>
        </div>
        <div>
          <dt>{t('delivery.subject')}</dt>
          <dd>
            <strong>{content.subject}</strong>
            {content.preheader && <small>{content.preheader}</small>}
          </dd>
        </div>
      </dl>
      <fieldset class="widths">
        <legend class="hidden">{t('delivery.width')}</legend>
        <label>
          <input type="radio" name="width" value="desktop" checked />
          {t('delivery.desktop')}
        </label>
        <label>
          <input type="radio" name="width" value="phone" />
          {t('delivery.phone')}
        </label>
      </fieldset>
      <iframe class="mail-body" title={t('delivery.frame')} src={`${here}/content`} sandbox=""></iframe>
      <p class="note">{t('delivery.imagesBlocked')}</p>
      <details>
        <summary>{t('delivery.text')}</summary>
        <pre class="plain">{content.text}</pre>
      </details>
    </div>
  )
}

const runs = (list: { text: string; bold?: boolean; italic?: boolean }[]): Child =>
  list.map((run) => {
    const text = run.italic ? <em>{run.text}</em> : run.text
    return run.bold ? <strong>{text}</strong> : text
  })

/** The map of a journey is drawn without its language. */
const addressOf = ({ file }: PrintPicture): string =>
  file.startsWith('journey/') ? `/${file.split('/').slice(0, 2).join('/')}.png` : `/i/${file}`

/** From our own address: the public one may be another host's. */
const Picture: FC<{ picture: PrintPicture; class?: string }> = ({ picture, class: kind }) => (
  <img class={kind} src={addressOf(picture)} width={picture.width} height={picture.height} alt={picture.alt} />
)

const Block: FC<{ block: LetterBlock }> = ({ block }) => {
  if (block.type === 'picture')
    return (
      <p class="letter-picture">
        <Picture picture={block.picture} />
      </p>
    )
  if (block.type === 'heading') return <h3>{block.text}</h3>
  if (block.type === 'paragraph') return <p>{runs(block.runs)}</p>
  return (
    <ul>
      {block.items.map((item) => (
        <li>{runs(item)}</li>
      ))}
    </ul>
  )
}

const Letter: FC<PreviewProps<PrintContent> & { qrSvg?: string; hasPdf: boolean }> = ({
  view,
  content,
  here,
  qrSvg,
  hasPdf,
}) => (
  <>
    <article class="letter" lang={view.language}>
      {(content.logo || content.partner) && (
        <p class="letter-logos">
          {content.logo && <Picture picture={content.logo} />}
          {content.partner?.logo && <Picture picture={content.partner.logo} />}
          {content.partner && <span>{content.partner.name}</span>}
        </p>
      )}
      <p class="letter-sender">
        {content.senderLines.map((line) => (
          <span>{line}</span>
        ))}
      </p>
      <p class="letter-address">
        {content.addressLines.map((line) => (
          <span>{line}</span>
        ))}
      </p>
      <p class="letter-date">{content.dateLine}</p>
      <div class="letter-body">
        {content.blocks.map((block) => (
          <Block block={block} />
        ))}
      </div>
      {content.qr && (
        <p class="letter-qr">
          {qrSvg && raw(qrSvg)}
          <span>{content.qr.label}</span>
        </p>
      )}
    </article>
    {hasPdf && (
      <p>
        <a class="button" href={`${here}/letter.pdf`}>
          {view.t('delivery.pdf')}
        </a>
      </p>
    )}
  </>
)

const Post: FC<PreviewProps<IntranetContent>> = ({ view, content, here }) => (
  <article class="post">
    <p class="note">
      {`${view.t('delivery.access')}${view.t('colon')} ${view.t(`accessLevels.${content.accessLevel}`)}`}
    </p>
    <h3>{content.title}</h3>
    <iframe class="post-body" title={view.t('delivery.frame')} src={`${here}/content`} sandbox=""></iframe>
  </article>
)

const Screen: FC<PreviewProps<ScreenContent>> = ({ view, content }) => (
  <figure class="screen">
    <div class="screen-face">
      <h3>{content.title}</h3>
      <p>{content.text}</p>
      {content.asksAcknowledgement && <span class="screen-button">{view.t('delivery.acknowledge')}</span>}
    </div>
    {!content.asksAcknowledgement && <figcaption>{view.t('delivery.noAcknowledge')}</figcaption>}
  </figure>
)

/** The message as its reader has it, channel by channel. */
export const Preview: FC<PreviewProps<Content> & { qrSvg?: string; hasPdf: boolean }> = (props) => {
  const { content, ...rest } = props
  switch (content.channel) {
    case 'sms':
      return <Sms {...rest} content={content} />
    case 'email':
      return <Email {...rest} content={content} />
    case 'print':
      return <Letter {...rest} content={content} />
    case 'intranet':
      return <Post {...rest} content={content} />
    case 'screen':
      return <Screen {...rest} content={content} />
  }
}
