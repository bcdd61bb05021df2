import type { Language } from '../words.ts'
import type { Look } from './dress.ts'
import { type LiquidContext, type LiquidTemplate, parseLiquid, renderLiquid, withKnown } from './liquid.ts'
import { brandScope } from './look.ts'
import { type Scope, scopeOf } from './scope.ts'
import type { RenderUrls } from './urls.ts'
import type { MergeValues } from './values.ts'

/** An installation has one public address; tests and previews may show others. */
const sitesKept = 4

export type Pieces<Name extends string> = Record<Name, (scope: object) => string>

export interface Ready<Name extends string> {
  pieces: Pieces<Name>
  /** An e-mail's layout may also name what its own subject and preheader came to. */
  scope: Scope & { subject?: string; preheader?: string }
}

/**
 * The texts of a template, written as far as they are the same for everyone: the look, the language, the address
 * pictures are shown from, and whether a partner stands beside the network. What differs by person stays Liquid.
 * @throws RenderProblem with the line and column of a fault
 */
export function readyTexts<Name extends string>(
  sources: Record<Name, { source: string; context: LiquidContext }>,
  { language, destinations, look }: { language: Language; destinations: readonly string[]; look?: Look },
): (values: MergeValues, urls: RenderUrls) => Ready<Name> {
  const names = Object.keys(sources) as Name[]
  const parsed = names.map((name) => {
    const { source, context } = sources[name]
    // Text without Liquid needs no engine.
    return { name, source, context, template: /\{[{%]/.test(source) ? parseLiquid(source, context) : undefined }
  })
  const made = new Map<string, { brand: ReturnType<typeof brandScope>; with: Pieces<Name>; alone: Pieces<Name> }>()

  const piecesFor = (known: Record<string, unknown>): Pieces<Name> =>
    Object.fromEntries(
      parsed.map(({ name, source, context, template }) => [
        name,
        template ? writer(withKnown(template, context, known), context) : () => source,
      ]),
    ) as Pieces<Name>

  const madeFor = (site: string) => {
    const brand = brandScope(look, site, language)
    const known = { language, brand, 'urls.site': site }
    const fresh = { brand, with: piecesFor(known), alone: piecesFor({ ...known, partner: undefined }) }
    if (made.size >= sitesKept) made.clear()
    made.set(site, fresh)
    return fresh
  }

  return (values, urls) => {
    const found = made.get(urls.site) ?? madeFor(urls.site)
    return {
      pieces: values.partner ? found.with : found.alone,
      scope: scopeOf(values, urls, language, destinations, found.brand),
    }
  }
}

function writer(template: LiquidTemplate, context: LiquidContext): (scope: object) => string {
  return template.straight ?? ((scope) => renderLiquid(template, scope, context))
}
