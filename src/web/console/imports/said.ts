import { type Said, sentence } from '../../../network/import/sentences/index.ts'
import type { View } from '../../view.ts'
import { spaced } from '../../words/spaced.ts'

/** What the import has to say, in the reader's language, with the spaces French asks for. */
export function say(view: View, said: Said): string {
  const text = sentence(view.language, said)
  return view.language === 'fr' ? spaced(text) : text
}
