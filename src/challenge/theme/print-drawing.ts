import type { Drawing, Ink } from './drawing.ts'

/** The part of a pdfkit document a drawing is made on. */
export interface Sheet {
  save(): Sheet
  restore(): Sheet
  translate(x: number, y: number): Sheet
  scale(factor: number): Sheet
  path(d: string): Sheet
  circle(x: number, y: number, radius: number): Sheet
  lineWidth(width: number): Sheet
  fill(colour: string): Sheet
  stroke(colour: string): Sheet
  fillAndStroke(fill: string, stroke: string): Sheet
  fontSize(size: number): Sheet
  fillColor(colour: string): Sheet
  widthOfString(text: string): number
  text(text: string, x: number, y: number, options: { lineBreak: false }): Sheet
}

/** Greys and one colour that a black-and-white press tells apart. */
const inks: Record<Ink, { fill?: string; line?: string; width?: number; letters?: string }> = {
  land: { fill: '#eef2f2', line: '#b8c4c6', width: 1 },
  relief: { line: '#b8c4c6', width: 1.5 },
  route: { line: '#75868a', width: 3 },
  done: { line: '#0f5c63', width: 6 },
  stop: { fill: '#ffffff', line: '#51646a', width: 2.5 },
  reached: { fill: '#0f5c63', line: '#0f5c63', width: 2.5 },
  label: { letters: '#15272b' },
  token: { fill: '#ffffff', line: '#51646a', width: 1.5, letters: '#15272b' },
  own: { fill: '#f2b544', line: '#15272b', width: 2 },
}

/** Draws a journey on a page, `width` points wide, with its upper left corner at x and y. Returns its height. */
export function printDrawing(
  sheet: Sheet,
  { width: own, height, marks }: Drawing,
  x: number,
  y: number,
  width: number,
): number {
  const factor = width / own
  sheet.save().translate(x, y).scale(factor)
  for (const mark of marks) {
    const { fill, line, width: strength = 1, letters } = inks[mark.ink]
    if (mark.kind === 'text') {
      sheet.fontSize(mark.size).fillColor(letters ?? '#15272b')
      const wide = sheet.widthOfString(mark.text)
      const left = mark.anchor === 'middle' ? mark.x - wide / 2 : mark.anchor === 'end' ? mark.x - wide : mark.x
      sheet.text(mark.text, left, mark.y - mark.size * 0.85, { lineBreak: false })
      continue
    }
    sheet.save().lineWidth(strength)
    // A token is drawn in lines over its disc.
    const isToken = mark.kind === 'path' && mark.scale !== undefined
    if (mark.kind === 'path') {
      if (mark.x !== undefined) sheet.translate(mark.x, mark.y ?? 0).scale(mark.scale ?? 1)
      sheet.path(mark.d)
    } else sheet.circle(mark.x, mark.y, mark.r)
    if (fill && line && !isToken) sheet.fillAndStroke(fill, line)
    else if (line) sheet.stroke(line)
    sheet.restore()
  }
  sheet.restore()
  return height * factor
}
