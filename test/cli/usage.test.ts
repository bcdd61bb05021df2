import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BadInput, Failed } from '../../src/cli/io.ts'
import { read, run } from '../../src/cli/program.ts'
import { report } from '../../src/cli/report.ts'
import { work } from '../../src/cli/work.ts'
import { ConfigProblems, readConfig } from '../../src/config.ts'
import { channelNames } from '../../src/words.ts'
import { captured } from './captured.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-usage-'))
  mkdirSync(join(folder, 'folder'))
  writeFileSync(join(folder, 'some.csv'), 'a;b\n')
  writeFileSync(join(folder, 'map.yaml'), 'a: email\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const line = async (...argv: string[]) => {
  const io = captured({ cwd: folder })
  const reading = await read(argv, io)
  return { reading, stdout: io.stdout(), stderr: io.stderr() }
}

describe('a command line is read before anything is opened', () => {
  test.each([
    [['plna', 'x.yaml'], /unknown command 'plna'\n\(Did you mean plan\?\)/],
    [['impotr', 'x.csv'], /Did you mean import\?/],
    [['status', '--jsn'], /unknown option '--jsn'\n\(Did you mean --json\?\)/],
    [['import', 'some.csv', '--dryrun'], /Did you mean --dry-run\?/],
    [['serve', '--no-wroker'], /unknown option '--no-wroker'\n\(Did you mean --no-worker\?\)/],
    [['worker', '--channels', 'sms,fax'], /--channels: there is no channel "fax"; there is .*sms/],
    [['segment', 'lst'], /unknown command 'lst'\n\(Did you mean list\?\)/],
    [['import'], /missing required argument 'file'/],
    [['plan'], /missing required argument 'campaign.yaml'/],
    [['import', 'some.csv', '--map'], /option '--map <map.yaml>' argument missing/],
    [['import', 'some.csv', '--basis', 'because'], /'because' is invalid\. Allowed choices are consent/],
    [['import', 'some.csv', '--absent', 'delete'], /Allowed choices are keep, deactivate/],
    [['segment', 'explain', 'tous'], /required option '--contact <id>' not specified/],
    [['chaos', 'F99'], /There is no fault F99; there is F1, F2, F3, F4, .*F18\./],
    [['status', 'one', 'two'], /too many arguments for 'status'/],
    [['advance', '--by', 'P7D', '--until-idle'], /cannot be used with option '--until-idle'/],
    [['advance'], /Say how far: --by P7D, --to .* or --until-idle\./],
    [['advance', '--to', '2027-01-11T08:30'], /--to "2027-01-11T08:30" is not an instant: write it with its zone/],
    [['plan', 'map.yaml', '--at', 'tomorrow'], /--at "tomorrow" is not an instant/],
  ])('%j is bad usage', async (argv, said) => {
    const { reading, stdout, stderr } = await line(...argv)
    expect(reading).toEqual({ exit: 2 })
    expect(stderr).toMatch(said)
    expect(stdout).toBe('')
  })

  test.each([
    [['import', 'nowhere.csv'], 'nowhere.csv does not exist.\n'],
    [['import', 'folder'], 'folder is a folder, not a file.\n'],
    [['import', 'some.csv/inside.csv'], 'some.csv/inside.csv does not exist: part of its path is a file.\n'],
    [['import', 'some.csv', '--map', 'nowhere.yaml'], 'nowhere.yaml does not exist.\n'],
    [['plan', 'folder'], 'folder is a folder, not a file.\n'],
    [['launch', 'nowhere.yaml'], 'nowhere.yaml does not exist.\n'],
    [['segment', 'save', 'nowhere.yaml'], 'nowhere.yaml does not exist.\n'],
    [['launch', '-'], 'Standard input (-) is not read here: save it to a file and name that.\n'],
  ])('%j says in one line what is wrong with the file', async (argv, said) => {
    const { reading, stderr } = await line(...argv)
    expect(reading).toEqual({ exit: 2 })
    expect(stderr).toBe(said)
  })

  test('help is no error and needs nothing', async () => {
    for (const argv of [[], ['--help'], ['help'], ['plan', '--help'], ['segment', 'save', '--help']]) {
      const { reading, stdout, stderr } = await line(...argv)
      expect(reading).toEqual({ exit: 0 })
      expect(stdout).toMatch(/Usage: relais/)
      expect(stderr).toBe('')
    }
  })

  test('help names every command with a sentence, within 80 columns', async () => {
    const { stdout } = await line('--help')
    for (const name of ['serve', 'import', 'plan', 'launch', 'advance', 'status', 'contact', 'segment', 'sign-in-link'])
      expect(stdout).toMatch(new RegExp(`^ {2}${name} .*\\S{3}`, 'm'))
    expect(Math.max(...stdout.split('\n').map((text) => text.length))).toBeLessThanOrEqual(80)
  })

  test('a contact or a campaign may be called help', async () => {
    expect((await line('contact', 'help')).reading).toEqual({ needs: 'installation' })
  })

  test('what is well written says what it needs', async () => {
    expect((await line('status', '--json')).reading).toEqual({ needs: 'installation' })
    expect((await line('--json', 'status')).reading).toEqual({ needs: 'installation' })
    expect((await line('import', 'some.csv', '--map', 'map.yaml')).reading).toEqual({ needs: 'installation' })
    expect((await line('serve')).reading).toEqual({ needs: 'server', options: { worker: true, json: false } })
    expect((await line('serve', '--no-worker', '--json')).reading).toEqual({
      needs: 'server',
      options: { worker: false, json: true },
    })
    expect((await line('worker', '--channels', 'email, sms')).reading).toEqual({
      needs: 'worker',
      options: { channels: channelNames.filter((name) => name === 'sms' || name === 'email'), json: false },
    })
    expect((await line('worker')).reading).toEqual({
      needs: 'worker',
      options: { channels: channelNames, json: false },
    })
  })
})

test('a worker without PostgreSQL refuses before anything is opened', async () => {
  const config = readConfig({ RELAIS_DATA: folder, RELAIS_SECRET: 'x'.repeat(40) })
  const refusal = work(config, { channels: channelNames, json: false }, captured())
  await expect(refusal).rejects.toThrow(ConfigProblems)
  await expect(refusal).rejects.toThrow(/relais worker works beside other processes, .*set DATABASE_URL.*relais serve/)
})

test('a server asked to serve once more refuses', async () => {
  const io = captured()
  expect(await run(['serve'], io, () => Promise.reject(new Error('not opened')))).toBe(2)
  expect(io.stderr()).toMatch(/A server is running already/)
})

describe('every expected error has its exit code and nothing but its sentence', () => {
  const said = (error: unknown) => {
    const io = captured()
    return [report(error, io), io.stderr()]
  }
  class SegmentProblem extends Error {
    override name = 'SegmentProblem'
  }

  test('1 for what failed, 2 for bad input, 3 for bad configuration', () => {
    expect(said(new Failed('3 rows were not imported.'))).toEqual([1, '3 rows were not imported.\n'])
    expect(said(new BadInput('No such thing.'))).toEqual([2, 'No such thing.\n'])
    expect(said(new SegmentProblem('They name one another.'))).toEqual([2, 'They name one another.\n'])
    expect(said(new ConfigProblems(['PORT is wrong.']))[0]).toBe(3)
  })

  test('a defect is called one, without a stack trace', () => {
    expect(said(new TypeError('x is not a function'))).toEqual([
      1,
      'Something went wrong inside Relais: x is not a function\n',
    ])
    expect(said('just text')).toEqual([1, 'Something went wrong inside Relais: just text\n'])
  })

  test('each name in the table is the name of an error of the engine', async () => {
    const kinds = await Promise.all([
      import('../../src/campaign/problems.ts').then((m) => new m.CampaignProblems([])),
      import('../../src/time-machine.ts').then((m) => new m.ClockRefused()),
      import('../../src/network/import/problem.ts').then((m) => new m.ImportProblem('file_missing')),
      import('../../src/campaign/launch.ts').then((m) => new m.LaunchRefused()),
      import('../../src/network/networks.ts').then((m) => new m.NetworkProblem('network_name', '')),
      import('../../src/segment/save.ts').then((m) => new m.SegmentProblem()),
      import('../../src/accounts/owner-link.ts').then((m) => new m.UnknownUser()),
    ])
    expect(kinds.map((error) => said(error)[0])).toEqual(kinds.map(() => 2))
    const settings = await Promise.all([
      import('../../src/db/lock.ts').then((m) => new m.DataInUse()),
      import('../../src/db/migrations.ts').then((m) => new m.NewerDatabase()),
    ])
    expect(settings.map((error) => said(error)[0])).toEqual([3, 3])
  })
})
