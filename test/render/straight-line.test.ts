import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type LiquidContext, liquidFor, parseLiquid, withKnown } from '../../src/render/liquid.ts'

const templates = [
  '{{ a }}|{{ b.c }}|{{ b["c"] }}|{{ l[0] }}|{{ l[9] }}|{{ b.missing.deeper }}',
  '{{ a | default: "x" }}|{{ b.c | default: a }}|{{ l | default: "none" }}',
  '{% if a %}1{% elsif b.c %}2{% else %}3{% endif %}',
  '{% if a == "x" %}=x{% endif %}{% if a != b.c %}≠{% endif %}{% if a == 3 %}=3{% endif %}{% if l == l %}l{% endif %}',
  '{% if a and b.c %}both{% endif %}{% if a or b.c %}either{% endif %}{% if not a %}not{% endif %}',
  '{% unless a %}no{% elsif b.c %}c{% else %}yes{% endunless %}',
  '{{ a | url }}|{{ a | day }}|{{ a | day: "year" | default: "?" }}|{{ a | time }}|{{ a | number }}',
  '{{ l.first }}|{{ l.last }}|{{ b.first }}|{% if b.c or a %}1{% elsif language == "fr" %}2{% else %}3{% endif %}',
  '{% if language == "fr" and a %}1{% endif %}{% unless b.c %}2{% else %}3{% endunless %}{{ b.c | number }}',
  '{% if language == "fr" %}Bonjour{% else %}Hello{% endif %} {{ "text" }} {{ 3 }}',
]

const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom('x', '', '<b>', '"\'&', 'https://a.example/?x=1&y', 'javascript:1', '2027-01-11T08:30', '2027-05-01'),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.constant(3),
)

describe('Templates rendered without the interpreter', () => {
  it.each(
    templates.flatMap((template) =>
      (['html', 'text'] as LiquidContext[]).map((context) => [context, template] as const),
    ),
  )('come out as LiquidJS has them, as %s: %s', (context, template) => {
    const { nodes, straight } = parseLiquid(template, context)
    expect(straight).toBeDefined()
    fc.assert(
      fc.property(value, value, fc.array(value, { maxLength: 3 }), fc.constantFrom('fr', 'en'), (a, c, l, language) => {
        const scope = { a, b: { c }, l, language }
        expect(straight?.(scope)).toBe(liquidFor(context).renderSync(nodes, scope))
      }),
    )
  })

  it.each(
    templates.flatMap((template) =>
      (['html', 'text'] as LiquidContext[]).map((context) => [context, template] as const),
    ),
  )('come out the same when some values are known beforehand, as %s: %s', (context, template) => {
    const parsed = parseLiquid(template, context)
    fc.assert(
      fc.property(
        value,
        value,
        fc.array(value, { maxLength: 3 }),
        fc.constantFrom('fr', 'en'),
        fc.subarray(['a', 'b', 'b.c', 'l', 'language']),
        (a, c, l, language, names) => {
          const scope = { a, b: { c }, l, language }
          const all: Record<string, unknown> = { ...scope, 'b.c': c }
          const known = Object.fromEntries(names.map((name) => [name, all[name]]))
          const { straight } = withKnown(parsed, context, known)
          expect(straight?.(scope)).toBe(liquidFor(context).renderSync(parsed.nodes, scope))
        },
      ),
    )
  })

  it.each([
    '{% for x in l %}{{ x }}{% endfor %}',
    '{% assign x = 1 %}{{ x }}',
    '{{ l.size }}',
    '{{ a | upcase }}',
    '{% if a contains "x" %}y{% endif %}',
    '{{ l[-1] }}',
    '{% case a %}{% when 1 %}x{% endcase %}',
  ])('are left to LiquidJS when they hold more: %s', (template) => {
    expect(parseLiquid(template, 'html').straight).toBeUndefined()
  })
})
