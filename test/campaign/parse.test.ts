import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { campaignSchemaText } from '../../src/campaign/json-schema.ts'
import { campaignValues } from '../../src/campaign/merge.ts'
import { campaignNotices } from '../../src/campaign/notices.ts'
import { type CampaignContext, CampaignProblems, parseCampaign } from '../../src/campaign/parse.ts'
import { loadTemplates, templateCatalog } from '../../src/campaign/templates.ts'
import { packageRoot } from '../../src/root.ts'
import { segmentSchemaText } from '../../src/segment/json-schema.ts'
import { parseSegments } from '../../src/segment/parse.ts'

const campaignFile = (name: string) => readFileSync(join(packageRoot, 'campaigns', name), 'utf8')
const presets = parseSegments(campaignFile('segments.yaml'), 'segments.yaml')
const templates = loadTemplates()

const context: CampaignContext = {
  file: 'c.yaml',
  segments: new Set(Object.keys(presets)),
  templates,
  now: new Date('2026-11-23T09:00:00Z'),
  network: { timezone: 'Europe/Paris' },
}

/** A small valid campaign; tests spoil one thing. */
const campaign = (change: Record<string, string> = {}) => {
  const part = {
    name: 'grand-nord',
    class: 'marketing',
    audience: '{ segment: vendeurs }',
    anchor: '{ launch: 2027-01-11T08:30, timezone: recipient }',
    link: 'https://www.example.com/',
    more: '',
    steps: `
  - name: teaser
    at: launch - 21 working days, 09:00
    intent: follow-up
    template: challenge/teaser
  - name: relance
    at: launch + 3 days
    to: { not: registered }
    intent: follow-up
    template: challenge/relance
    fallback: { ifNot: acted, after: PT48H, then: next-best }`,
    ...change,
  }
  return `name: ${part.name}
title: { fr: Challenge Grand Nord, en: The Great North challenge }
class: ${part.class}
audience: ${part.audience}
anchor: ${part.anchor}
link: ${part.link}
${part.more}
steps:${part.steps}
`
}

function problemsOf(source: string, change: Partial<CampaignContext> = {}): string[] {
  try {
    parseCampaign(source, { ...context, ...change })
  } catch (error) {
    if (error instanceof CampaignProblems) return error.message.split('\n')
    throw error
  }
  return []
}

describe('A campaign file', () => {
  it('is read whole, with its defaults', () => {
    const definition = parseCampaign(campaign(), context)
    expect(definition.steps).toMatchObject([
      { name: 'teaser', urgency: 'normal', onQuiet: 'defer', asksReply: false, asksAcknowledgement: false },
      { name: 'relance', to: { not: 'registered' }, fallback: { ifNot: 'acted', after: 'PT48H' } },
    ])
    expect(definition.anchor).toEqual({ launch: '2027-01-11T08:30', timezone: 'recipient' })
  })

  it.each(['challenge.yaml', 'urgent-notice.yaml'])('of the presets is valid: %s', (name) => {
    expect(problemsOf(campaignFile(name))).toEqual([])
  })

  it('takes purpose for intent', () => {
    const steps = '\n  - { name: a, at: launch, purpose: notice, template: challenge/teaser }'
    expect(parseCampaign(campaign({ steps }), context).steps[0]?.intent).toBe('notice')
  })

  it('reports everything at once, in order, with line, column and suggestion', () => {
    const source = `name: Grand Nord
titel: { fr: x }
class: marketting
audience: { segment: vendeur }
anchor: { launch: 2027-02-31T08:30, timezone: Europe/Pari }
steps:
  - name: relance
    at: launch - 3 days
    intent: followup
    template: challenge/relnce
    channels: [mail, print]
  - name: teaser
    at: launch + 3 jours
    purpose: follow-up
    template: challenge/teaser
    chanels: [sms]
  - name: teaser
    intent: notice
    template: challenge/kit
    channels: [sms]
    fallback: { ifNot: clicked, after: 2 days }
    to: { not: { profil: sales } }
`
    expect(problemsOf(source)).toEqual([
      'c.yaml:1:1 "title" is missing.',
      'c.yaml:1:7 Use lower-case letters, digits and hyphens, at most 60, such as grand-nord.',
      'c.yaml:2:1 Unknown key "titel". Did you mean "title"?',
      'c.yaml:3:8 "marketting" is not known here: use urgent_service, contractual, transactional, relational, marketing. Did you mean "marketing"?',
      'c.yaml:4:22 There is no segment "vendeur". Did you mean "vendeurs"?',
      'c.yaml:5:19 2027-02-31 does not exist: that month ends on 2027-02-28.',
      'c.yaml:5:47 Unknown time zone: use recipient (each reader’s own) or a name such as Europe/Paris.',
      'c.yaml:9:13 "followup" is not known here: use notice, follow-up, relationship, reference, counter. Did you mean "follow-up"?',
      'c.yaml:10:15 There is no template "challenge/relnce". Did you mean "challenge/relance"?',
      'c.yaml:11:16 "mail" is not known here: use sms, email, print, intranet, screen. Did you mean "email"?',
      'c.yaml:13:9 Cannot read "+ 3 jours" in "launch + 3 jours": write + or - between spaces, a number and days, working days, weeks, hours or minutes, such as launch - 21 working days, 09:00.',
      'c.yaml:16:5 Unknown key "chanels". Did you mean "channels"?',
      'c.yaml:17:5 Step "teaser" never starts: give it at: (such as launch + 3 days) or when:.',
      'c.yaml:17:11 Step 2 is also named "teaser": every step needs a name of its own.',
      'c.yaml:19:15 Template "challenge/kit" has no words for sms: write templates/challenge/kit.fr.sms.md, or take sms out of channels.',
      'c.yaml:21:24 "clicked" is not known here: use opened, acted, acknowledged.',
      'c.yaml:21:40 A duration is written like PT48H, P10D or P2W (a month has no fixed length: count days).',
      'c.yaml:22:26 Unknown condition "profil": did you mean "profile"?',
    ])
  })

  it('says what a criterion of a challenge lacks, and not only that it cannot be', () => {
    const challenge = `challenge:
  roles:
    - name: vente
      criteria:
        - { name: ventes, weight: 60, points: 10 }
        - { name: formation, kind: qualitative, weight: 40, points: 50 }
`
    expect(problemsOf(`${campaign()}${challenge}`)).toEqual([
      expect.stringMatching(/^c\.yaml:\d+:\d+ "unit" is missing\.$/),
      expect.stringMatching(/^c\.yaml:\d+:\d+ "evidence" is missing\.$/),
    ])
  })

  it.each([
    ['', 'c.yaml:1:1 The file is empty: begin with name: and steps:.'],
    ['\tname: x', 'c.yaml:1:1 Indent with spaces: YAML does not take tabs.'],
    ['- a', 'c.yaml:1:1 Expected key: value lines, found a list.'],
    [
      'a: [',
      'c.yaml:1:5 This is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ].',
    ],
    ['name: a\nname: b', 'c.yaml:2:1 This key is written twice; keep one.'],
    ['x'.repeat(600_000), 'c.yaml:1:1 The file is 600 kB; a campaign file has at most 512 kB.'],
  ])('that is no campaign at all is refused with its place', (source, message) => {
    expect(problemsOf(source)).toContain(message)
  })

  it('names segments that are there in its goal and in the rules that keep people out of a step, too', () => {
    const missing = (part: Record<string, string>) => problemsOf(campaign(part)).join()
    expect(missing({ more: 'exit: { when: vendeur }' })).toContain(
      'There is no segment "vendeur". Did you mean "vendeurs"?',
    )
    expect(missing({ more: 'exit: { when: { any: [registered, { segment: vendeur }] } }' })).toContain('"vendeur"')
    const step = (when: string) => `\n  - { name: a, when: ${when}, intent: notice, template: challenge/teaser }`
    expect(missing({ steps: step('{ all: [{ event: told }, { rule: { not: vendeur } }] }') })).toContain('"vendeur"')
    for (const more of ['exit: { when: registered }', 'exit: { when: vendeurs }', 'exit: { when: { event: booked } }'])
      expect(missing({ more })).toBe('')
    expect(missing({ steps: step('{ all: [{ event: told }, { rule: { not: vendeurs } }] }') })).toBe('')
  })

  it('that expands itself without end is refused', () => {
    const layers = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefghi'.split('').map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[index]}`)}]`),
    ]
    expect(problemsOf(layers.join('\n')).join()).toContain('refers to itself too often')
  })

  it('cannot smuggle a prototype in', () => {
    expect(problemsOf(campaign({ more: '__proto__: { class: x }' })).join()).toContain('Unknown key "__proto__"')
  })

  it.each([
    [
      'a launch in the past',
      { anchor: '{ launch: 2026-11-20T08:30 }' },
      'c.yaml:5:19 The launch, 2026-11-20T08:30, is in the past: give a later date.',
    ],
    [
      'an impossible date',
      { anchor: '{ launch: 31/02/2027 }' },
      'c.yaml:5:19 2027-02-31 does not exist: that month ends on 2027-02-28.',
    ],
    [
      'a circle of dates',
      { anchor: '{ launch: end - 60 days, end: launch + 60 days }' },
      'These dates are counted from one another in a circle: end → launch → end. Give one of them a date.',
    ],
    [
      'an anchor that exists nowhere',
      { steps: '\n  - { name: a, at: lunch + 1 day, intent: notice, template: challenge/teaser }' },
      'There is no anchor or dated step "lunch" to count from. Did you mean "launch"?',
    ],
    [
      'a step that never starts',
      { steps: '\n  - { name: a, intent: notice, template: challenge/teaser }' },
      'c.yaml:9:5 Step "a" never starts: give it at: (such as launch + 3 days) or when:.',
    ],
    [
      'a step with two beginnings',
      {
        steps:
          '\n  - { name: a, at: launch, when: { participationDrop: {} }, intent: notice, template: challenge/teaser }',
      },
      'Step "a" has both at: and when:; keep one.',
    ],
    [
      'a step without intent',
      { steps: '\n  - { name: a, at: launch, template: challenge/teaser }' },
      'Step "a" needs intent:, one of notice, follow-up, relationship, reference, counter.',
    ],
    ['no step', { steps: ' []' }, 'c.yaml:8:8 At least one is needed here.'],
    [
      'a link that is no web address',
      { link: 'javascript:alert(1)' },
      'c.yaml:6:7 Expected an address beginning with https:// or http://.',
    ],
    [
      'a value that hides a field',
      { more: 'values: { title: x }' },
      '"title" is already a field of every campaign; name it otherwise.',
    ],
    [
      'a step named as an anchor',
      { steps: '\n  - { name: launch, at: 2027-01-11, intent: notice, template: challenge/teaser }' },
      '"launch" is already an anchor: name the step otherwise',
    ],
    [
      'a channel twice',
      { steps: '\n  - { name: a, at: launch, intent: notice, template: challenge/teaser, channels: [sms, sms] }' },
      'A channel is listed twice.',
    ],
    [
      'an audience of both kinds',
      { audience: '{ segment: vendeurs, rule: { profile: sales } }' },
      'Expected { segment: NAME }, { rule: … }, { site: CODE } or { contact: IDENTIFIER }.',
    ],
    ['an unknown profile', { audience: '{ rule: { profile: vendeur } }' }, 'c.yaml:4:'],
  ])('with %s is refused', (_, change, message) => {
    expect(problemsOf(campaign(change)).join('\n')).toContain(message)
  })

  it('with a follow-up before its teaser is refused', () => {
    const follow = (at: string) => `
  - { name: teaser, at: launch, intent: follow-up, template: challenge/teaser }
  - name: relance
    at: ${at}
    to: { not: { event: { type: click, campaign: grand-nord, step: teaser } } }
    intent: follow-up
    template: challenge/relance`
    expect(problemsOf(campaign({ steps: follow('launch - 3 days') }))).toEqual([
      'c.yaml:12:9 Step "relance" follows up "teaser", which comes after it: nobody can have answered yet. Move one of them.',
    ])
    expect(problemsOf(campaign({ steps: follow('launch + 3 days') }))).toEqual([])
  })

  it('checks the words it names: unknown fields, and a way out of marketing mail', () => {
    const words = templateCatalog({
      'own/offer.fr.email.md':
        '---\nsubject: Offre\n---\nBonjour {{ contact.firstNam }}, gagnez {{ campaign.prise }}.\n',
    })
    const steps = '\n  - { name: a, at: launch, intent: notice, template: own/offer }'
    const found = problemsOf(campaign({ steps, more: 'values: { prize: un vélo }' }), { templates: words })
    expect(found.join('\n')).toContain(
      'templates/own/offer.fr.email.md:1:1 A marketing e-mail needs an unsubscribe link',
    )
    const withWayOut = templateCatalog({
      'own/offer.fr.email.md':
        '---\nsubject: Offre\n---\nBonjour {{ contact.firstNam }}, gagnez {{ campaign.prise }}.\n\n[Se désinscrire]({{ urls.unsubscribe }})\n',
    })
    expect(problemsOf(campaign({ steps, more: 'values: { prize: un vélo }' }), { templates: withWayOut })).toEqual([
      expect.stringContaining(
        'templates/own/offer.fr.email.md:4:12 There is no field "contact.firstNam". Did you mean "contact.firstName"?',
      ),
      expect.stringContaining(
        'templates/own/offer.fr.email.md:4:43 There is no field "campaign.prise". Did you mean "campaign.prize"?',
      ),
    ])
  })

  it('whose words need a link must have one', () => {
    const steps = '\n  - { name: a, at: launch, intent: notice, template: challenge/launch, channels: [sms] }'
    const source = campaign({ steps }).replace(/^link: .*\n/m, '')
    expect(problemsOf(source)).toContainEqual(
      expect.stringContaining(
        'challenge/launch.fr.sms.txt uses {{ link }}, but the campaign has no link: add link: https://…',
      ),
    )
  })

  it('says what the change of clocks does to it', () => {
    const definition = parseCampaign(
      campaign({
        anchor: '{ launch: 2027-03-28T02:30 }',
        steps:
          '\n  - { name: a, at: launch, intent: notice, template: challenge/teaser }\n  - { name: b, at: 2027-10-31T02:30, intent: notice, template: challenge/teaser }',
      }),
      context,
    )
    expect(campaignNotices(definition, { now: context.now!, network: context.network })).toMatchObject([
      { code: 'clock.gap', step: 'a', at: new Date('2027-03-28T01:00:00Z') },
      { code: 'clock.overlap', step: 'b', at: new Date('2027-10-31T00:30:00Z') },
    ])
  })

  it('gives its templates its values in the language of the reader', () => {
    const definition = parseCampaign(campaignFile('challenge.yaml'), context)
    expect(campaignValues(definition, 'en')).toMatchObject({
      title: 'The Great North challenge',
      dates: { launch: '2027-01-11T08:30', end: '2027-03-12T18:00' },
      values: { prize: expect.stringContaining('Lapland') },
    })
  })
})

describe('The published JSON Schema', () => {
  it('is the one the grammar gives', () => {
    expect(campaignFile('campaign.schema.json')).toBe(campaignSchemaText())
    expect(campaignFile('segments.schema.json')).toBe(segmentSchemaText())
  })
})
