import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { networkOption } from './options.ts'
import { readText } from './read-file.ts'
import { table } from './table.ts'

/** relais segment list | show NAME | save FILE.yaml | explain NAME --contact ID */
export const segmentCommands: Register = (program, cli) => {
  const segment = program.command('segment').description('named rules and who belongs to them')

  const named = async (name: string, network?: string) => {
    const where = await cli.network(network)
    const { listSegments } = await import('../segment/save.ts')
    const all = await listSegments(where.context.db, where.network.id)
    const found = all.find((candidate) => candidate.name === name)
    if (!found)
      throw new BadInput(
        `There is no segment ${name} in ${where.network.name}; there is ${all.map((one) => one.name).join(', ') || 'none yet'}.`,
      )
    return { ...where, segment: found }
  }

  segment
    .command('list')
    .description('every segment and how many belong to it')
    .addOption(networkOption())
    .action(async (options: { network?: string }) => {
      const { context, network } = await cli.network(options.network)
      const { listSegments } = await import('../segment/save.ts')
      const { segmentSize } = await import('../segment/refresh.ts')
      const rows: { name: string; title: Record<string, string>; size: number }[] = []
      for (const { name, title } of await listSegments(context.db, network.id))
        rows.push({ name, title, size: await segmentSize(context.db, network.id, name) })
      cli.show(
        rows,
        table(
          ['segment', 'title', 'people'],
          rows.map((row) => [row.name, row.title[network.language] ?? '', row.size]),
        ),
      )
    })

  segment
    .command('show')
    .description('the rule of one segment')
    .argument('<name>')
    .addOption(networkOption())
    .action(async (name: string, options: { network?: string }) => {
      const { context, network, segment: found } = await named(name, options.network)
      const { segmentSize } = await import('../segment/refresh.ts')
      const size = await segmentSize(context.db, network.id, name)
      const { title, rule, version } = found
      cli.show(
        { name, title, rule, version, size },
        `${name} (version ${version}): ${size} people\n${JSON.stringify(rule, null, 2)}`,
      )
    })

  segment
    .command('save')
    .description('takes segments from a file; who belongs to them is worked out at once')
    .argument('<file.yaml>')
    .addOption(networkOption())
    .action(async (file: string, options: { network?: string }) => {
      const text = readText(cli.io, file)
      const { context, network, now } = await cli.network(options.network)
      const { listSegments, saveSegments } = await import('../segment/save.ts')
      const { parseSegments } = await import('../segment/parse.ts')
      const { refreshSegments } = await import('../segment/refresh.ts')
      const existing = (await listSegments(context.db, network.id)).map((one) => one.name)
      const definitions = parseSegments(text, file, existing)
      const saved = await context.db.transaction((tx) => saveSegments(tx, network.id, definitions, now))
      const moved = await refreshSegments(context.db, network, now)
      cli.show(
        { ...saved, ...moved },
        `${saved.created.length} created, ${saved.updated.length} updated, ${saved.unchanged.length} unchanged; ${moved.joined} people joined, ${moved.left} left.`,
      )
    })

  segment
    .command('explain')
    .description('why somebody belongs to a segment, or does not')
    .argument('<name>')
    .requiredOption('--contact <id>', 'external id, or Relais’ own id')
    .option('--at <time>', 'by what was known of events at this moment, such as 2027-01-11T08:30:00Z')
    .addOption(networkOption())
    .action(async (name: string, options: { contact: string; at?: string; network?: string }) => {
      const { context, network, now, segment: found } = await named(name, options.network)
      const { findContact } = await import('../network/timeline.ts')
      const { factsOf } = await import('../segment/facts.ts')
      const { explainRule } = await import('../segment/explain.ts')
      const at = options.at === undefined ? now : new Date(options.at)
      if (Number.isNaN(at.getTime()))
        throw new BadInput(`--at ${options.at} is no time: write it like 2027-01-11T08:30:00Z.`)
      const contact = await findContact(context.db, network.id, options.contact)
      if (!contact) throw new BadInput(`There is no contact ${options.contact} in ${network.name}.`)
      const facts = (await factsOf(context.db, network.id, [contact.id], { now: at })).get(contact.id)
      const explained = explainRule(found.rule, facts!, network.language)
      cli.show(explained, JSON.stringify(explained, null, 2))
    })
}
