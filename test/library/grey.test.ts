import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { inGreys, isPrintable } from '../../src/library/grey.ts'
import { upright } from '../../src/library/jpeg-file.ts'
import { decodePng } from '../../src/library/png-file.ts'
import { jpg, png } from './pictures.ts'

const row = (...bytes: number[]) => Buffer.from([0, ...bytes])

describe('the pixels of a PNG', () => {
  test.each([
    ['grey, one bit', { width: 2, colourType: 0, depth: 1 }, row(0b01000000), [0, 0, 0, 255, 255, 255, 255, 255]],
    ['grey, two bits', { width: 2, colourType: 0, depth: 2 }, row(0b00100000), [0, 0, 0, 255, 170, 170, 170, 255]],
    ['grey, sixteen bits', { width: 1, colourType: 0, depth: 16 }, row(0x80, 0x00), [128, 128, 128, 255]],
    ['grey and opacity', { width: 1, colourType: 4, depth: 8 }, row(10, 20), [10, 10, 10, 20]],
    ['colours', { width: 1, colourType: 2, depth: 8 }, row(1, 2, 3), [1, 2, 3, 255]],
    ['colours and opacity', { width: 1, colourType: 6, depth: 8 }, row(1, 2, 3, 4), [1, 2, 3, 4]],
  ])('%s', async (_, header, rows, expected) => {
    expect([...(await decodePng(png({ height: 1, ...header, rows }))).rgba]).toEqual(expected)
  })

  test('a palette, with its opacities', async () => {
    const before: [string, Uint8Array][] = [
      ['PLTE', Buffer.from([9, 8, 7, 6, 5, 4])],
      ['tRNS', Buffer.from([255, 0])],
    ]
    const bytes = png({ width: 2, height: 1, colourType: 3, depth: 4, rows: row(0x01), before })
    expect([...(await decodePng(bytes)).rgba]).toEqual([9, 8, 7, 255, 6, 5, 4, 0])
  })

  test('one colour made transparent', async () => {
    const before: [string, Uint8Array][] = [['tRNS', Buffer.from([0, 1, 0, 2, 0, 3])]]
    const bytes = png({ width: 2, height: 1, rows: row(1, 2, 3, 1, 2, 4), before })
    expect([...(await decodePng(bytes)).rgba]).toEqual([1, 2, 3, 0, 1, 2, 4, 255])
  })

  test.each([
    ['none', 0, [10, 20, 30]],
    ['left', 1, [10, 10, 10]],
    ['up', 2, [5, 12, 14]],
    ['mean', 3, [8, 11, 12]],
    ['Paeth', 4, [5, 10, 10]],
  ] as const)('the filter %s is undone', async (_, kind, raw) => {
    // The second row comes out as 10, 20, 30 over 5, 8, 16, whatever it was filtered by.
    const rows = Buffer.from([0, 5, 8, 16, kind, ...raw])
    const { rgba } = await decodePng(png({ width: 3, height: 2, colourType: 0, rows }))
    expect([...rgba.subarray(12)].filter((_value, i) => i % 4 === 0)).toEqual([10, 20, 30])
  })

  test('rows that are interlaced come in their place', async () => {
    // Adam7 of 3 × 3: the first pass has one pixel, then as the grid says.
    const rows = Buffer.from([0, 1, 0, 3, 0, 7, 9, 0, 2, 0, 8, 0, 4, 5, 6])
    const { rgba } = await decodePng(png({ width: 3, height: 3, colourType: 0, isInterlaced: true, rows }))
    expect([...rgba].filter((_value, i) => i % 4 === 0)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
  })
})

describe('a picture in greys', () => {
  test('is weighed as the eye does, on white paper', async () => {
    const rows = row(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 0, 128)
    const greys = await inGreys(png({ width: 5, height: 1, colourType: 6, rows }), 'png')
    expect([...greys!.grey]).toEqual([76, 150, 29, 255, 127])
  })

  test('of a JPEG is the same at every call, and near its colour', async () => {
    const bytes = jpg(16, 16, [200, 200, 200])
    const [one, other] = [await inGreys(bytes, 'jpg'), await inGreys(bytes, 'jpg')]
    expect(one).toEqual(other)
    for (const value of one!.grey) expect(Math.abs(value - 200)).toBeLessThan(4)
  })

  test('is no finer than print can use', async () => {
    const greys = await inGreys(png({ width: 3_780, height: 10 }), 'png')
    expect(greys).toMatchObject({ width: 1_890, height: 5 })
    expect(new Set(greys!.grey)).toEqual(new Set([128]))
  })

  test('is made of PNG and JPEG only', async () => {
    expect(['png', 'jpg', 'gif', 'webp'].map((format) => isPrintable(format as 'png'))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(await inGreys(Buffer.alloc(10), 'gif')).toBeUndefined()
  })
})

test('a photograph is turned as its camera was held', () => {
  // a b c
  // d e f
  const rgba = new Uint8Array(new Uint32Array([1, 2, 3, 4, 5, 6]).buffer)
  const turned = (orientation: number) => {
    const { width, height, rgba: pixels } = upright({ width: 3, height: 2, rgba }, orientation)
    return [width, height, [...new Uint32Array(pixels.buffer)].join('')]
  }
  expect([1, 2, 3, 4, 5, 6, 7, 8].map(turned)).toEqual([
    [3, 2, '123456'],
    [3, 2, '321654'],
    [3, 2, '654321'],
    [3, 2, '456123'],
    [2, 3, '142536'],
    [2, 3, '415263'],
    [2, 3, '635241'],
    [2, 3, '362514'],
  ])
})

test('what other programs draw is read alike: a page of Ghostscript’s', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relais-grey-'))
  try {
    const file = join(folder, 'page.png')
    const drawn = '0.5 setgray 0 0 50 100 rectfill 0 setgray 50 0 50 100 rectfill showpage'
    writeFileSync(join(folder, 'page.ps'), drawn)
    const args = ['-q', '-dNOPAUSE', '-dBATCH', '-sDEVICE=png16m', '-g100x100', '-r72', `-sOutputFile=${file}`]
    expect(spawnSync('gs', [...args, join(folder, 'page.ps')]).status).toBe(0)
    const greys = (await inGreys(readFileSync(file), 'png'))!
    expect([greys.width, greys.height, greys.grey[10], greys.grey[90]]).toEqual([100, 100, 127, 0])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
