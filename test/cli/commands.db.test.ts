import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { getTableColumns, getTableName, is, Table } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../src/cli/program.ts'
import * as schema from '../../src/db/schema.ts'
import { createNetwork } from '../../src/network/networks.ts'
import { setUpNetwork } from '../../src/network/setup.ts'
import { castFile, type World, world } from '../world.ts'
import { type Captured, captured } from './captured.ts'

const campaign = `
name: defi
title: { fr: Défi du Rhône, en: The Rhône challenge }
class: marketing
audience: { segment: tous }
anchor: { launch: 2027-01-12T09:30, timezone: recipient }
link: https://www.reseau.example.com/defi
values: { prize: { fr: un week-end à Lyon, en: a weekend in Lyon } }
steps:
  - { name: annonce, at: launch, intent: follow-up, template: challenge/launch }
  - { name: relance, at: "launch + 6 working days, 09:30", to: { not: acted }, intent: follow-up, template: challenge/relance }
`

let w: World
beforeAll(async () => {
  w = await world()
  writeFileSync(join(w.store.folder, 'defi.yaml'), campaign)
})
afterAll(() => w.close())

/** What the commands answer, as far as it is looked into here. */
interface Answer {
  campaignId: string
  isNew: boolean
  notices: unknown[]
  steps: unknown[]
  clock: string
  deliveries: Record<string, number>
}

interface Ran {
  exit: number
  stdout: string
  stderr: string
  json(): Answer
  io: Captured
}

async function relais(argv: string[], answer?: boolean, own: World = w): Promise<Ran> {
  const io = captured({ cwd: own.store.folder, answer })
  const exit = await run(argv, io, async () => own.relais)
  return { exit, stdout: io.stdout(), stderr: io.stderr(), json: () => JSON.parse(io.stdout()), io }
}

const write = (name: string, text: string) => {
  writeFileSync(join(w.store.folder, name), text)
  return name
}

/** A hash of every row of every table. */
async function everything(own: World = w): Promise<string> {
  const hash = createHash('sha256')
  const tables = (Object.values(schema) as unknown[]).filter((value): value is Table => is(value, Table))
  for (const table of tables.sort((a, b) => getTableName(a).localeCompare(getTableName(b)))) {
    const rows = (await own.context.db.select(getTableColumns(table)).from(table as never)) as unknown[]
    hash.update(getTableName(table))
    for (const row of rows.map((one) => JSON.stringify(one)).sort()) hash.update(row)
  }
  return hash.digest('hex')
}

describe('nothing that only looks changes anything', () => {
  test.each([
    ['plan', 'defi.yaml'],
    ['plan', 'defi.yaml', '--contact', 'P2'],
    ['import', 'partners.csv', '--dry-run'],
    ['import', 'partners.csv', '--dry-run', '--network', 'autre'],
    ['import', 'others.csv', '--dry-run', '--absent', 'deactivate'],
    ['status'],
    ['contact', 'P2', '--timeline'],
    ['segment', 'list'],
    ['segment', 'show', 'tous'],
    ['segment', 'explain', 'tous', '--contact', 'P1'],
  ])('relais %s %s %s %s %s', async (...given) => {
    const argv = given.filter((word): word is string => typeof word === 'string')
    write('others.csv', castFile.split('\r\n').slice(0, 3).join('\n'))
    const before = await everything()
    const { exit, stderr } = await relais([...argv, '--json'])
    expect([exit, stderr]).toEqual([0, ''])
    expect(await everything()).toBe(before)
  })
})

describe('--json prints one JSON document and nothing else', () => {
  test.each([
    ['plan', 'defi.yaml'],
    ['plan', 'defi.yaml', '--contact', 'P2'],
    ['import', 'partners.csv'],
    ['status'],
    ['segment', 'list'],
    ['segment', 'show', 'tous'],
    ['segment', 'explain', 'tous', '--contact', 'P1'],
    ['contact', 'P2', '--timeline'],
    ['sign-in-link'],
  ])('relais %s %s %s %s', async (...given) => {
    const argv = given.filter((word): word is string => typeof word === 'string')
    const { exit, stdout, json } = await relais([...argv, '--json'])
    expect(exit).toBe(0)
    expect(json()).toBeTypeOf('object')
    expect(stdout).toMatch(/^[[{]/)
  })

  test('what goes wrong is said on stderr, and stdout stays empty', async () => {
    const { exit, stdout, stderr } = await relais(['contact', 'P99', '--json'])
    expect([exit, stdout, stderr]).toEqual([2, '', 'There is no contact P99 in reseau.\n'])
  })
})

describe('plan', () => {
  test('has the promised shape', async () => {
    const plan = (await relais(['plan', 'defi.yaml', '--json'])).json()
    expect(plan).toEqual({
      campaign: 'defi',
      audience: 7,
      notices: [],
      series: [],
      steps: [
        {
          step: 'annonce',
          at: '2027-01-12T08:30:00.000Z',
          audience: 7,
          byChannel: { sms: 2, email: 4, print: 0, intranet: 1, screen: 0 },
          deliveries: expect.any(Number),
          deliveriesByChannel: { sms: 2, email: 4, print: 0, intranet: 1, screen: 0 },
          deferred: expect.any(Number),
          unreachable: 0,
          reasons: [],
          cost: {
            ...{ currency: 'EUR', min: expect.any(Number), expected: expect.any(Number), max: expect.any(Number) },
            perAction: expect.any(Number),
          },
        },
        expect.objectContaining({ step: 'relance', audience: 7 }),
      ],
      lateJoiners: 'next',
    })
  })

  test('of one person says every reason', async () => {
    const plan = (await relais(['plan', 'defi.yaml', '--contact', 'P1', '--json'])).json()
    expect(plan).toMatchObject({ contact: 'P1', isInAudience: true })
    expect(plan.steps).toHaveLength(2)
    expect(plan.steps[0]).toMatchObject({
      step: 'annonce',
      channel: 'sms',
      because: expect.arrayContaining([{ code: 'chosen', params: { channel: 'sms' } }]),
    })
    const { stdout } = await relais(['plan', 'defi.yaml', '--contact', 'P1'])
    expect(stdout).toMatch(/annonce {2}2027-01-12T\S+ {2}sms\n {2}SMS/)
  })

  test('of somebody the campaign is not for says so', async () => {
    write('bureau.yaml', campaign.replace('{ segment: tous }', '{ rule: { profile: office } }').replace('defi', 'b'))
    const { stdout } = await relais(['plan', 'bureau.yaml', '--contact', 'P1'])
    expect(stdout).toMatch(/^P1 is not in the audience now; if they were:\n/)
    expect((await relais(['plan', 'bureau.yaml', '--json'])).json()).toMatchObject({ audience: 1 })
  })

  test('of an unknown person is bad input', async () => {
    const { exit, stderr } = await relais(['plan', 'defi.yaml', '--contact', 'P99'])
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/^No contact P99 in reseau: give the external id/)])
  })

  test('as if launched later, and not in the past', async () => {
    const late = await relais(['plan', 'defi.yaml', '--at', '2027-02-01T00:00Z'])
    expect([late.exit, late.stderr]).toEqual([
      2,
      expect.stringMatching(/defi\.yaml:6:\d+ The launch, 2027-01-12T09:30, is in the past: give a later date\./),
    ])
  })
})

describe('what the author should know is in the plan and in the launch', () => {
  const withNight = campaign
    .replace('name: defi', 'name: nuit')
    .replace('2027-01-12T09:30', '2027-03-28T02:30')
    .replace('timezone: recipient', 'timezone: Europe/Paris')

  test('02:30 on the night the clocks go forward does not exist: the next valid instant is named', async () => {
    write('nuit.yaml', withNight)
    const plan = (await relais(['plan', 'nuit.yaml', '--json'])).json()
    expect(plan.notices).toEqual([
      {
        code: 'clock.gap',
        step: 'annonce',
        at: '2027-03-28T01:00:00.000Z',
        message: expect.stringMatching(
          /2027-03-28T02:30 does not exist in Europe\/Paris, the clocks go forward; it leaves at the next valid instant, 2027-03-28T01:00:00.000Z\./,
        ),
      },
    ])
    expect((await relais(['plan', 'nuit.yaml'])).stdout).toMatch(
      /^Note: Step "annonce": 2027-03-28T02:30 does not exist/m,
    )
    const launched = await relais(['launch', 'nuit.yaml', '--json'])
    expect(launched.json()).toMatchObject({ isNew: true, notices: [{ code: 'clock.gap' }] })
    expect(launched.json().steps[0]).toMatchObject({ step: 'annonce', at: '2027-03-28T01:00:00.000Z' })
  })

  test('nobody in the audience is said, and launches all the same where nothing leaves', async () => {
    write(
      'vide.yaml',
      campaign.replace('name: defi', 'name: vide').replace('{ segment: tous }', '{ rule: { typology: Nulle } }'),
    )
    const plan = await relais(['plan', 'vide.yaml'])
    expect(plan.stdout).toMatch(/^vide: 0 people\n/)
    expect(plan.stdout).toMatch(/^Note: Nobody matches the rule under audience: now, so nobody would be reached\.$/m)
    const launched = await relais(['launch', 'vide.yaml', '--json'])
    expect([launched.exit, launched.json().notices]).toEqual([
      0,
      [{ code: 'audience.empty', message: expect.any(String) }],
    ])
  })

  test('a step already past leaves at once, and that is said', async () => {
    write('tard.yaml', campaign.replace('name: defi', 'name: tard').replace('at: launch,', 'at: "launch - 3 days",'))
    const { notices } = (await relais(['plan', 'tard.yaml', '--json'])).json()
    expect(notices).toEqual([expect.objectContaining({ code: 'step.past', step: 'annonce' })])
  })

  test('a step that a condition starts has no date in the plan, and is launched with the others', async () => {
    write(
      'quand.yaml',
      campaign
        .replace('name: defi', 'name: quand')
        .replace('at: "launch + 6 working days, 09:30"', 'when: { participationDrop: { below: 0.85 } }'),
    )
    expect((await relais(['plan', 'quand.yaml'])).stdout).toMatch(/^relance +— /m)
    const launched = await relais(['launch', 'quand.yaml', '--json'])
    expect([launched.exit, launched.stderr]).toEqual([0, ''])
    expect(launched.json().steps).toMatchObject([{ step: 'annonce' }, { step: 'relance' }])
  })
})

describe('launch', () => {
  test('twice launches once, also when its date has passed meanwhile', async () => {
    const first = await relais(['launch', 'defi.yaml', '--json'])
    expect(first.json()).toMatchObject({
      isNew: true,
      campaignId: expect.any(String),
      steps: [
        { step: 'annonce', at: '2027-01-12T08:30:00.000Z' },
        { step: 'relance', at: '2027-01-20T08:30:00.000Z' },
      ],
    })
    const later = w.clock.now()
    w.clock.set(new Date('2027-02-01T09:00:00Z'))
    const second = await relais(['launch', 'defi.yaml', '--json'])
    w.clock.set(later)
    expect(second.json()).toEqual({ ...first.json(), isNew: false })
    expect((await relais(['launch', 'defi.yaml'])).stdout).toMatch(
      /^Already launched: \S+\. Nothing was done twice\.\n/,
    )
  })

  test('two at the same moment launch once', async () => {
    write('double.yaml', campaign.replace('name: defi', 'name: double'))
    const both = await Promise.all([
      relais(['launch', 'double.yaml', '--json']),
      relais(['launch', 'double.yaml', '--json']),
    ])
    expect(both.map(({ exit }) => exit)).toEqual([0, 0])
    expect(both.map(({ json }) => json().isNew).sort()).toEqual([false, true])
    expect(both[0].json().campaignId).toBe(both[1].json().campaignId)
  })

  test('another file of the same name is refused, with a name that is free', async () => {
    write('autre.yaml', campaign.replace('un week-end à Lyon', 'deux nuits à Lyon'))
    const { exit, stderr } = await relais(['launch', 'autre.yaml'])
    expect([exit, stderr]).toEqual([
      2,
      'A campaign named "defi" was already launched in reseau from another file. Give this one another name, such as defi-2.\n',
    ])
  })

  test('every fault of a file at once, each with its place', async () => {
    write(
      'faux.yaml',
      campaign.replace('segment: tous', 'segment: touss').replace('challenge/relance', 'challenge/relnce'),
    )
    const { exit, stderr } = await relais(['launch', 'faux.yaml'])
    expect(exit).toBe(2)
    expect(stderr).toMatch(/^faux\.yaml:5:\d+ There is no segment "touss"\. Did you mean "tous"\?$/m)
    expect(stderr).toMatch(
      /^faux\.yaml:\d+:\d+ There is no template "challenge\/relnce"\. Did you mean "challenge\/relance"\?$/m,
    )
  })
})

describe('a live network asks first', () => {
  let live: World
  beforeAll(async () => {
    live = await world({ mode: 'live' })
    writeFileSync(join(live.store.folder, 'defi.yaml'), campaign)
  })
  afterAll(() => live.close())
  const question = 'Launch defi to 7 people of reseau, for real?'

  test('with nobody there to answer it refuses and changes nothing', async () => {
    const before = await everything(live)
    const { exit, stdout, stderr } = await relais(['launch', 'defi.yaml'], undefined, live)
    expect([exit, stdout, stderr]).toEqual([2, '', `${question} Nobody is here to answer: add --yes to confirm.\n`])
    expect(await everything(live)).toBe(before)
  })

  test('a no changes nothing', async () => {
    const before = await everything(live)
    const { exit, stderr, io } = await relais(['launch', 'defi.yaml'], false, live)
    expect([exit, stderr, io.asked]).toEqual([1, 'Not launched: nothing was changed.\n', [question]])
    expect(await everything(live)).toBe(before)
  })

  test('a yes launches, and the same file again is not asked about', async () => {
    expect((await relais(['launch', 'defi.yaml'], true, live)).exit).toBe(0)
    const again = await relais(['launch', 'defi.yaml', '--json'], undefined, live)
    expect([again.exit, again.json().isNew]).toEqual([0, false])
  })

  test('--yes is a yes', async () => {
    writeFileSync(join(live.store.folder, 'deux.yaml'), campaign.replace('name: defi', 'name: deux'))
    const { exit, io } = await relais(['launch', 'deux.yaml', '--yes'], false, live)
    expect([exit, io.asked]).toEqual([0, []])
  })

  test('its clock is the real one', async () => {
    const { exit, stderr } = await relais(['advance', '--by', 'P1D'], undefined, live)
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/reseau is a live network: its clock is the real one/)])
  })

  test('a reply asked for from a one-way sender is refused; by e-mail alone it is not', async () => {
    await live.context.db.insert(schema.senders).values({
      networkId: live.network.id,
      id: '01890000-0000-7000-8000-000000000001',
      channel: 'sms',
      name: 'RELAIS',
      provider: 'twilio',
      address: 'RELAIS',
      isTwoWay: false,
      countries: [],
      createdAt: live.clock.now(),
    })
    const asking = campaign
      .replace('name: defi', 'name: reponse')
      .replace('intent: follow-up,', 'intent: follow-up, asksReply: true,')
    writeFileSync(join(live.store.folder, 'reponse.yaml'), asking)
    const refused = await relais(['launch', 'reponse.yaml', '--yes'], undefined, live)
    expect([refused.exit, refused.stderr]).toEqual([
      2,
      expect.stringMatching(
        /Step "annonce" asks for a reply, but every SMS sender of reseau is one-way: nobody could answer/,
      ),
    ])
    writeFileSync(
      join(live.store.folder, 'mail.yaml'),
      asking.replace('asksReply', 'channels: [email], asksReply').replace('name: reponse', 'name: mail'),
    )
    expect((await relais(['launch', 'mail.yaml', '--yes'], undefined, live)).exit).toBe(0)
  })
})

describe('status and advance', () => {
  test('status has the promised shape and knows campaigns by name', async () => {
    const status = (await relais(['status', 'defi', '--json'])).json()
    expect(Object.keys(status)).toEqual(['network', 'mode', 'clock', 'deliveries', 'byChannel', 'events'])
    expect(Object.keys(status.deliveries)).toEqual([
      'planned',
      'held',
      'queued',
      'sending',
      'accepted',
      'sent',
      'delivered',
      'unknown',
      'needs_review',
      'failed',
      'suppressed',
      'expired',
      'canceled',
      'returned',
    ])
    const { exit, stderr } = await relais(['status', 'dfi'])
    expect([exit, stderr]).toEqual([2, expect.stringMatching(/There is no campaign dfi in reseau; there is .*defi/)])
  })

  test('advance moves the clock and says where everything stands', async () => {
    const moved = (await relais(['advance', '--to', '2027-01-12T10:00Z', '--json'])).json()
    expect(moved.clock).toBe('2027-01-12T10:00:00.000Z')
    expect(moved.deliveries.delivered).toBeGreaterThan(0)
    expect((await relais(['status'])).stdout).toMatch(/^reseau \(sandbox\), 2027-01-12T10:00/)
  })

  test.each([
    [['--to', '2020-01-01T00:00Z'], /The clock of reseau is at 2027-01-12T10:00\S+ and goes forward only/],
    [['--by', '7 days'], /"7 days" is not a duration: write P7D for seven days, PT2H for two hours/],
    [['--by', 'P9999D'], /is more than ten years ahead/],
    [['--to', '9999-01-01T00:00Z'], /is more than ten years ahead/],
  ])('advance %j is refused', async (argv, said) => {
    const { exit, stderr } = await relais(['advance', ...argv])
    expect([exit, stderr]).toEqual([2, expect.stringMatching(said)])
  })
})

describe('import', () => {
  test('rejected rows are in a file, and the exit code says that it was partial', async () => {
    write(
      'partial.csv',
      `${castFile}\r\nS9;Neuf SARL;Artisan;;;;;France;;P9;Neuf;Neuf;;;pas un mail;;fr;;;`.replace(
        'S9;Neuf SARL',
        ';Neuf SARL',
      ),
    )
    const { exit, stderr, stdout } = await relais(['import', 'partial.csv', '--basis', 'consent', '--json'])
    expect(exit).toBe(1)
    const summary = JSON.parse(stdout) as Record<
      'read' | 'blank' | 'created' | 'updated' | 'unchanged' | 'rejected',
      number
    > & { rejectsFile: string }
    expect(summary.rejected).toBe(1)
    expect(summary.read).toBe(summary.blank + summary.created + summary.updated + summary.unchanged + summary.rejected)
    expect(stderr).toBe(
      `1 rows were not imported; they are in ${summary.rejectsFile}, each with its reason, ready to mend and import.\n`,
    )
    expect(readFileSync(summary.rejectsFile, 'utf8')).toContain('Neuf SARL')
    const dry = await relais(['import', 'partial.csv', '--dry-run'])
    expect([dry.exit, dry.stderr]).toEqual([1, expect.stringMatching(/^1 rows would not be imported: line 9: /)])
  })

  test('a column map that is none is refused', async () => {
    write('list.yaml', '- email\n')
    const { exit, stderr } = await relais(['import', 'partners.csv', '--map', 'list.yaml'])
    expect([exit, stderr]).toEqual([2, 'list.yaml must hold lines such as "E-mail pro: email" (column: field).\n'])
    write('broken.yaml', 'a: [\n')
    expect((await relais(['import', 'partners.csv', '--map', 'broken.yaml'])).stderr).toMatch(/^broken\.yaml: /)
  })

  test('a file that is no table is one sentence', async () => {
    write('other.xls', 'not a workbook')
    const { exit, stderr } = await relais(['import', 'other.xls'])
    expect(exit).toBe(2)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})

test('a segment that would name itself in a circle is bad input', async () => {
  write('segments.yaml', 'cercle: { title: { fr: Cercle, en: Circle }, rule: { segment: cercle } }\n')
  const { exit, stderr } = await relais(['segment', 'save', 'segments.yaml'])
  expect([exit, stderr]).toEqual([2, expect.stringMatching(/circle: cercle → cercle/)])
})

test('with several networks, the one meant must be named', async () => {
  const other = await w.context.db.transaction((tx) =>
    createNetwork(
      tx,
      { name: 'autre', title: 'Autre', mode: 'sandbox', country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      w.clock.now(),
    ),
  )
  await setUpNetwork(w.context, other)
  const { exit, stderr } = await relais(['status'])
  expect([exit, stderr]).toEqual([
    2,
    'There are several networks (reseau, autre): say which one with --network NAME.\n',
  ])
  expect((await relais(['status', '--network', 'autre'])).stdout).toMatch(/^autre \(sandbox\)/)
  expect((await relais(['status', '--network', 'nulle'])).stderr).toBe(
    'There is no network "nulle"; there are reseau, autre.\n',
  )
})

describe('campaign', () => {
  const text = (at: string, more = '') => `
name: retouche
title: { fr: Retouche, en: Touch-up }
class: transactional
audience: { segment: tous }
anchor: { launch: 2027-03-15T09:30 }
link: https://www.reseau.example.com/defi
steps:
  - { name: annonce, at: launch, intent: reference, channels: [intranet], template: challenge/launch }
  - { name: suite, at: "${at}", intent: reference, channels: [intranet], template: challenge/relance }${more}
`
  const json = async (argv: string[]) => {
    const ran = await relais(['campaign', ...argv, '--network', 'reseau', '--json'])
    return { exit: ran.exit, stderr: ran.stderr, result: ran.exit === 0 ? (ran.json() as unknown) : undefined }
  }

  test('changes a launched campaign by a file: planned first, then applied once, and its versions say what changed', async () => {
    const launched = await relais(['launch', write('retouche.yaml', text('launch + 2 days')), '--network', 'reseau'])
    expect(launched).toMatchObject({ exit: 0 })
    write('retouche-2.yaml', text('launch + 4 days'))
    const change = ['change', 'retouche', '--file', 'retouche-2.yaml']
    const planned = await json([...change, '--plan'])
    expect(planned.result).toMatchObject({
      version: 1,
      steps: [
        { step: 'annonce', effect: 'replaced' },
        { step: 'suite', effect: 'replaced', wasAt: '2027-03-17T08:30:00.000Z', at: '2027-03-19T08:30:00.000Z' },
      ],
    })
    expect(await json(['versions', 'retouche'])).toMatchObject({ result: { versions: [{ version: 1 }] } })
    expect((await json([...change, '--take-over', 'fin'])).stderr).toContain('There is no step fin')
    expect(await json(change)).toMatchObject({ exit: 0, result: { version: 2, isNew: true } })
    expect(await json(change)).toMatchObject({ exit: 0, result: { version: 2, isNew: false } })
    expect(await json(['versions', 'retouche'])).toMatchObject({
      result: { versions: [{ version: 2, changedSteps: ['suite'] }, { version: 1 }] },
    })
    const other = write('retouche-3.yaml', text('launch + 4 days').replace('name: retouche', 'name: autre'))
    expect(await json(['change', 'retouche', '--file', other])).toMatchObject({
      exit: 2,
      stderr: 'A launched campaign keeps its name: call it retouche, or launch another.\n',
    })
  })

  test('cancels one step and leaves the others; a campaign nobody enters has nothing to close', async () => {
    expect(await json(['cancel-step', 'retouche', 'suite'])).toMatchObject({ exit: 0, result: { isNew: true } })
    expect(await json(['cancel-step', 'retouche', 'suite'])).toMatchObject({ exit: 0, result: { isNew: false } })
    expect(await json(['cancel-step', 'retouche', 'fin'])).toMatchObject({ exit: 2 })
    expect(await json(['close', 'retouche'])).toMatchObject({ exit: 0, result: { isNew: false } })
    expect(await json(['close', 'nulle-part'])).toMatchObject({ exit: 2 })
    expect(await relais(['cancel', 'retouche', '--network', 'reseau'])).toMatchObject({ exit: 0 })
  })
})

describe('pause, resume, cancel', () => {
  test('change the state of a campaign once, and say what they concern', async () => {
    write('arret.yaml', campaign.replace('name: defi', 'name: arret').replace('2027-01-12', '2029-01-16'))
    await relais(['launch', 'arret.yaml', '--network', 'reseau'])
    const paused = await relais(['pause', 'arret', '--network', 'reseau', '--reason', 'Prix faux', '--json'])
    expect(paused).toMatchObject({ exit: 0, stderr: '' })
    expect(paused.json()).toMatchObject({ status: 'paused', isNew: true, concerned: { waiting: 0, stepsToCome: 2 } })
    expect((await relais(['pause', 'arret', '--network', 'reseau'])).stdout).toContain('Nothing was done twice.')
    expect((await relais(['resume', 'arret', '--network', 'reseau', '--json'])).json()).toMatchObject({
      status: 'running',
      isNew: true,
    })
    expect((await relais(['cancel', 'arret', '--network', 'reseau', '--json'])).json()).toMatchObject({
      status: 'canceled',
      isNew: true,
    })
    const late = await relais(['resume', 'arret', '--network', 'reseau'])
    expect(late.exit).toBe(2)
    expect(late.stderr).toBe('Campaign arret is canceled: only a paused one can be resumed.\n')
  })

  test('name the campaigns there are when there is none of that name', async () => {
    const { exit, stderr } = await relais(['pause', 'nulle-part', '--network', 'reseau'])
    expect(exit).toBe(2)
    expect(stderr).toContain('There is no campaign nulle-part in reseau')
  })
})
