/** Colours as authors write them, and whether text in them can be read. */

/** `#rrggbb`. */
export type Colour = string

/** WCAG 2.2, success criterion 1.4.3: text of ordinary size. */
export const readableRatio = 4.5

/** `#rrggbb` in lower case, from that or `#rgb`, with or without `#`; undefined for anything else. */
export function colourOf(text: string): Colour | undefined {
  const [, long, short] = /^#?(?:([0-9a-f]{6})|([0-9a-f]{3}))$/i.exec(text.trim()) ?? []
  if (long !== undefined) return `#${long.toLowerCase()}`
  return short === undefined ? undefined : `#${[...short.toLowerCase()].map((digit) => digit + digit).join('')}`
}

type Rgb = [red: number, green: number, blue: number]

const channels = (colour: Colour): Rgb => {
  const value = Number.parseInt(colour.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

const hex = (rgb: Rgb): Colour => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`

/** Relative luminance, 0 (black) to 1 (white); WCAG 2.2, "relative luminance". */
export function luminance(colour: Colour): number {
  const [red, green, blue] = channels(colour).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** From 1 (alike) to 21 (black on white); WCAG 2.2, "contrast ratio". */
export function contrast(one: Colour, other: Colour): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const mixed = (from: Colour, to: Colour, share: number): Colour => {
  const target = channels(to)
  return hex(channels(from).map((part, i) => part + (target[i]! - part) * share) as Rgb)
}

/**
 * The colour itself where it can be read on this ground; otherwise the nearest mix with black or with white, whichever
 * stands out from the ground, that can.
 */
export function readableOn(colour: Colour, ground: Colour, ratio = readableRatio): Colour {
  if (contrast(colour, ground) >= ratio) return colour
  const towards = contrast('#000000', ground) >= contrast('#ffffff', ground) ? '#000000' : '#ffffff'
  for (let step = 1; step < 100; step++) {
    const candidate = mixed(colour, towards, step / 100)
    if (contrast(candidate, ground) >= ratio) return candidate
  }
  return towards
}

/** White, or black where white could not be read: one of the two reaches 4.58 on any colour. */
export const textOn = (ground: Colour): Colour => (contrast('#ffffff', ground) >= readableRatio ? '#ffffff' : '#000000')
