/** Figures beside their ceiling, from the same run: a ratio holds on a noisy machine, an absolute time does not. */
export interface Figure {
  name: string
  /** Units per second of CPU time, product code. */
  value: number
  unit: string
  /** What the bare libraries do, same unit, same run. */
  ceiling: number
  /** value ÷ ceiling, the median of the pairs. */
  ratio: number
  /** Units per second of wall time, product code. */
  wall: number
  /** What the ceiling is. */
  against: string
  /** Below this ratio something has become worse: six tenths of what is usual; `npm run accept` checks it. */
  floor: number
  /** The ratio we mean to reach. */
  goal: number
}

export interface Side {
  /** Prepared before the clock starts; returns the measured work, which returns how many units it did. */
  prepare(): Promise<() => Promise<number>>
}

interface Run {
  perCpuSecond: number
  perSecond: number
}

async function run(side: Side): Promise<Run> {
  const work = await side.prepare()
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  const units = await work()
  const wallSeconds = (performance.now() - startedAt) / 1_000
  const used = process.cpuUsage(cpu)
  return { perCpuSecond: units / ((used.user + used.system) / 1e6), perSecond: units / wallSeconds }
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Runs both sides in turn, so that both meet the same noise; the first pair warms up and is not counted. */
export async function compare(
  figure: Pick<Figure, 'name' | 'unit' | 'against' | 'floor' | 'goal'>,
  product: Side,
  ceiling: Side,
  pairs: number,
): Promise<Figure> {
  const products: Run[] = []
  const ceilings: Run[] = []
  for (let pair = 0; pair <= pairs; pair++) {
    const base = await run(ceiling)
    const ours = await run(product)
    if (pair === 0) continue
    ceilings.push(base)
    products.push(ours)
  }
  return {
    ...figure,
    value: Math.round(median(products.map((one) => one.perCpuSecond))),
    ceiling: Math.round(median(ceilings.map((one) => one.perCpuSecond))),
    ratio: Number(
      median(products.map((one, index) => one.perCpuSecond / ceilings[index]!.perCpuSecond)).toPrecision(2),
    ),
    wall: Math.round(median(products.map((one) => one.perSecond))),
  }
}

/** The figures as people read them. */
export const printFigures = (figures: readonly Figure[]): string => {
  const lines = [['figure', 'per CPU second', 'ceiling', 'ratio', 'floor', 'goal', 'per second', 'ceiling is']]
  for (const one of figures)
    lines.push([
      one.name,
      `${one.value} ${one.unit}`,
      `${one.ceiling}`,
      `${one.ratio}`,
      `${one.floor}`,
      `${one.goal}`,
      `${one.wall}`,
      one.against,
    ])
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
