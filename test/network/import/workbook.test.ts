import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, expect, test } from 'vitest'
import type { SourceRow } from '../../../src/network/import/source.ts'
import { guardWorkbook, openWorkbook } from '../../../src/network/import/workbook.ts'
import { workbookBytes } from './xlsx.ts'

const folder = mkdtempSync(join(tmpdir(), 'relais-workbook-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const write = (bytes: Uint8Array) => {
  const file = join(folder, `${++files}.xlsx`)
  writeFileSync(file, bytes)
  return file
}
async function rowsOf(file: string): Promise<SourceRow[]> {
  const rows: SourceRow[] = []
  for await (const batch of (await openWorkbook(file)).rows) rows.push(...batch)
  return rows
}

test('a sheet is read as its CSV export would be: numbers, dates, yes and no, cached formulas', async () => {
  const file = write(
    workbookBytes([
      ['Code site', 'Mobile', 'Accord SMS', 'Dernière activité', 'Note'],
      ['S1', 612345678, true, { date: '2025-03-13' }, { formula: '1+1', cached: 2 }],
      [null, null, null, null, null],
      ['S2', '0612345679', false, null, '=HYPERLINK("x")'],
    ]),
  )
  const source = await openWorkbook(file)
  expect(source.headers).toEqual(['Code site', 'Mobile', 'Accord SMS', 'Dernière activité', 'Note'])
  expect(await rowsOf(file)).toEqual([
    { line: 2, cells: ['S1', '612345678', 'oui', '2025-03-13', '2'] },
    { line: 3, cells: ['', '', '', '', ''] },
    { line: 4, cells: ['S2', '0612345679', 'non', '', '=HYPERLINK("x")'] },
  ])
})

test('an empty workbook has no headers', async () => {
  expect((await openWorkbook(write(workbookBytes([])))).headers).toEqual([])
})

test('a bomb is refused while it unpacks, with the way out', async () => {
  const zeros = new Uint8Array(80 * 1024 * 1024)
  const bomb = write(zipSync({ 'xl/workbook.xml': strToU8('<workbook/>'), 'xl/worksheets/sheet1.xml': zeros }))
  await expect(openWorkbook(bomb)).rejects.toMatchObject({
    code: 'workbook_too_big',
    message: /more than 64 MB: export the sheet as CSV/,
  })
})

test('an archive of many parts is refused', async () => {
  const parts = Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`xl/${n}.xml`, strToU8('x')]))
  await expect(guardWorkbook(write(zipSync(parts)))).rejects.toMatchObject({
    code: 'workbook_too_big',
    message: /more than 200 parts/,
  })
})

test('macros, other archives and cut files are refused', async () => {
  const macro = zipSync({ 'xl/workbook.xml': strToU8('<workbook/>'), 'xl/vbaProject.bin': strToU8('x') })
  await expect(guardWorkbook(write(macro))).rejects.toMatchObject({ code: 'workbook_macros', message: /macros/ })
  const other = zipSync({ 'readme.txt': strToU8('hello') })
  await expect(guardWorkbook(write(other))).rejects.toMatchObject({ code: 'workbook_broken' })
  const sound = workbookBytes([['Code site'], ['S1']])
  await expect(openWorkbook(write(sound.subarray(0, sound.length / 2)))).rejects.toMatchObject({
    code: 'workbook_broken',
    message: /save it again/,
  })
})

test('the limits are the caller’s to tighten', async () => {
  const file = write(workbookBytes([['Code site'], ['S1']]))
  await expect(guardWorkbook(file, { bytes: 100, entries: 200 })).rejects.toMatchObject({ code: 'workbook_too_big' })
  await expect(guardWorkbook(file)).resolves.toBeUndefined()
})
