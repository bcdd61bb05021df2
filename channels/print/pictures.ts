import type { PrintContent, PrintPicture } from '../../src/channel.ts'
import { PieceExcluded } from './exclusion.ts'
import { POINTS, type PrintProfile } from './profile.ts'

/** A picture in greys, row by row from the top, a byte a pixel: 0 is black. Letters are printed in black only. */
export interface GreyPicture {
  width: number
  height: number
  grey: Uint8Array
}

/** A picture made of lines, in units of its own from the upper left; black is a share of the ink, 1 is solid. */
export interface DrawnPicture {
  width: number
  height: number
  shapes: {
    lines: { points: (readonly [x: number, y: number])[]; isClosed: boolean }[]
    fill?: number
    line?: { black: number; width: number }
  }[]
  words: { text: string; x: number; y: number; size: number; anchor: 'start' | 'middle' | 'end' }[]
}

/** Fetches a picture by the name a letter gives it; undefined when there is none. */
export type FindPicture = (file: string) => Promise<GreyPicture | DrawnPicture | undefined>

/** Those a letter shows, each once. */
export const picturesOf = ({ logo, partner, blocks }: PrintContent): PrintPicture[] => {
  const all = [logo, partner?.logo, ...blocks.map((block) => (block.type === 'picture' ? block.picture : undefined))]
  return [...new Map(all.flatMap((picture) => (picture ? [[picture.file, picture]] : []))).values()]
}

/** Millimetres a picture may take, at most. */
interface Room {
  width: number
  height: number
}

/** Points it takes there: as large as the room lets it be, never coarser than so many pixels an inch. */
export function sizeIn(room: Room, { width, height }: PrintPicture, coarsest: number): Room {
  const scale = Math.min((room.width * POINTS) / width, (room.height * POINTS) / height, 72 / coarsest)
  return { width: width * scale, height: height * scale }
}

/** A photograph below 150 pixels an inch shows its pixels on paper. */
export const bodySize = (picture: PrintPicture, { body }: PrintProfile): Room =>
  sizeIn({ width: body.width, height: 110 }, picture, 150)

export const missingPicture = (file: string) =>
  new PieceExcluded('MISSING_PICTURE', `The picture ${file} is not in the library any more, or cannot be printed.`)
