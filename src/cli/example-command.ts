import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'

/** relais example NAME */
export const exampleCommand: Register = (program, cli) => {
  program
    .command('example')
    .description('a complete network from examples/ replayed on the virtual clock; prints its figures')
    .argument('[name]', 'the example; without it, which there are')
    .option('--seed <seed>', 'another seed is another course of events; the same one repeats it', '1')
    .addOption(new Option('--keep <folder>', 'an empty folder its installation stays in, to be looked at'))
    .addOption(new Option('--percent <n>', 'only so many hundredths of its sites').argParser(percentOf))
    .action(async (name: string | undefined, options: { seed: string; keep?: string; percent?: number }) => {
      const { dialect } = await import('../db/index.ts')
      if (dialect !== 'sqlite')
        throw new BadInput('Examples are played on SQLite, in a folder of their own: run this without DATABASE_URL.')
      const { examples, playExample } = await import('../example/play.ts')
      if (name === undefined)
        return cli.show(
          examples.map(({ name, about }) => ({ name, about })),
          examples.map(({ name, about }) => `${name}: ${about}`).join('\n'),
        )
      const began = performance.now()
      const keep = options.keep === undefined ? undefined : resolve(cli.io.cwd, options.keep)
      const { figures, text } = await playExample(name, {
        ...options,
        keep,
        onStage: (doing) => cli.io.err(`${doing}\n`),
      })
      cli.show(figures, text)
      const seconds = Math.round((performance.now() - began) / 100) / 10
      const megabytes = Math.round(process.resourceUsage().maxRSS / 1024)
      cli.io.err(`seed ${options.seed}: ${seconds} s, at most ${megabytes} MB\n`)
      if (keep !== undefined) cli.io.err(`Look at it: RELAIS_DATA=${keep} relais serve\n`)
    })
}

function percentOf(text: string): number {
  const percent = Number(text)
  if (!Number.isInteger(percent) || percent < 1 || percent > 100)
    throw new BadInput(`--percent "${text}" is not a share: write a whole number from 1 to 100.`)
  return percent
}
