import { PictureRefused, type Refusal } from './picture-refused.ts'

/** The formats every mail program shows, or nearly every one (WebP: not Outlook for Windows). */
export const formats = {
  png: { mime: 'image/png', extension: 'png' },
  jpg: { mime: 'image/jpeg', extension: 'jpg' },
  gif: { mime: 'image/gif', extension: 'gif' },
  webp: { mime: 'image/webp', extension: 'webp' },
} as const
export type Format = keyof typeof formats

const text = (bytes: Uint8Array, from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1')

/**
 * What a file is, by its first bytes: neither its name nor what the browser says counts (OWASP ASVS 5.0, 5.2.2).
 * @throws PictureRefused for anything else, naming what it seems to be
 */
export function formatOf(bytes: Uint8Array): Format {
  if (bytes.length === 0) throw new PictureRefused('empty')
  if (text(bytes, 0, 8) === '\x89PNG\r\n\x1a\n') return 'png'
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'jpg'
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return 'gif'
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return 'webp'
  throw new PictureRefused(seemsToBe(bytes))
}

function seemsToBe(bytes: Uint8Array): Refusal {
  const start = Buffer.from(bytes.subarray(0, 1_000))
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
    .toLowerCase()
  if (/<svg[\s>/]/.test(start) || start.startsWith('<?xml')) return 'svg'
  if (/^ftyp(?:heic|heix|hevc|heif|mif1|msf1|avif)/.test(text(bytes, 4, 12))) return 'heic'
  if (start.startsWith('%pdf-')) return 'pdf'
  return 'otherFormat'
}

/** The format a stored media type is; undefined for none of ours. */
export const formatOfMime = (mime: string): Format | undefined =>
  (Object.keys(formats) as Format[]).find((format) => formats[format].mime === mime)
