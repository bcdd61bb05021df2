import QRCode from 'qrcode'
import type { Previewed } from '../../../campaign/preview.ts'
import type { TemplateProblem } from '../../../render/check.ts'
import type { View } from '../../view.ts'
import { escaped } from '../outbox/escaped.ts'
import { framedContent } from '../outbox/framed-content.ts'
import { Preview } from '../outbox/previews.tsx'
import { reasonText } from '../reasons.ts'

interface Framed {
  view: View
  previewed: Previewed | undefined
  faults: readonly TemplateProblem[]
  /** What one text costs, in thousandths of a minor unit, for each part. */
  costMillis: number
  /** The style of our pages, to be inside: a frame that shows an author's words may fetch nothing. */
  css: string
}

const mailHead = ({ t }: View, from: string, subject: string, preheader?: string): string =>
  `<div style="font:14px/1.5 system-ui,sans-serif;color:#1c2327;background:#fff;padding:12px 16px;border-bottom:1px solid #d9d9d9"><span style="color:#565d60">${escaped(`${t('delivery.from')}${t('colon')} ${from}`)}</span><br><strong>${escaped(subject)}</strong>${preheader ? `<br><span style="color:#565d60">${escaped(preheader)}</span>` : ''}</div>`

/** The sheet without the fonts it would fetch, and without anything that would end it. */
const ownStyle = (css: string): string => css.replace(/@font-face\s*\{[^}]*\}/g, '').replaceAll('</', '<\\/')

/** What a text costs, and how many parts it takes. */
function smsNote({ t, formats, network }: View, parts: number, costMillis: number): string {
  const cost = formats.moneyOfMillis(costMillis * parts, network?.currency ?? 'EUR')
  return `${t('wordsPreview.smsParts', { count: parts })}, ${t('wordsPreview.smsCost', { cost })}`
}

const faultList = ({ t }: View, faults: readonly TemplateProblem[]): string =>
  faults.length === 0
    ? ''
    : `<ul class="faults" role="alert">${faults
        .map(
          ({ line, column, message, suggestion }) =>
            `<li><strong>${escaped(t('draft.line', { line, column }))}</strong> ${escaped(message)}${suggestion ? ` ${escaped(t('draft.suggestion', { text: suggestion }))}` : ''}</li>`,
        )
        .join('')}</ul>`

/** A preview as a document of its own: how the words look to their reader, or what is wrong with them. */
export async function previewDocument({ view, previewed, faults, costMillis, css }: Framed): Promise<string> {
  const { t, language } = view
  const page = (body: string) =>
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escaped(t('write.preview'))}</title><meta name="viewport" content="width=device-width"><style>${ownStyle(css)}</style></head><body class="framed">${body}</body></html>`
  if (faults.some(({ severity }) => severity === 'error')) return page(faultList(view, faults))
  if (!previewed) return page(`<p class="empty">${escaped(t('write.nothing'))}</p>`)
  if ('problem' in previewed)
    return page(
      `<p class="empty">${escaped(previewed.problem === 'nobody' ? t('wordsPreview.nobody') : t('wordsPreview.problem', { problem: reasonText(previewed.problem, language) }))}</p>`,
    )
  const { content, from } = previewed
  if (content.channel === 'email')
    return framedContent(content).replace(
      /<body[^>]*>/i,
      (body) => body + mailHead(view, from, content.subject, content.preheader),
    )
  if (content.channel === 'intranet') return framedContent(content)
  const qr = content.channel === 'print' ? content.qr?.url : undefined
  const shown = (
    <Preview
      view={view}
      content={content}
      here=""
      from={from}
      qrSvg={qr && (await QRCode.toString(qr, { type: 'svg', margin: 0 }))}
      hasPdf={false}
    />
  )
  const note =
    content.channel === 'sms' ? `<p class="note">${escaped(smsNote(view, content.parts, costMillis))}</p>` : ''
  return page(`${note}${shown}${faultList(view, faults)}`)
}
