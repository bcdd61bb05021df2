/** What the pages of the library say of pictures, in the reader's language. */
import { type Format, formatOfMime } from '../../../library/picture-format.ts'
import type { PictureUse } from '../../../library/picture-use.ts'
import type { PictureRow } from '../../../library/pictures.ts'
import { inNetwork } from '../../in-network.ts'
import { inLanguage, type View } from '../../view.ts'

export const altText = (view: View, row: Pick<PictureRow, 'alt'>): string => inLanguage(row.alt, view.language, '')

export const formatNames: Record<Format, string> = { png: 'PNG', jpg: 'JPEG', gif: 'GIF', webp: 'WebP' }
export const formatName = (mime: string): string => formatNames[formatOfMime(mime) ?? 'png']

export const weightText = ({ t }: View, bytes: number): string =>
  bytes >= 1_000_000
    ? t('library.megabytes', { size: Math.round(bytes / 100_000) / 10 })
    : t('library.kilobytes', { size: Math.max(1, Math.round(bytes / 1_000)) })

/** Beyond this a picture is slow on a phone. */
export const isHeavy = ({ size }: Pick<PictureRow, 'size'>): boolean => size > 500_000

/** A place in words, with the page where it can be changed, if there is one. */
export function useText(view: View, use: PictureUse): { text: string; href?: string } {
  const { t } = view
  const brand = inNetwork(view, '/console/library/brand')
  switch (use.kind) {
    case 'brand':
      return { text: t('library.picture.useBrand'), href: brand }
    case 'draft':
      return { text: t('library.picture.useDraft'), href: brand }
    case 'pastBrand':
      return { text: t('library.picture.usePastBrand') }
    case 'partner':
      return {
        text: t('library.picture.usePartner', { site: use.site }),
        href: inNetwork(view, `/console/library/partners/${use.siteId}`),
      }
    case 'pastPartner':
      return { text: t('library.picture.usePastPartner', { site: use.site }) }
    case 'template':
      return { text: t('library.picture.useTemplate', { template: use.template }) }
    case 'sent':
      return { text: t('library.picture.useSent', { template: use.template }) }
  }
}
