import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openCsv } from '../../../src/network/import/csv.ts'
import { sniffDelimiter } from '../../../src/network/import/delimiter.ts'
import { inspectFile } from '../../../src/network/import/encoding.ts'
import { safeCell } from '../../../src/network/import/rejects.ts'
import type { SourceRow } from '../../../src/network/import/source.ts'

const folder = mkdtempSync(join(tmpdir(), 'relais-table-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const write = (content: string | Buffer) => {
  const file = join(folder, `${++files}.csv`)
  writeFileSync(file, content)
  return file
}

async function read(content: string | Buffer) {
  const file = write(content)
  const { encoding } = await inspectFile(file)
  const source = await openCsv(file, encoding)
  const rows: SourceRow[] = []
  for await (const batch of source.rows) rows.push(...batch)
  return { ...source, rows }
}
const cells = (rows: SourceRow[]) => rows.map((row) => row.cells)

test('UTF-8 with and without its mark, UTF-16 both ways, and Windows-1252 read alike', async () => {
  const text = 'Prénom;Ville\r\nAloïs;Œting\r\n'
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
  const latin = Buffer.from(text.replace('Œ', '\u008c'), 'latin1')
  const spellings: [Buffer, string][] = [
    [Buffer.from(text), 'utf-8'],
    [Buffer.from(`\ufeff${text}`), 'utf-8'],
    [utf16, 'utf-16le'],
    [Buffer.from(utf16).swap16(), 'utf-16be'],
    [Buffer.from(text, 'utf16le'), 'utf-16le'],
    [latin, 'windows-1252'],
  ]
  for (const [bytes, encoding] of spellings) {
    const table = await read(bytes)
    expect(table.encoding).toBe(encoding)
    expect(table.headers).toEqual(['Prénom', 'Ville'])
    expect(cells(table.rows)).toEqual([['Aloïs', 'Œting']])
  }
})

test('one bad byte at the far end of a long file still means Windows-1252', async () => {
  const long = Buffer.concat([Buffer.from(`nom\n${'abcdefgh\n'.repeat(60_000)}`), Buffer.from([0xe9])])
  expect((await inspectFile(write(long))).encoding).toBe('windows-1252')
  expect((await inspectFile(write(Buffer.concat([long.subarray(0, -1), Buffer.from('é')])))).encoding).toBe('utf-8')
})

test('a character cut in two by the reading blocks stays whole', async () => {
  const table = await read(`nom\n${'é'.repeat(40_000)}\n${'œ'.repeat(40_000)}\n`)
  expect(table.rows.map((row) => row.cells[0])).toEqual(['é'.repeat(40_000), 'œ'.repeat(40_000)])
})

test.each([
  [';', 'a;b,c;d\n1,5;2;3\n'],
  [',', 'a,b,c\n"1;5",2,3\n'],
  ['\t', 'a\tb\tc\n1,5\t2;3\t3\n'],
  ['|', 'a|b\n1|2\n'],
])('the delimiter %j is seen', (delimiter, text) => {
  expect(sniffDelimiter(text.split('\n'))).toBe(delimiter)
})

test('Excel’s own hint of the delimiter is followed and is no row', async () => {
  const table = await read('sep=,\na,b\n1;2,3\n')
  expect(table).toMatchObject({ headers: ['a', 'b'], delimiter: ',' })
  expect(cells(table.rows)).toEqual([['1;2', '3']])
})

test('mixed line endings, blank lines and a missing last one are told apart, with their lines', async () => {
  const table = await read('a;b\r\n1;2\n\n3;4\r5;6\r\n;\r\n\r\n7;8')
  expect(table.rows.map((row) => [row.line, ...row.cells])).toEqual([
    [2, '1', '2'],
    [3, ''],
    [4, '3', '4'],
    [5, '5', '6'],
    [6, '', ''],
    [7, ''],
    [8, '7', '8'],
  ])
})

test('quoted cells keep delimiters, doubled quotes and line breaks', async () => {
  const table = await read('a;b\n"x;y";"Résidence ""Les Pins"""\n"two\nlines";z\n5" pipe;w\n')
  expect(table.rows.map((row) => [row.line, ...row.cells, row.problem])).toEqual([
    [2, 'x;y', 'Résidence "Les Pins"', undefined],
    [3, 'two\nlines', 'z', undefined],
    [5, '5" pipe', 'w', undefined],
  ])
})

test('an unclosed quote costs its own line and swallows nothing after it', async () => {
  const table = await read('a;b\n1;2\n"open;3\n4;5\n"also ""quoted""";6\n7;8\n')
  expect(table.rows.map((row) => [row.line, row.problem?.code])).toEqual([
    [2, undefined],
    [3, 'unclosed_quote'],
    [4, undefined],
    [5, undefined],
    [6, undefined],
  ])
  expect(table.rows[1]!.cells).toEqual(['"open', '3'])
  expect(table.rows[3]!.cells).toEqual(['also "quoted"', '6'])
})

test('an unclosed quote without any quote after it is found too', async () => {
  const rest = Array.from({ length: 500 }, (_, n) => `${n};x`).join('\n')
  const table = await read(`a;b\n"open;3\n${rest}\n`)
  expect(table.rows.filter((row) => row.problem).map((row) => [row.line, row.problem!.code])).toEqual([
    [2, 'unclosed_quote'],
  ])
  expect(table.rows).toHaveLength(501)
})

test('a stray quote and a ragged row say what to mend', async () => {
  const table = await read('a;b\n"x"y;1\n1;2;3\n1\n')
  expect(table.rows.map((row) => row.problem)).toEqual([
    { code: 'stray_quote', message: expect.stringContaining('write it twice') },
    { code: 'ragged_row', params: { cells: 3, columns: 2 }, message: expect.stringContaining('3 cells for 2 columns') },
    { code: 'ragged_row', params: { cells: 1, columns: 2 }, message: expect.stringContaining('1 cells for 2 columns') },
  ])
})

test('an empty file has no headers, a header alone no rows', async () => {
  expect(await read('')).toMatchObject({ headers: [], rows: [] })
  expect(await read('\ufeff')).toMatchObject({ headers: [], rows: [] })
  expect(await read('a;b\r\n')).toMatchObject({ headers: ['a', 'b'], rows: [] })
})

test('a file that is no table is refused before it fills the memory', async () => {
  await expect(read(`a;b\n${'x'.repeat(3_000_000)}`)).rejects.toMatchObject({ code: 'file_not_a_table' })
})

test('a missing file, a folder and old Excel files are refused in one sentence', async () => {
  await expect(inspectFile(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'file_missing' })
  await expect(inspectFile(folder)).rejects.toMatchObject({ code: 'file_is_folder', message: /is a folder/ })
  const old = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  await expect(inspectFile(write(old))).rejects.toMatchObject({ code: 'workbook_old', message: /save it as .xlsx/ })
  const locked = Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')])
  await expect(inspectFile(write(locked))).rejects.toMatchObject({ code: 'workbook_encrypted', message: /password/ })
})

test('a rejected cell is shown by a spreadsheet and never run; phone numbers stay as they are', () => {
  expect(safeCell('=HYPERLINK("http://x")', ';')).toBe(`"'=HYPERLINK(""http://x"")"`)
  expect(safeCell('@cmd', ';')).toBe("'@cmd")
  expect(safeCell('+1+1', ';')).toBe("'+1+1")
  expect(safeCell('+33612345678', ';')).toBe('+33612345678')
  expect(safeCell('-12,5', ';')).toBe('-12,5')
  expect(safeCell('a;b', ';')).toBe('"a;b"')
})

const anyCell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ';', '\n', ' ', '=', 'z'), maxLength: 8 })
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`

test('whatever a sound table holds comes back cell by cell', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(anyCell, anyCell, anyCell), { maxLength: 30 }), async (rows) => {
      const table = await read(`a;b;c\n${rows.map((row) => `${row.map(quoted).join(';')}\n`).join('')}`)
      expect(cells(table.rows)).toEqual(rows)
      expect(table.rows.every((row) => !row.problem)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('no line is lost, however the quotes fall', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', '"', ';', 'b'), minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
      const table = await read(`a;b\n${lines.join('\n')}\n`)
      const kept = table.rows
        .flatMap((row) =>
          row.cells
            .join('')
            .replaceAll(/["\n;]/g, '')
            .split(''),
        )
        .join('')
      expect(kept).toBe(lines.join('').replaceAll(/[";]/g, ''))
      const numbers = table.rows.map((row) => row.line)
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
    }),
    { numRuns: 200 },
  )
})
