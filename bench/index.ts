import { benchImport } from './import.ts'
import { type Figure, printFigures } from './measure.ts'
import { benchRender } from './render.ts'
import { benchDelivery, benchFanOut, benchPlan } from './spine.ts'
import { benchWebhooks } from './webhooks.ts'

/** Every figure of `npm run bench`, by name. */
const figures: Record<string, (scale: number, pairs: number) => Promise<Figure>> = {
  import: (scale, pairs) => benchImport(10_000 * scale, pairs),
  plan: (scale, pairs) => benchPlan(10_000 * scale, pairs),
  'fan-out': (scale, pairs) => benchFanOut(10_000 * scale, pairs),
  delivery: (scale, pairs) => benchDelivery(5_000 * scale, pairs),
  webhooks: (scale, pairs) => benchWebhooks(5_000 * scale, pairs),
  render: (scale, pairs) => benchRender(20_000 * scale, pairs),
}

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const unknown = asked.find((name) => !(name in figures))
if (unknown !== undefined) {
  process.stderr.write(`There is no figure ${unknown}; there is ${Object.keys(figures).join(', ')}.\n`)
  process.exit(2)
}
const pairs = process.argv.includes('--quick') ? 1 : 3
const scale = process.argv.includes('--quick') ? 0.2 : 1
const measured: Figure[] = []
for (const name of asked.length > 0 ? asked : Object.keys(figures)) {
  process.stderr.write(`measuring ${name} …\n`)
  measured.push(await figures[name]!(scale, pairs))
}
process.stdout.write(
  process.argv.includes('--json') ? `${JSON.stringify(measured, null, 2)}\n` : `${printFigures(measured)}\n`,
)
