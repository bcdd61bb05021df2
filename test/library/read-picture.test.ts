import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { PictureRefused } from '../../src/library/picture-refused.ts'
import { readPicture } from '../../src/library/read-picture.ts'
import { exif, gif, jpg, png, webp, withSegment } from './pictures.ts'

const refusal = async (bytes: Uint8Array): Promise<string> => {
  try {
    await readPicture(bytes)
    return 'taken'
  } catch (error) {
    if (error instanceof PictureRefused) return error.code
    throw error
  }
}

describe('what a file is', () => {
  test.each([
    ['png', png({ width: 30, height: 20 })],
    ['jpg', jpg(30, 20)],
    ['gif', gif(30, 20, 1)],
    ['webp', webp(30, 20)],
  ] as const)('%s is known by its first bytes, and measured', async (format, bytes) => {
    expect(await readPicture(bytes)).toMatchObject({ format, width: 30, height: 20 })
  })

  test.each([
    ['nothing at all', '', 'empty'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'svg'],
    ['SVG behind a byte order mark and a declaration', '\ufeff  <?xml version="1.0"?><svg/>', 'svg'],
    ['HTML', '<!doctype html><script>alert(1)</script>', 'otherFormat'],
    ['PDF', '%PDF-1.7\n', 'pdf'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0', 'heic'],
    ['AVIF', '\0\0\0\x18ftypavif\0\0\0\0', 'heic'],
    ['BMP', 'BM\0\0\0\0\0\0', 'otherFormat'],
    ['a name without a picture', 'logo.png', 'otherFormat'],
  ])('%s is refused, and called by its name', async (_, text, code) => {
    expect(await refusal(Buffer.from(text))).toBe(code)
  })

  test('a picture is what its bytes say, so two files of one picture are one', async () => {
    const [one, other] = [
      await readPicture(png({ width: 3, height: 3 })),
      await readPicture(png({ width: 3, height: 3 })),
    ]
    expect(one.hash).toBe(other.hash)
    expect((await readPicture(png({ width: 3, height: 4 }))).hash).not.toBe(one.hash)
  })
})

describe('how large it may be', () => {
  test('five megabytes and no more', async () => {
    const at = Buffer.concat([jpg(2, 2), Buffer.alloc(5_000_000)])
    expect(await refusal(at.subarray(0, 5_000_000))).toBe('taken')
    expect(await refusal(at.subarray(0, 5_000_001))).toBe('tooHeavy')
  })

  test('a side of more than 8,000 pixels is refused before anything is unpacked', async () => {
    // What it announces it does not hold: had it been unpacked, it would be damaged.
    expect(await refusal(png({ width: 8_001, height: 1, packed: Buffer.alloc(4) }))).toBe('tooWide')
    expect(await refusal(png({ width: 8_000, height: 1, packed: Buffer.alloc(4) }))).toBe('damaged')
  })

  test('so are more than 16 million pixels', async () => {
    expect(await refusal(png({ width: 4_001, height: 4_000, packed: Buffer.alloc(4) }))).toBe('tooManyPixels')
  })

  test('a PNG that unpacks to more than it announces is a bomb, and costs no memory', async () => {
    const bomb = deflateSync(Buffer.alloc(200_000_000))
    const before = process.memoryUsage().rss
    expect(await refusal(png({ width: 10, height: 10, packed: bomb }))).toBe('bomb')
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000)
  })

  test.each([
    ['GIF', (frames: number) => gif(2_000, 2_000, frames)],
    ['WebP', (frames: number) => webp(2_000, 2_000, { frames })],
  ])('a %s whose frames would fill the memory of whoever looks at it is a bomb', async (_, make) => {
    expect(await refusal(make(30))).toBe('taken')
    expect(await refusal(make(31))).toBe('bomb')
  })

  test.each([
    ['a PNG cut short', png({ width: 40, height: 40 }).subarray(0, 60)],
    ['a PNG without its rows', png({ width: 4, height: 4, rows: Buffer.alloc(3) })],
    ['a PNG of a depth its colours do not have', png({ width: 4, height: 4, colourType: 2, depth: 4 })],
    ['a JPEG cut short before its picture', jpg(8, 8).subarray(0, 160)],
    ['a GIF cut short', gif(4, 4, 2).subarray(0, 30)],
    ['a GIF without a frame', gif(4, 4, 0)],
  ])('%s is damaged', async (_, bytes) => {
    expect(await refusal(bytes)).toBe('damaged')
  })
})

describe('what is not kept', () => {
  const secret = 'N 45.7640 E 4.8357'
  const holds = (bytes: Uint8Array) => Buffer.from(bytes).includes(secret)

  test('the notes of cameras and programs in a JPEG; it stays the right way up', async () => {
    const given = withSegment(withSegment(jpg(30, 20), 0xe1, exif(6, secret)), 0xfe, Buffer.from(secret))
    expect(holds(given)).toBe(true)
    const read = await readPicture(given)
    expect(holds(read.bytes)).toBe(false)
    // Turned by a quarter: what was wide is high.
    expect(read).toMatchObject({ width: 20, height: 30 })
    expect(await readPicture(read.bytes)).toMatchObject({ width: 20, height: 30, hash: read.hash })
  })

  test('the texts in a PNG, and what is hidden behind its end', async () => {
    const given = png({
      width: 4,
      height: 4,
      before: [
        ['tEXt', Buffer.from(secret)],
        ['eXIf', Buffer.from(secret)],
      ],
    })
    const read = await readPicture(Buffer.concat([given, Buffer.from(secret)]))
    expect(holds(read.bytes)).toBe(false)
    expect(Buffer.from(read.bytes).equals(png({ width: 4, height: 4 }))).toBe(true)
  })

  test('Exif and XMP in a WebP, and the flags that announce them', async () => {
    const given = webp(30, 20, { secret })
    expect(holds(given)).toBe(true)
    const { bytes } = await readPicture(given)
    expect(holds(bytes)).toBe(false)
    expect(bytes[20]! & 0b1100).toBe(0)
    expect(Buffer.from(bytes).readUInt32LE(4)).toBe(bytes.length - 8)
  })
})
