import { fileURLToPath } from 'node:url'

/** Lengths in millimetres from the top left of the trimmed sheet. */
export interface Frame {
  x: number
  y: number
  width: number
  height: number
}

/** What a print shop runs a batch with: sheet, envelope, window, colour. Data, so that a shop can have its own. */
export interface PrintProfile {
  name: string
  sheet: { width: number; height: number }
  /** The envelope's window on the folded letter; nothing but the address may show in it. */
  window: Frame
  /** First baseline of the address, with room for the sheet to drift in its envelope. */
  address: { x: number; firstBaseline: number; size: number; leading: number }
  sender: Frame
  /** The network's logo, over its lines; they begin below it. */
  logo: Frame
  /** A partner's logo and name, beside the network's and clear of the window. */
  partner: Frame
  /** Baselines of what the law wants said, at the foot of the first page. */
  legal: { x: number; width: number; baseline: number; size: number; leading: number; lines: number }
  date: { x: number; baseline: number }
  body: { left: number; width: number; firstTop: number; nextTop: number; bottom: number }
  /** Baseline of the line that names the piece, outside window and text. */
  footer: { x: number; baseline: number; size: number }
  /** Side of the QR code, quiet zone not counted. */
  qr: number
  maxPages: number
  piecesPerFile: number
  paper: { format: string; gramsPerSquareMetre: number }
  sides: 'OneSidedFront'
  /** Inks front / back. */
  colour: string
  fold: string
  envelope: string
  outputIntent: { identifier: string; info: string; iccPath: string }
}

/**
 * A4 folded in three into a DL envelope with its window on the right: frame 85 × 33 mm, 55 mm from the top and
 * 110 mm from the left (edics.fr, "rédiger vos adresses : les bonnes pratiques"; La Poste machinable mail).
 */
export const frDlRight: PrintProfile = {
  name: 'FR-DL-RIGHT',
  sheet: { width: 210, height: 297 },
  window: { x: 110, y: 55, width: 85, height: 33 },
  // Ten points of a 0.6 em fixed pitch: 12 characters an inch, 38 of them in 80.4 mm.
  address: { x: 112.5, firstBaseline: 61, size: 10, leading: 11.4 },
  sender: { x: 25, y: 18, width: 78, height: 34 },
  logo: { x: 25, y: 11, width: 60, height: 12 },
  partner: { x: 112.5, y: 11, width: 60, height: 26 },
  legal: { x: 25, width: 160, baseline: 281, size: 7, leading: 3.2, lines: 2 },
  date: { x: 112.5, baseline: 98 },
  body: { left: 25, width: 160, firstTop: 106, nextTop: 24, bottom: 276 },
  footer: { x: 25, baseline: 289, size: 6 },
  qr: 25,
  maxPages: 10,
  piecesPerFile: 5000,
  paper: { format: 'A4', gramsPerSquareMetre: 90 },
  sides: 'OneSidedFront',
  colour: '1/0',
  fold: 'C-fold to DL',
  envelope: 'DL, window right 85x33',
  outputIntent: {
    identifier: 'FOGRA39',
    info: 'Coated FOGRA39 (ISO 12647-2:2004)',
    iccPath: fileURLToPath(new URL('./fogra39-relais.icc', import.meta.url)),
  },
}

/** Points in a millimetre: PDF's unit is 1/72 inch (ISO 32000-1 §8.3.2.3). */
export const POINTS = 72 / 25.4
