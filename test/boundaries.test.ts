import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** What Biome says of a file at that place, under the project's own rules, in a tree of its own. */
const lint = (path: string, code: string) => {
  const tree = mkdtempSync(join(tmpdir(), 'relais-boundaries-'))
  const rules = JSON.parse(readFileSync('biome.json', 'utf8'))
  writeFileSync(join(tree, 'biome.json'), JSON.stringify({ ...rules, $schema: undefined, vcs: undefined }))
  mkdirSync(dirname(join(tree, path)), { recursive: true })
  writeFileSync(join(tree, path), code)
  const { stdout, stderr, status } = spawnSync(join(process.cwd(), 'node_modules/.bin/biome'), ['lint', path], {
    cwd: tree,
    encoding: 'utf8',
  })
  rmSync(tree, { recursive: true, force: true })
  return { status, said: `${stdout}${stderr}` }
}

test.each([
  [
    'a channel that reads the database',
    'channels/fax/channel.ts',
    `import { deliveries } from '../../src/db/schema.ts'\n\nexport const x = deliveries\n`,
  ],
  [
    'a channel that knows the engine',
    'channels/fax/channel.ts',
    `import { claim } from '../../src/deliver/claim.ts'\n\nexport const x = claim\n`,
  ],
  [
    'engine code that knows a channel',
    'src/deliver/x.ts',
    `import { createChannels } from '../../channels/index.ts'\n\nexport const x = createChannels\n`,
  ],
  [
    'routing that reads the database',
    'src/routing/x.ts',
    `import { deliveries } from '../db/schema.ts'\n\nexport const x = deliveries\n`,
  ],
  [
    'routing that reads files',
    'src/routing/x.ts',
    `import { readFileSync } from 'node:fs'\n\nexport const x = readFileSync\n`,
  ],
  [
    'rendering that knows a channel',
    'src/render/x.ts',
    `import { createChannels } from '../../channels/index.ts'\n\nexport const x = createChannels\n`,
  ],
])('%s is refused', (_, path, code) => {
  const { status, said } = lint(path, code)
  expect(said).toContain('noRestrictedImports')
  expect(status).not.toBe(0)
})

test.each([
  [
    'a channel that imports the contract',
    'channels/fax/channel.ts',
    `import type { Channel } from '../../src/channel.ts'\n\nexport type X = Channel\n`,
  ],
  [
    'main, which puts channels together',
    'src/main.ts',
    `import { createChannels } from '../channels/index.ts'\n\nexport const x = createChannels\n`,
  ],
])('%s is allowed', (_, path, code) => {
  expect(lint(path, code).said).not.toContain('noRestrictedImports')
})

test('a promise that nobody awaits is refused', () => {
  const code = `async function save(): Promise<void> {}\n\nexport function run(): void {\n  save()\n}\n`
  expect(lint('src/outbox/x.ts', code).said).toContain('noFloatingPromises')
})
