/** A look's colours worked out: every text among them can be read, by day and by night. */
import type { Face } from '../channel.ts'
import type { Language } from '../words.ts'
import { type Colour, readableOn, textOn } from './contrast.ts'
import type { Look, Picture } from './dress.ts'

/** The colours of a network that has chosen none. */
export const plainLook: Pick<Look, 'main' | 'accent'> = { main: '#0a6070', accent: '#e0a526' }

/** The ground of an e-mail's words at night. */
export const darkCard: Colour = '#1c262a'
const card = { light: '#ffffff', dark: darkCard } as const
const pageLight: Colour = '#eef1f0'

export interface Tones {
  main: Colour
  accent: Colour
  /** Headings, and the network's name on the page around the card. */
  heading: Colour
  link: Colour
  button: Colour
  buttonText: Colour
  /** The same on dark grounds. */
  linkDark: Colour
  buttonDark: Colour
  buttonTextDark: Colour
}

const plainTones: Tones = {
  ...plainLook,
  heading: '#10363f',
  link: '#0a6070',
  button: '#0a6070',
  buttonText: '#ffffff',
  linkDark: '#7fd0dd',
  buttonDark: '#7fd0dd',
  buttonTextDark: '#0b2a31',
}

/**
 * A main colour too light for text on white is darkened for text only: the button keeps the colour itself, with black
 * on it where white could not be read (WCAG 2.2, 1.4.3).
 */
export function tonesOf(look: Pick<Look, 'main' | 'accent'> | undefined): Tones {
  if (!look || (look.main === plainLook.main && look.accent === plainLook.accent)) return plainTones
  const { main, accent } = look
  const buttonDark = readableOn(main, card.dark)
  return {
    main,
    accent,
    heading: readableOn(main, pageLight),
    link: readableOn(main, card.light),
    button: main,
    buttonText: textOn(main),
    linkDark: buttonDark,
    buttonDark,
    buttonTextDark: textOn(buttonDark),
  }
}

/** A layout with its colours filled in; MJML must see them, so they cannot wait for the rendering. */
export const painted = (layout: string, tones: Tones): string =>
  layout.replace(/\{\{\s*brand\.([a-zA-Z]+)\s*\}\}/g, (whole, name: string) =>
    Object.hasOwn(tones, name) ? tones[name as keyof Tones] : whole,
  )

/** A picture's size where at most so much room is: never larger than it is. */
export function fitted({ width, height }: { width: number; height: number }, room: { width: number; height: number }) {
  const share = Math.min(1, room.width / width, room.height / height)
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) }
}

/** A picture as layouts name it. */
export interface ShownPicture {
  url: string
  width: number
  height: number
  alt: string
}

export const shownPicture = (
  picture: Picture,
  room: { width: number; height: number },
  site: string,
  language: Language,
): ShownPicture => ({
  url: pictureUrl(picture, site),
  ...fitted(picture, room),
  alt: altOf(picture, language),
})

export const pictureUrl = ({ file }: Picture, site: string): string => `${site}/i/${file}`

export const altOf = ({ alt }: Picture, language: Language): string =>
  alt[language] ?? Object.values(alt).find((text) => text !== '') ?? ''

/** What pages and screens of ours take of a look; nothing when the network has none. */
export const faceOf = (look: Look | undefined, site: string, language: Language): { face?: Face } => {
  if (!look) return {}
  const { buttonText, main, accent } = tonesOf(look)
  const logo = look.logo && shownPicture(look.logo, { width: 320, height: 80 }, site, language)
  return { face: { main, onMain: buttonText, accent, ...(logo ? { logo } : {}) } }
}

const logoRoom = { width: 220, height: 56 }

export interface ShownPartner {
  name: string
  logo?: ShownPicture
}

/** What layouts may name of a look: `brand.logo.url`, `brand.address`, `brand.legal`, `brand.signature`. */
export function brandScope(look: Look | undefined, site: string, language: Language) {
  return {
    ...(look?.logo ? { logo: shownPicture(look.logo, logoRoom, site, language) } : {}),
    ...(look?.address?.length ? { address: look.address.join(' · ') } : {}),
    ...(look?.signature?.length ? { signature: signatureOf(look.signature) } : {}),
    ...(look?.legal ? { legal: look.legal } : {}),
  }
}

export type BrandScope = ReturnType<typeof brandScope>

/** By name and not as a list: a template without loops is rendered without the interpreter. */
const signatureOf = ([first, second, third]: readonly string[]) => ({ first, second, third })

/** A partner beside the network: the name line and the logo. */
export const partnerScope = (
  partner: { name: string; logo?: Picture } | undefined,
  site: string,
  language: Language,
): ShownPartner | undefined =>
  partner && {
    name: partner.name,
    ...(partner.logo ? { logo: shownPicture(partner.logo, { width: 180, height: 56 }, site, language) } : {}),
  }
