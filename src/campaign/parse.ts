import { checkRecurring } from './check-recurring.ts'
import { checkMeaning } from './checks.ts'
import { type CampaignDefinition, campaignDefinition } from './definition.ts'
import { schemaProblems } from './issues.ts'
import { type CampaignProblem, CampaignProblems } from './problems.ts'
import type { TemplateCatalog } from './templates.ts'
import { readYaml } from './yaml-source.ts'

export { type CampaignProblem, CampaignProblems } from './problems.ts'

export interface CampaignContext {
  /** As it is shown in messages. */
  file: string
  segments: ReadonlySet<string>
  templates: TemplateCatalog
  /** With it, a launch in the past is a problem. */
  now?: Date
  network: { timezone: string }
}

/** What a check found, at a path of the definition. */
export interface Finding {
  path: PropertyKey[]
  isKey?: boolean
  message: string
  suggestion?: string
}

/**
 * A campaign file, read and validated whole.
 * @throws CampaignProblems with everything wrong with it: syntax, grammar, names, dates, order and words
 */
export function parseCampaign(source: string, context: CampaignContext): CampaignDefinition {
  const { file } = context
  const yaml = readYaml(source.replace(/^\ufeff/, ''), file)
  const problems: CampaignProblem[] = [...yaml.syntax]
  const add = ({ path, isKey, message, suggestion }: Finding) =>
    problems.push({
      file,
      ...(isKey ? yaml.keyPlace(path) : yaml.place(path)),
      path: path.map(String).join('.'),
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    })

  if (yaml.value === undefined || yaml.value === null) {
    if (problems.length === 0) add({ path: [], message: 'The file is empty: begin with name: and steps:.' })
    throw new CampaignProblems(problems)
  }
  const read = campaignDefinition.safeParse(yaml.value)
  if (!read.success) for (const problem of schemaProblems(read.error.issues, yaml.value)) add(problem)
  // Names and templates are checked on whatever could be read, so that one pass through the file mends it all.
  for (const finding of checkMeaning(read.success ? read.data : yaml.value, context)) add(finding)
  if (read.success) for (const finding of checkRecurring(read.data, context)) add(finding)
  if (problems.length > 0 || !read.success) throw new CampaignProblems(problems)
  return read.data
}
