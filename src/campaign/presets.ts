import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../root.ts'
import { type Outline, outlineOf } from './draft-text.ts'

/** A campaign to start from. */
export interface Preset {
  /** Its file without the ending, such as challenge. */
  name: string
  text: string
  outline: Outline
}

let known: readonly Preset[] | undefined

/** The campaigns that came with the program, by name; `segments.yaml` beside them is none. */
export function presets(folder: string = join(packageRoot, 'campaigns')): readonly Preset[] {
  known ??= readdirSync(folder)
    .filter((file) => file.endsWith('.yaml') && file !== 'segments.yaml')
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      const outline = outlineOf(text)
      return outline ? [{ name: file.replace(/\.yaml$/, ''), text, outline }] : []
    })
  return known
}
