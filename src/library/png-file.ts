/** PNG as a file: its chunks, and its pixels without ever unpacking more than its header announces (W3C PNG, third edition). */
import { inflate } from 'node:zlib'
import { maxAnimatedPixels } from './picture-limits.ts'
import { PictureRefused } from './picture-refused.ts'

interface Chunk {
  type: string
  data: Uint8Array
  /** With its length, type and checksum. */
  whole: Uint8Array
}

interface PngHeader {
  width: number
  height: number
  depth: number
  colourType: number
  isInterlaced: boolean
}

/** What shows; the rest is notes of cameras and programs, places and names among them, or can hide a bomb. */
const shown = new Set([
  'IHDR',
  'PLTE',
  'tRNS',
  'IDAT',
  'IEND',
  'gAMA',
  'cHRM',
  'sRGB',
  'sBIT',
  'pHYs',
  'acTL',
  'fcTL',
  'fdAT',
])

const signatureLength = 8

function chunksOf(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let at = signatureLength; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const end = at + 12 + length
    if (end > bytes.length) break
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1')
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length), whole: bytes.subarray(at, end) })
    if (type === 'IEND') return chunks
    at = end
  }
  throw new PictureRefused('damaged')
}

/** Samples of a pixel by colour type; the depths each may have are checked with it. */
const samples: Record<number, { count: number; depths: readonly number[] }> = {
  0: { count: 1, depths: [1, 2, 4, 8, 16] },
  2: { count: 3, depths: [8, 16] },
  3: { count: 1, depths: [1, 2, 4, 8] },
  4: { count: 2, depths: [8, 16] },
  6: { count: 4, depths: [8, 16] },
}

function headerOf([first]: Chunk[]): PngHeader {
  if (first?.type !== 'IHDR' || first.data.length !== 13) throw new PictureRefused('damaged')
  const view = new DataView(first.data.buffer, first.data.byteOffset, 13)
  const header = {
    width: view.getUint32(0),
    height: view.getUint32(4),
    depth: view.getUint8(8),
    colourType: view.getUint8(9),
    isInterlaced: view.getUint8(12) === 1,
  }
  const isKnown = samples[header.colourType]?.depths.includes(header.depth)
  if (!isKnown || header.width === 0 || header.height === 0) throw new PictureRefused('damaged')
  return header
}

interface Pass {
  width: number
  height: number
  x: number
  y: number
  stepX: number
  stepY: number
}

/** Adam7 (PNG §8.2), or the one pass of a picture that is not interlaced. */
function passesOf({ width, height, isInterlaced }: PngHeader): Pass[] {
  if (!isInterlaced) return [{ width, height, x: 0, y: 0, stepX: 1, stepY: 1 }]
  const grid = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const
  return grid
    .map(([x, y, stepX, stepY]) => ({
      x,
      y,
      stepX,
      stepY,
      width: Math.ceil((width - x) / stepX),
      height: Math.ceil((height - y) / stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0)
}

const bitsAPixel = ({ colourType, depth }: PngHeader) => (samples[colourType]?.count ?? 0) * depth
const rowBytes = (header: PngHeader, width: number) => Math.ceil((width * bitsAPixel(header)) / 8)

/** The rows with their filter bytes, and not a byte more than the header announces. */
async function unpacked(header: PngHeader, chunks: Chunk[]): Promise<Uint8Array> {
  const expected = passesOf(header).reduce((sum, pass) => sum + pass.height * (1 + rowBytes(header, pass.width)), 0)
  const packed = Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data))
  const rows = await new Promise<Buffer>((resolve, reject) => {
    inflate(packed, { maxOutputLength: expected }, (error, result) => {
      if (!error) resolve(result)
      else reject(new PictureRefused('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? 'bomb' : 'damaged'))
    })
  })
  if (rows.length < expected) throw new PictureRefused('damaged')
  return rows
}

/**
 * The same picture without what does not show, once its pixels have been found whole.
 * @throws PictureRefused when it is damaged, or unpacks to more than it announces
 */
export async function cleanPng(bytes: Uint8Array): Promise<Uint8Array> {
  const chunks = chunksOf(bytes)
  const header = headerOf(chunks)
  await unpacked(header, chunks)
  const animation = chunks.find(({ type }) => type === 'acTL')
  if (animation && animation.data.length >= 4) {
    const frames = new DataView(animation.data.buffer, animation.data.byteOffset, 4).getUint32(0)
    if (frames * header.width * header.height > maxAnimatedPixels) throw new PictureRefused('bomb')
  }
  return Buffer.concat([
    bytes.subarray(0, signatureLength),
    ...chunks.filter(({ type }) => shown.has(type)).map(({ whole }) => whole),
  ])
}

export interface Pixels {
  width: number
  height: number
  /** Red, green, blue, opacity. */
  rgba: Uint8Array
}

/** The pixels of a still PNG, whatever its colour type, depth and interlacing. */
export async function decodePng(bytes: Uint8Array): Promise<Pixels> {
  const chunks = chunksOf(bytes)
  const header = headerOf(chunks)
  const rows = await unpacked(header, chunks)
  const palette = chunks.find(({ type }) => type === 'PLTE')?.data
  const transparency = chunks.find(({ type }) => type === 'tRNS')?.data
  const rgba = new Uint8Array(header.width * header.height * 4)
  const read = sampler(header, palette, transparency)
  const back = Math.max(1, bitsAPixel(header) >> 3)
  let at = 0
  for (const pass of passesOf(header)) {
    const length = rowBytes(header, pass.width)
    let before: Uint8Array = new Uint8Array(length)
    for (let y = 0; y < pass.height; y++) {
      const row = rows.subarray(at + 1, at + 1 + length)
      unfilter(rows[at] ?? 0, row, before, back)
      for (let x = 0; x < pass.width; x++) {
        const target = ((pass.y + y * pass.stepY) * header.width + pass.x + x * pass.stepX) * 4
        read(row, x, rgba, target)
      }
      before = row
      at += 1 + length
    }
  }
  return { width: header.width, height: header.height, rgba }
}

/** Undoes a row's filter in place (PNG §9.2). */
function unfilter(kind: number, row: Uint8Array, above: Uint8Array, back: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = i >= back ? row[i - back]! : 0
    const up = above[i]!
    const corner = i >= back ? above[i - back]! : 0
    if (kind === 1) row[i]! += left
    else if (kind === 2) row[i]! += up
    else if (kind === 3) row[i]! += (left + up) >> 1
    else if (kind === 4) row[i]! += paeth(left, up, corner)
    else if (kind !== 0) throw new PictureRefused('damaged')
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

type Read = (row: Uint8Array, x: number, into: Uint8Array, target: number) => void

function sampler(header: PngHeader, palette: Uint8Array | undefined, transparency: Uint8Array | undefined): Read {
  const { depth, colourType } = header
  const { count } = samples[colourType]!
  const largest = 2 ** depth - 1
  const raw = (row: Uint8Array, index: number): number => {
    if (depth === 8) return row[index]!
    if (depth === 16) return (row[index * 2]! << 8) | row[index * 2 + 1]!
    const bit = index * depth
    return (row[bit >> 3]! >> (8 - depth - (bit & 7))) & largest
  }
  const scaled = (value: number) => (depth === 8 ? value : Math.round((value / largest) * 255))
  const keyed = (index: number) =>
    transparency && transparency.length >= index * 2 + 2
      ? (transparency[index * 2]! << 8) | transparency[index * 2 + 1]!
      : undefined
  return (row, x, into, target) => {
    const values = [0, 1, 2, 3].slice(0, count).map((index) => raw(row, x * count + index))
    const [first = 0, second = 0, third = 0, fourth = 0] = values
    if (colourType === 3) {
      if (!palette || first * 3 + 2 >= palette.length) throw new PictureRefused('damaged')
      into.set(palette.subarray(first * 3, first * 3 + 3), target)
      into[target + 3] = transparency?.[first] ?? 255
      return
    }
    const isGrey = count < 3
    into[target] = scaled(first)
    into[target + 1] = scaled(isGrey ? first : second)
    into[target + 2] = scaled(isGrey ? first : third)
    if (colourType === 4) into[target + 3] = scaled(second)
    else if (colourType === 6) into[target + 3] = scaled(fourth)
    else {
      const isKeyed = transparency !== undefined && values.every((value, index) => value === keyed(index))
      into[target + 3] = isKeyed ? 0 : 255
    }
  }
}
