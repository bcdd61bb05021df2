import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that are short and take long, by project. */
const heaviest: Readonly<Record<string, readonly string[]>> = {
  browser: ['test/web/accessibility.browser.test.ts', 'test/web/journey.browser.test.ts'],
  faults: ['test/chaos/chaos.fault.test.ts', 'test/faults/kill.fault.test.ts', 'test/cli/processes.fault.test.ts'],
  unit: ['test/examples/amadeus-4000.test.ts', 'test/docs/readme.test.ts', 'test/examples/siemens-43.test.ts'],
}

/**
 * Vitest's own order, longest first as the last run measured it, begun by what is known to take long: in a fresh
 * clone it goes by the size of the files, and a year of 4,000 agencies ran alone on one core in the end.
 */
export class HeaviestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const rank = ({ project, moduleId }: TestSpecification) => {
      const among = heaviest[project.name] ?? []
      const at = among.indexOf(relative(project.config.root, moduleId))
      return at === -1 ? among.length : at
    }
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((mine) =>
      sorted.filter(({ project }) => project === mine).sort((a, b) => rank(a) - rank(b)),
    )
  }
}
