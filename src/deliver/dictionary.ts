import type { Layouts } from '../render/render.ts'
import { compile, RenderProblem } from '../render/render.ts'
import type { MergeValues } from '../render/values.ts'
import type { Words } from './content-version.ts'
import { dictionaryOf } from './rendered.ts'

/**
 * What contents of these words are packed against: the words as nobody gets them. Nothing of a person, an outlet or a
 * partner is in it, since it stays when their messages are erased; `values` lends the campaign's and the network's own.
 * Undefined for words that cannot be rendered so.
 */
export async function dictionaryFor(
  { source, channel, language }: Words,
  { network, campaign, step, sender, date }: MergeValues,
  { layouts, publicUrl }: { layouts: Layouts; publicUrl: string },
): Promise<Uint8Array | undefined> {
  const template = await compile(source, channel, language, layouts)
  const nobody: MergeValues = {
    contact: { language, isShared: true },
    site: { name: '-', addressLine1: '-', postcode: '75001', city: '-' },
    ...{ network, campaign, step, sender, date },
  }
  const page = (path: string) => `${publicUrl}/${path}/`
  try {
    return dictionaryOf(
      template.render(nobody, {
        click: {},
        action: page('c'),
        open: page('o'),
        unsubscribe: page('u'),
        preferences: page('prefs'),
        tracking: `${page('prefs')}#tracking`,
        site: publicUrl,
      }),
    )
  } catch (error) {
    if (error instanceof RenderProblem) return undefined
    throw error
  }
}
