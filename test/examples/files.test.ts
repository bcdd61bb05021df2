import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { exampleNetworks } from '../../scripts/example-networks.ts'
import { run } from '../../src/cli/program.ts'
import { examples } from '../../src/example/play.ts'
import { packageRoot } from '../../src/root.ts'
import { captured } from '../cli/captured.ts'
import { commandsIn, fencesOf } from '../docs/fences.ts'

const folder = join(packageRoot, 'examples')
const names = examples.map(({ name }) => name)
const nothing = () => Promise.reject(new Error('An example needs no installation but its own.'))

test('every folder of examples/ is played by a command, and has what it takes', () => {
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).filter((name) => name !== 'data')).toEqual([...names].sort())
  for (const name of names)
    expect(readdirSync(join(folder, name))).toEqual(expect.arrayContaining(['README.md', 'campaigns', 'network.csv']))
})

test.each(Object.entries(exampleNetworks))('%s is what its generator makes', (file, make) => {
  expect(readFileSync(join(folder, file), 'utf8')).toBe(make())
})

test('nobody in them is real: numbers kept for fiction, mailboxes of example.com', () => {
  for (const file of Object.keys(exampleNetworks)) {
    const text = readFileSync(join(folder, file), 'utf8')
    const mailboxes = text.match(/[^;"\s]+@[^;"\s]+/g) ?? []
    expect(mailboxes.filter((mailbox) => !mailbox.endsWith('.example.com'))).toEqual([])
    const phones = text.match(/;(\+|0)[\d .]{9,}/g) ?? []
    expect(phones.filter((phone) => !/^;0?6 39 98 \d\d \d\d$/.test(phone.replace(';0', ';0')))).toEqual([])
  }
})

test('their index and their own pages say how they are played', async () => {
  const index = readFileSync(join(folder, 'README.md'), 'utf8')
  for (const { name, about } of examples) {
    expect(index).toContain(`(${name}/README.md)`)
    const page = readFileSync(join(folder, name, 'README.md'), 'utf8')
    const commands = fencesOf(page)
      .filter(({ language }) => language === 'sh')
      .flatMap(commandsIn)
    expect(commands[0]).toBe(`npm run relais -- example ${name}`)
    expect(about.length).toBeLessThan(110)
  }
  const io = captured()
  expect(await run(['example', '--json'], io, nothing)).toBe(0)
  expect(JSON.parse(io.stdout())).toEqual(examples.map(({ name, about }) => ({ name, about })))
})

test('what cannot be played is refused with what would mend it', async () => {
  const said = async (...argv: string[]) => {
    const io = captured({ cwd: packageRoot })
    return { exit: await run(['example', ...argv], io, nothing), stderr: io.stderr() }
  }
  expect(await said('pizzas')).toMatchObject({ exit: 2, stderr: expect.stringContaining('There is no example pizzas') })
  expect(await said(names[0]!, '--keep', 'docs')).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('is not empty'),
  })
  expect(await said(names[0]!, '--percent', '0')).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('from 1 to 100'),
  })
})
