import type { Language, PrintContent } from '../../src/channel.ts'
import { takePictures } from './batch.ts'
import { openDocument } from './document.ts'
import { setLetter } from './letter.ts'
import type { FindPicture } from './pictures.ts'
import { frDlRight, type PrintProfile } from './profile.ts'

export interface LetterPreview {
  pieceId: string
  content: PrintContent
  language: Language
  /** The date written into the file: the same letter always gives the same bytes. */
  createdAt: Date
  /** Marks every page SPECIMEN; on unless said otherwise. */
  isSpecimen?: boolean
  profile?: PrintProfile
  picture?: FindPicture
}

/** One letter as its own PDF, as the batch will print it. Throws PieceExcluded when the batch would leave it out. */
export async function renderLetterPdf(piece: LetterPreview): Promise<Uint8Array> {
  const profile = piece.profile ?? frDlRight
  const document = await openDocument(profile, {
    title: `Letter ${piece.pieceId}`,
    createdAt: piece.createdAt,
    language: piece.language,
  })
  await takePictures(piece.content, document, piece.picture)
  const options = { mark: '', isSpecimen: piece.isSpecimen ?? true, pictureOf: document.pictureOf }
  const { pages } = setLetter(piece, profile, document.shape, document.resourceOf, options)
  pages.forEach(document.addPage)
  document.end()
  const chunks: Uint8Array[] = []
  for await (const chunk of document.stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}
