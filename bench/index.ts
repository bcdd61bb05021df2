import { figures } from './figures.ts'
import { printGrowth } from './growth.ts'
import { printLearning } from './learning.ts'
import { type Figure, printFigures } from './measure.ts'
import { printPacing } from './pacing.ts'

const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'))
if (asked.includes('growth')) {
  const sizes = process.argv.includes('--quick') ? [2_000, 10_000] : [10_000, 100_000]
  if (process.argv.includes('--million')) sizes.push(1_000_000)
  await printGrowth(sizes, (line) => process.stdout.write(`${line}\n`))
  process.exit(0)
}
if (asked.includes('pacing')) {
  await printPacing(process.argv.includes('--quick') ? 4 : 12, (line) => process.stdout.write(`${line}\n`))
  process.exit(0)
}
if (asked.includes('learning')) {
  await printLearning(process.argv.includes('--quick'), (line) => process.stdout.write(`${line}\n`))
  process.exit(0)
}
const unknown = asked.find((name) => !(name in figures))
if (unknown !== undefined) {
  process.stderr.write(
    `There is no figure ${unknown}; there is ${Object.keys(figures).join(', ')}, growth, learning, and pacing.\n`,
  )
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
