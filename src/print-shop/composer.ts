import type { Language, PrintContent } from '../channel.ts'

/** A picture in greys, row by row from the top, a byte a pixel: 0 is black. */
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

/** Finds the pictures that letters show; undefined where there is none. */
export type FindPicture = (file: string) => Promise<GreyPicture | DrawnPicture | undefined>

/** One letter on its way into a batch. */
export interface LetterPiece {
  pieceId: string
  content: PrintContent
  language: Language
  contentSha256: string
}

export type ComposedPiece =
  | { pieceId: string; outcome: 'composed'; file: string; seq: number; firstPage: number; pages: number }
  | { pieceId: string; outcome: 'excluded'; reason: string; detail: string }

export interface ComposedBatch {
  path?: string
  sha256?: string
  pieces: number
  pages: number
  job: Record<string, unknown>
}

/** What sets letters into files; `channels/print` is it, handed in by `main.ts`. */
export interface Composer {
  composeBatch(
    pieces: AsyncIterable<LetterPiece>,
    folder: string,
    options: {
      number: string
      revision: number
      createdAt: Date
      isSpecimen: boolean
      picture?: FindPicture
      onPiece(outcome: ComposedPiece): Promise<void>
    },
  ): Promise<ComposedBatch>
  /** One letter as its own PDF, for looking at. */
  letterPdf(piece: LetterPiece, createdAt: Date, picture?: FindPicture): Promise<Uint8Array>
}
