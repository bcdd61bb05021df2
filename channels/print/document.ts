import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'
import { drawnOperators } from './drawn.ts'
import type { FaceName, PdfFont } from './fonts.ts'
import { type Face, faceNames, faceOf, fontFile } from './fonts.ts'
import type { DrawnPicture, GreyPicture } from './pictures.ts'
import { POINTS, type PrintProfile } from './profile.ts'
import type { Shape } from './typeset.ts'

/** What we use of pdfkit beyond its types: it has no page boxes, output intents or shared resources of its own. */
interface Ref {
  data: Record<string, unknown>
  compress: boolean
  end(chunk?: Uint8Array): void
}
interface PdfDocument {
  font(path: string): PdfDocument
  ref(data?: Record<string, unknown>): Ref
  appendXML(xml: string): void
  end(): void
  readonly readableLength: number
  _font: PdfFont
  _root: Ref
}

/** A PDF being written. Its bytes are read from `stream` while pages are added. */
export interface LetterDocument {
  stream: AsyncIterable<Uint8Array>
  /** Bytes made and not yet read; pdfkit heeds no back-pressure, so whoever adds pages waits on this. */
  pending(): number
  shape: Shape
  resourceOf(face: FaceName): string
  /** Takes a picture in, once; pages draw it by the resource it is given. */
  addPicture(file: string, picture: GreyPicture | DrawnPicture): void
  pictureOf(file: string): string | undefined
  addPage(content: string): void
  end(): void
}

export interface DocumentOptions {
  /** Letters, digits, blanks, dots, dashes and underscores only: pdfkit does not escape it in the XMP packet. */
  title: string
  /** The only date in the file, so that the same input gives the same bytes. */
  createdAt: Date
  language: string
}

/** A PDF name; pdfkit would write a string, and PDF/X wants /Trapped to be a name (ISO 15930-7). */
const pdfName = (name: string) => ({ [Symbol.toStringTag]: 'PDFName', toString: () => `/${name}` })

/** Pages under one node of the page tree: a flat tree keeps every page's data until the end. */
const FANOUT = 128

/**
 * A PDF of the shape of PDF/X-4: output intent with its embedded profile, trim boxes, embedded subset fonts, no
 * transparency, black as K only. Self-checked, not certified. Pages are content streams written by us.
 */
export async function openDocument(profile: PrintProfile, options: DocumentOptions): Promise<LetterDocument> {
  const { default: PDFDocument } = await import('pdfkit')
  const title = options.title.replace(/[^A-Za-z0-9 ._-]/g, '_')
  const document = new PDFDocument({
    autoFirstPage: false,
    pdfVersion: '1.6',
    // Given so that Helvetica, which pdfkit would not embed, is never loaded.
    font: fontFile('regular'),
    lang: options.language,
    compress: false,
    info: {
      Title: title,
      Creator: 'Relais',
      Producer: 'Relais (pdfkit)',
      CreationDate: options.createdAt,
      ModDate: options.createdAt,
      Trapped: pdfName('False'),
      GTS_PDFXVersion: 'PDF/X-4',
    },
  } as unknown as PDFKit.PDFDocumentOptions)
  const pdf = document as unknown as PdfDocument

  const compressed = (data: Record<string, unknown>, bytes: Uint8Array): Ref => {
    const ref = pdf.ref({ ...data, Filter: 'FlateDecode' })
    ref.compress = false
    ref.end(deflateSync(bytes, { level: 6 }))
    return ref
  }
  const intent = pdf.ref({
    Type: 'OutputIntent',
    S: 'GTS_PDFX',
    OutputConditionIdentifier: new String(profile.outputIntent.identifier),
    RegistryName: new String('http://www.color.org'),
    Info: new String(profile.outputIntent.info),
    DestOutputProfile: compressed({ N: 4 }, await readFile(profile.outputIntent.iccPath)),
  })
  intent.end()
  pdf._root.data.OutputIntents = [intent]
  pdf.appendXML(xmp(title, options.createdAt))

  const faces = new Map<FaceName, Face>()
  faceNames.forEach((name, i) => {
    pdf.font(fontFile(name))
    const font = pdf._font
    // The subset's tag is made of the id's digits: two files merged by a shop must not share a font name.
    const digest = createHash('sha256').update(`${title}\n${options.createdAt.toISOString()}\n${name}`).digest()
    font.id = `F${String(digest.readUInt32BE() % 1_000_000).padStart(6, '0')}`
    faces.set(name, faceOf(`F${i + 1}`, name, font))
  })
  const faceFor = (name: FaceName): Face => {
    const face = faces.get(name)
    if (!face) throw new Error(`No face ${name}.`)
    return face
  }

  const pictures = new Map<string, { resource: string; ref: Ref }>()

  const box = [0, 0, profile.sheet.width * POINTS, profile.sheet.height * POINTS]
  const resources = pdf.ref({})
  const root = pdf._root.data.Pages as Ref
  let node: { ref: Ref; kids: Ref[] } | undefined

  const closeNode = () => {
    node?.ref.end()
    if (node) node.ref.data = {}
    node = undefined
  }

  return {
    stream: document as unknown as AsyncIterable<Uint8Array>,
    pending: () => pdf.readableLength,
    shape: (face, text) => faceFor(face).shape(text),
    resourceOf: (face) => faceFor(face).resource,
    addPicture: (file, picture) => {
      if (pictures.has(file)) return
      const { width, height } = picture
      const resource = `I${pictures.size + 1}`
      if ('shapes' in picture) {
        const operators = drawnOperators(
          picture,
          (face, text) => faceFor(face).shape(text),
          (face) => faceFor(face).resource,
        )
        // A form takes the unit square, as an image does: pages need not know which of the two they draw.
        const form = {
          ...{ Type: 'XObject', Subtype: 'Form', BBox: [0, 0, width, height], Resources: resources },
          Matrix: [1 / width, 0, 0, 1 / height, 0, 0],
        }
        pictures.set(file, { resource, ref: compressed(form, Buffer.from(operators, 'latin1')) })
        return
      }
      // DeviceGray is black ink and nothing else: the job stays 1/0, and no profile is asked.
      const image = {
        Type: 'XObject',
        Subtype: 'Image',
        Width: width,
        Height: height,
        ColorSpace: 'DeviceGray',
        BitsPerComponent: 8,
      }
      pictures.set(file, { resource, ref: compressed(image, picture.grey) })
    },
    pictureOf: (file) => pictures.get(file)?.resource,
    addPage: (content) => {
      if (!node) {
        const kids: Ref[] = []
        node = { ref: pdf.ref({ Type: 'Pages', Parent: root, Count: 0, Kids: kids }), kids }
        ;(root.data.Kids as Ref[]).push(node.ref)
      }
      const contents = compressed({}, Buffer.from(content, 'latin1'))
      const page = pdf.ref({
        Type: 'Page',
        Parent: node.ref,
        MediaBox: box,
        TrimBox: box,
        BleedBox: box,
        Resources: resources,
        Contents: contents,
      })
      page.end()
      page.data = {}
      contents.data = {}
      node.kids.push(page)
      node.ref.data.Count = node.kids.length
      root.data.Count = Number(root.data.Count) + 1
      if (node.kids.length >= FANOUT) closeNode()
    },
    end: () => {
      closeNode()
      const used = [...faces.values()].filter((face) => face.isUsed())
      resources.data = {
        Font: Object.fromEntries(used.map((face) => [face.resource, face.font.ref()])),
        ...(pictures.size > 0
          ? { XObject: Object.fromEntries([...pictures.values()].map(({ resource, ref }) => [resource, ref])) }
          : {}),
      }
      resources.end()
      pdf.end()
    },
  }
}

function xmp(title: string, createdAt: Date): string {
  const at = `${createdAt.toISOString().slice(0, 19)}Z`
  const hash = createHash('sha256').update(`${title}\n${at}`).digest('hex')
  const uuid = [hash.slice(0, 8), hash.slice(8, 12), hash.slice(12, 16), hash.slice(16, 20), hash.slice(20, 32)].join(
    '-',
  )
  return `
<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/"><pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:ModifyDate>${at}</xmp:ModifyDate><xmp:MetadataDate>${at}</xmp:MetadataDate></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Trapped>False</pdf:Trapped></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"><xmpMM:DocumentID>uuid:${uuid}</xmpMM:DocumentID><xmpMM:RenditionClass>default</xmpMM:RenditionClass><xmpMM:VersionID>1</xmpMM:VersionID></rdf:Description>
`
}
