import type { Language } from '../words.ts'
import type { CompiledTemplate } from './compiled.ts'
import { formatLetterDate } from './dates.ts'
import { frontMatter } from './front-matter.ts'
import { letterBlocks, markedText, printed } from './letter-blocks.ts'
import type { Destinations } from './links.ts'
import { altOf } from './look.ts'
import { parseMarkdown } from './markdown.ts'
import { type PostalAddress, postalAddress } from './postal-address.ts'
import { RenderProblem } from './problem.ts'
import { protect, restore } from './protect.ts'
import { readyTexts } from './ready.ts'
import { typeset } from './typography.ts'
import type { MergeValues } from './values.ts'
import { inLayout, oneLine, type Words } from './words.ts'

/**
 * A letter. Front matter: `title`, and `qr` for the words beside a QR code that leads where `{{ link }}` does.
 * @throws RenderProblem when the words cannot be compiled
 */
export function compilePrint({ words, layout, dress, language }: Words): CompiledTemplate {
  const { fields, body } = frontMatter(words, ['title', 'qr'])
  const kept = protect(inLayout(layout, body))
  const destinations: Destinations = []
  const marked = restore(
    markedText(parseMarkdown(kept.text, kept.mark, language), kept, destinations, dress, language),
    kept,
  )
  const { qr } = fields
  const texts = readyTexts(
    {
      body: { source: marked, context: 'text' },
      title: { source: typeset(fields.title ?? '{{ campaign.title }}', language), context: 'text' },
      qr: { source: typeset(qr ?? '', language), context: 'text' },
    },
    { language, destinations, look: dress?.look },
  )

  return {
    measure: (values) => ({ parts: 1, problem: addressOf(values).problem }),
    render: (values, urls) => {
      const address = addressOf(values)
      if (address.problem) throw new RenderProblem({ code: address.problem, message: explain(address) })
      const { pieces, scope } = texts(values, urls)
      const url = urls.action ?? values.campaign.link
      return {
        channel: 'print',
        title: oneLine(pieces.title(scope)),
        addressLines: address.lines,
        postcode: address.postcode,
        country: address.country,
        senderLines: dress?.look?.address?.length
          ? [values.sender.name, ...dress.look.address]
          : (values.sender.lines ?? [values.sender.name]),
        ...(dress?.look?.logo ? { logo: printed(dress.look.logo, altOf(dress.look.logo, language)) } : {}),
        ...(values.partner ? { partner: partnerOf(values.partner, language) } : {}),
        ...(dress?.look?.legal ? { legal: dress.look.legal } : {}),
        dateLine: sentenceCase(formatLetterDate(values.date, language)),
        blocks: letterBlocks(pieces.body(scope).normalize('NFC'), dress),
        ...(qr !== undefined && url ? { qr: { url, label: oneLine(pieces.qr(scope)) } } : {}),
      }
    },
  }
}

const partnerOf = ({ name, logo }: NonNullable<MergeValues['partner']>, language: Language) => ({
  name,
  ...(logo ? { logo: printed(logo, altOf(logo, language)) } : {}),
})

const sentenceCase = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** A letter to the outlet names no person; one to a person names them under the company. */
function addressOf({ contact, site }: MergeValues): PostalAddress {
  const name = [contact.salutation, contact.firstName, contact.lastName].filter(Boolean).join(' ')
  return postalAddress({
    organisation: site.name,
    person: contact.isShared ? undefined : name,
    street: site.addressLine1,
    complement: site.addressLine2,
    postcode: site.postcode,
    city: site.city,
    country: site.country,
  })
}

function explain(address: Extract<PostalAddress, { problem: string }>): string {
  const shown = address.line.slice(0, 60)
  switch (address.problem) {
    case 'address.street':
      return 'The postal address has no street: complete the site.'
    case 'address.postcode':
      return `The postcode "${shown}" is not five digits: correct the site.`
    case 'address.city':
      return 'The postal address has no city: complete the site.'
    case 'address.name':
      return `The names "${shown}" do not fit three lines of 38 characters: shorten them in the site.`
    case 'address.tooLong':
      return `The address line "${shown}" is longer than 38 characters: abbreviate it in the site.`
  }
}
