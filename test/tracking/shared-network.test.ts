import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type NetworkHit, sharedNetworkHits } from '../../src/tracking/shared-network.ts'

const start = Date.parse('2027-01-11T08:30:00Z')
const hit = (n: number, given: Partial<NetworkHit> & { seconds?: number } = {}): NetworkHit => ({
  eventId: `e${n}`,
  network: 'gateway',
  recipient: `r${n}`,
  domain: `d${n % 3}.example`,
  at: new Date(start + (given.seconds ?? n * 10) * 1_000),
  ...given,
})
const times = (count: number, given?: (n: number) => Partial<NetworkHit> & { seconds?: number }) =>
  Array.from({ length: count }, (_, n) => hit(n, given?.(n)))

test('ten recipients of three domains from one network within ten minutes are a gateway’s', () => {
  expect(sharedNetworkHits(times(10)).size).toBe(10)
  expect(sharedNetworkHits(times(10).toReversed()).size).toBe(10)
})

test.each([
  ['nine recipients', times(9)],
  ['one recipient ten times', times(10, () => ({ recipient: 'r' }))],
  ['one company', times(40, () => ({ domain: 'company.example' }))],
  ['two companies', times(40, (n) => ({ domain: `d${n % 2}.example` }))],
  ['ten networks', times(10, (n) => ({ network: `net ${n}` }))],
  ['eleven minutes', times(10, (n) => ({ seconds: n * 74 }))],
])('%s are not', (_, hits) => {
  expect(sharedNetworkHits(hits).size).toBe(0)
})

test('only the ten minutes in which it showed itself count, and only its own hits', () => {
  const early = hit(50, { seconds: -700 })
  const other = hit(51, { network: 'home', seconds: 30 })
  const found = sharedNetworkHits([early, other, ...times(10)])
  expect([found.has('e50'), found.has('e51'), found.size]).toEqual([false, false, 10])
})

test('agrees with counting every window, whatever the hits', () => {
  const some = fc.array(
    fc.record({ recipient: fc.nat(14), domain: fc.nat(3), seconds: fc.nat(1_800), network: fc.nat(1) }),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(some, (drawn) => {
      const hits = drawn.map(({ recipient, domain, seconds, network }, n) =>
        hit(n, { recipient: `r${recipient}`, domain: `d${domain}`, network: `n${network}`, seconds }),
      )
      const slowly = new Set<string>()
      for (const end of hits) {
        const within = hits.filter(
          (one) => one.network === end.network && one.at <= end.at && end.at.getTime() - one.at.getTime() <= 600_000,
        )
        if (new Set(within.map((one) => one.recipient)).size < 10) continue
        if (new Set(within.map((one) => one.domain)).size < 3) continue
        for (const one of within) slowly.add(one.eventId)
      }
      expect(sharedNetworkHits(hits)).toEqual(slowly)
    }),
  )
})
