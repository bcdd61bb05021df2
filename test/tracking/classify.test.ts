import { describe, expect, test } from 'vitest'
import { classifyClicks, classifyOpen, clickFeatures, type Hit, openAgent } from '../../src/tracking/classify.ts'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'
const start = Date.parse('2027-01-11T08:30:00Z')
const hit = (afterMs: number, link: string, more: Partial<Hit> = {}, agent = chrome, method = 'GET'): Hit => ({
  at: new Date(start + afterMs),
  link,
  network: 'home',
  ...clickFeatures(method, agent),
  ...more,
})
const since = (ms: number) => new Date(start + ms)

describe('clicks are judged together, by published rules', () => {
  const cases: [string, Hit[], Date[], number, string][] = [
    [
      '1: nine links in four seconds from five networks',
      Array.from({ length: 9 }, (_, n) => hit(n * 500, `link ${n}`, { network: `net ${n % 5}` })),
      [],
      -140,
      'machine',
    ],
    ['2: one click after three hours', [hit(3 * 3_600_000, 'a')], [], 15, 'human_likely'],
    ['3: one click and a registration', [hit(0, 'a')], [since(60_000)], 75, 'human_confirmed'],
    [
      '4: the unsubscribe link and another one second apart',
      [hit(0, 'u', { isUnsubscribe: true }), hit(1_000, 'a')],
      [],
      -50,
      'suspect',
    ],
    ['5: curl', [hit(0, 'a', {}, 'curl/8.5.0')], [], -80, 'machine'],
    [
      '6: three links in ten seconds, then the form is sent',
      [hit(0, 'a'), hit(4_000, 'b'), hit(9_000, 'c')],
      [since(30_000)],
      0,
      'unknown',
    ],
    ['7: no user agent', [hit(0, 'a', {}, '')], [], -60, 'machine'],
    ['8: two links in forty seconds', [hit(0, 'a'), hit(40_000, 'b')], [], 15, 'human_likely'],
  ]
  for (const [name, hits, actedAt, score, verdict] of cases)
    test(name, () => {
      expect(classifyClicks(hits, { actedAt })).toMatchObject({ score, verdict })
      expect(classifyClicks(hits.toReversed(), { actedAt })).toMatchObject({ score, verdict })
    })

  test('a HEAD request is a machine’s, and so is a first hit right at delivery in part', () => {
    expect(classifyClicks([hit(0, 'a', {}, chrome, 'HEAD')]).verdict).toBe('machine')
    expect(classifyClicks([hit(3_000, 'a')], { deliveredAt: since(0) })).toMatchObject({
      score: -40,
      verdict: 'suspect',
    })
    expect(classifyClicks([hit(5_000, 'a')], { deliveredAt: since(0) }).score).toBe(15)
  })

  test('a registration two days later does not vouch for a click', () => {
    expect(classifyClicks([hit(0, 'a')], { actedAt: [since(2 * 86_400_000)] }).score).toBe(15)
  })
})

describe('opens', () => {
  test.each([
    ['Mozilla/5.0', 'apple', 'machine'],
    [
      'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
      'proxy',
      'human_likely',
    ],
    ['YahooMailProxy; https://help.yahoo.com', 'proxy', 'human_likely'],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/42.0.2311.135 Safari/537.36 Edge/12.246',
      'prefetch',
      'machine',
    ],
    [chrome, 'other', 'human_likely'],
    ['', 'prefetch', 'machine'],
  ])('the agent “%s” is %s: %s', (agent, kind, verdict) => {
    expect(openAgent(agent)).toBe(kind)
    expect(classifyOpen({ agent: openAgent(agent), afterMs: 60_000 }).verdict).toBe(verdict)
  })

  test('a proxy in the first half minute after delivery tells nothing yet', () => {
    expect(classifyOpen({ agent: 'proxy', afterMs: 29_999 }).verdict).toBe('unknown')
    expect(classifyOpen({ agent: 'proxy', afterMs: 30_000 }).verdict).toBe('human_likely')
  })

  test('what the provider calls a machine is one', () => {
    expect(classifyOpen({ isMachine: true, agent: 'other' }).verdict).toBe('machine')
  })
})
