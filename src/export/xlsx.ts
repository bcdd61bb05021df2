import { Zip, ZipDeflate } from 'fflate'
import { safeCell } from './safe-cell.ts'
import type { Cell, ExportColumn, ExportTable } from './table.ts'

/** What a sheet holds (Microsoft, Excel specifications and limits). */
export const mostRows = 1_048_576
const longestText = 32_767
const chunk = 64 * 1024

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const related = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006'
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

/** Days from 30 December 1899, which Excel counts from, to 1 January 1970. */
const epochDay = 25_569
const styles = { plain: 0, head: 1, instant: 2 } as const

/** A number as the letters of a column: 0 is A, 26 is AA. */
const letters = (at: number): string =>
  (at >= 26 ? letters(Math.floor(at / 26) - 1) : '') + String.fromCharCode(65 + (at % 26))

/** What XML 1.0 cannot hold is left out; `_x0041_` would be read as an escape (ECMA-376 part 1, 22.9.2.19). */
const escaped = (text: string): string =>
  text
    .slice(0, longestText)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')

function cellXml(cell: Cell, place: string, column: ExportColumn | undefined, style: number): string {
  if (cell === null || cell === '' || (typeof cell === 'number' && !Number.isFinite(cell))) return ''
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`
  if (cell instanceof Date)
    return `<c r="${place}" s="${styles.instant}"><v>${cell.getTime() / 86_400_000 + epochDay}</v></c>`
  // Text inline is never computed; it is made safe all the same, for whoever saves the sheet as CSV.
  const text = escaped(safeCell(cell, column?.kind))
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`
}

const rowXml = (cells: readonly Cell[], columns: readonly ExportColumn[], row: number, style: number): string =>
  `<row r="${row}">${cells.map((cell, at) => cellXml(cell, `${letters(at)}${row}`, columns[at], style)).join('')}</row>`

const beginning = (columns: readonly ExportColumn[]): string =>
  `${xml}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columns
    .map(
      ({ head }, at) =>
        `<col min="${at + 1}" max="${at + 1}" width="${Math.max(12, Math.min(40, head.length + 4))}" customWidth="1"/>`,
    )
    .join('')}</cols><sheetData>${rowXml(
    columns.map(({ head }) => head),
    [],
    1,
    styles.head,
  )}`
const end = '</sheetData></worksheet>'

const stylesXml = `${xml}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`

/** A sheet's name: 31 characters, without what Excel refuses, and told apart from those before it. */
function sheetName(wanted: string, taken: readonly string[]): string {
  const plain =
    wanted
      .replace(/[\\/?*[\]:\0-\u001f]/g, ' ')
      .replace(/^'+|'+$/g, '')
      .trim() || 'Sheet'
  for (let n = 1; ; n += 1) {
    const tail = n === 1 ? '' : ` (${n})`
    const name = plain.slice(0, 31 - tail.length) + tail
    if (!taken.some((one) => one.toLowerCase() === name.toLowerCase())) return name
  }
}

/** The parts that say what sheets there are; they come last, when it is known. */
function frameParts(names: readonly string[]): [path: string, text: string][] {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const each = (part: (n: number, name: string) => string) => names.map((name, at) => part(at + 1, name)).join('')
  return [
    ['xl/styles.xml', stylesXml],
    [
      'xl/workbook.xml',
      `${xml}<workbook xmlns="${main}" xmlns:r="${related}"><sheets>${each(
        (n, name) => `<sheet name="${escaped(name).replaceAll('"', '&quot;')}" sheetId="${n}" r:id="rId${n}"/>`,
      )}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${xml}<Relationships xmlns="${packaged}/relationships">${each(
        (n) => `<Relationship Id="rId${n}" Type="${related}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
      )}<Relationship Id="rId${names.length + 1}" Type="${related}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      '_rels/.rels',
      `${xml}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${related}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      '[Content_Types].xml',
      `${xml}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${each(
        (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`,
      )}</Types>`,
    ],
  ]
}

/**
 * Tables as one workbook (ECMA-376), written as the rows come: memory holds a chunk of a sheet, however many rows
 * there are. A table longer than a sheet goes on in the next one. `writeTime` is what the archive says of its parts.
 */
export async function* xlsxOf(
  tables: readonly ExportTable[],
  writeTime: Date,
  rowsInSheet = mostRows,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const encoder = new TextEncoder()
  const zip = new Zip((error, bytes) => {
    if (error) throw error
    ready.push(bytes)
  })
  const open = (path: string) => {
    const part = new ZipDeflate(path, { level: 6 })
    part.mtime = writeTime
    zip.add(part)
    return part
  }
  const names: string[] = []
  const newSheet = (table: ExportTable) => {
    names.push(sheetName(table.name, names))
    const part = open(`xl/worksheets/sheet${names.length}.xml`)
    part.push(encoder.encode(beginning(table.columns)))
    return part
  }
  for (const table of tables) {
    let sheet = newSheet(table)
    let row = 1
    let text = ''
    for await (const cells of table.rows) {
      if (row === rowsInSheet) {
        sheet.push(encoder.encode(text + end), true)
        sheet = newSheet(table)
        row = 1
        text = ''
      }
      row += 1
      text += rowXml(cells, table.columns, row, styles.plain)
      if (text.length < chunk) continue
      sheet.push(encoder.encode(text))
      text = ''
      yield* ready.splice(0)
    }
    sheet.push(encoder.encode(text + end), true)
    yield* ready.splice(0)
  }
  for (const [path, text] of frameParts(names)) open(path).push(encoder.encode(text), true)
  zip.end()
  yield* ready.splice(0)
}
