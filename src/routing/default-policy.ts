import type { OpeningHours, Policy, PolicyRule, QuietHours } from './types.ts'

const hour = 60

const days = (first: number, last: number, ...intervals: [number, number][]): OpeningHours =>
  Object.fromEntries(Array.from({ length: last - first + 1 }, (_, i) => [String(first + i), intervals]))

const mondayToSaturday8To20: OpeningHours = days(1, 6, [8 * hour, 20 * hour])

const habit = (soft: OpeningHours, hard: OpeningHours | null = null): QuietHours => ({
  hard,
  soft,
  holidaysClosed: true,
})

/** First match wins, so the list reads from the most pressing to the most patient. */
const rules: PolicyRule[] = [
  {
    id: 'immediate',
    when: { urgency: ['immediate'] },
    channels: ['sms', 'email', 'screen'],
    together: ['screen'],
    waterfallMinutes: 15,
  },
  {
    id: 'urgent-service',
    when: { class: ['urgent_service'] },
    channels: ['sms', 'email', 'screen'],
    together: ['screen'],
    waterfallMinutes: 30,
  },
  { id: 'relationship', when: { intent: ['relationship'] }, channels: ['print', 'email', 'intranet'], learns: false },
  {
    id: 'counter-display',
    when: { intent: ['counter'] },
    channels: ['screen', 'email', 'intranet'],
    learns: false,
  },
  {
    id: 'high-counter',
    when: { urgency: ['high'], profile: ['counter'] },
    channels: ['screen', 'sms', 'email', 'intranet'],
  },
  { id: 'field', when: { profile: ['field'] }, channels: ['sms', 'email', 'intranet'] },
  { id: 'reference', when: { intent: ['reference'] }, channels: ['email', 'intranet'] },
  { id: 'desk', when: {}, channels: ['email', 'sms', 'intranet'] },
]

/**
 * Version 1 of the routing policy: what a network starts from and may replace. Money is in thousandths of a minor
 * unit (100,000 = 1 €), hours are minutes from local midnight by ISO weekday. Figures marked `believed` are
 * habits of the trade that no text imposes. None of it is legal advice.
 */
export const defaultPolicy: Policy = {
  version: 1,
  rules,
  companions: { intranet: true },
  values: {
    quietHours: {
      value: {
        FR: habit(
          { ...days(1, 5, [8 * hour, 20 * hour]), 6: [[10 * hour, 19 * hour]] },
          days(1, 6, [8 * hour, 22 * hour]),
        ),
        BE: habit(mondayToSaturday8To20),
        LU: habit(mondayToSaturday8To20),
        CH: habit({ ...days(1, 5, [8 * hour, 20 * hour]), 6: [[9 * hour, 18 * hour]] }),
        DE: habit(days(1, 6, [9 * hour, 20 * hour])),
        GB: habit(mondayToSaturday8To20),
        US: habit(days(1, 7, [9 * hour, 20 * hour]), days(1, 7, [8 * hour, 21 * hour])),
        CA: habit({ ...days(1, 5, [9 * hour, 20 * hour]), 6: [[10 * hour, 18 * hour]] }),
        '*': { hard: null, soft: days(1, 7, [8 * hour, 20 * hour]), holidaysClosed: false },
      },
      source:
        'FR hard: AF2M Business Messaging charter (1 Sept 2024), working days 08-22, and developers.brevo.com sendtransacsms; ' +
        'US hard: TCPA, twilio.com/docs/api/errors/30610; FR soft: sendtargetsms.com and SMS Partner; other: Vero quiet hours',
      status: 'sourced',
      checkedOn: '2026-11-20',
    },
    caps: {
      value: [
        { channel: 'sms', subject: 'contact', max: 1, days: 7 },
        { channel: 'sms', subject: 'contact', max: 4, days: 30 },
        { channel: 'email', subject: 'contact', max: 2, days: 7 },
        { channel: 'email', subject: 'contact', max: 8, days: 30 },
        { channel: 'print', subject: 'contact', max: 1, days: 30 },
        { channel: 'any', subject: 'contact', max: 4, days: 7 },
        { channel: 'screen', subject: 'site', max: 2, days: 1 },
        { channel: 'any', subject: 'site', max: 1, days: 1 },
      ],
      source: 'customerthink.com PRM best practice IV ("more than once per week is dangerous"); sms-proxima.com',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    costs: {
      value: { sms: 6_500, email: 100, print: 110_000, intranet: 0, screen: 0 },
      source:
        'SMS France .02-.10 € (AF2M), .03-.12 (flow3.org); e-mail emailr.dev; letter A4 colour with postage, before tax',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    smsCosts: {
      value: { BE: 8_000, CH: 7_000, DE: 9_000, GB: 4_500, US: 830 },
      source: 'US: Twilio price list of Oct 2026 without carrier fees; others: orders of magnitude',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    currency: 'EUR',
    worth: {
      value: {
        notice: 100_000,
        'follow-up': 100_000,
        relationship: 500_000,
        reference: 20_000,
        counter: 20_000,
      },
      source: 'Orders of magnitude: information 0.20, a relation 1, a challenge 5; an urgent message has no price',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    fatigueLambda: {
      value: 10_000,
      source: '0.10 a full quota: a second message in the week must be worth ten cents more',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    hysteresis: {
      value: 0.05,
      source: 'Keeps a channel from flapping on noise: one answer more among 20',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    switchProbability: {
      value: 0.7,
      source: 'The alternative test beside the hysteresis, for well-known contacts with a small difference',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    kappa: {
      value: 8,
      source: 'Beta-Bernoulli prior weight; the ANOVA estimate replaces it in engagement from 20 contacts on',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    exploration: {
      value: 0.03,
      source: 'Simulation over 52 weekly messages: 3-5 % random costs under 1 point and repairs a wrong prior',
      status: 'measured',
      checkedOn: '2026-11-20',
    },
    jitterMinutes: {
      value: 15,
      source: 'So that thousands of deferred messages do not leave in one second at opening time',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    basis: {
      value: {
        FR: { email_personal: 'opt_out', email_shared: 'free', sms: 'opt_in', print: 'opt_out' },
        BE: { email_personal: 'opt_in', email_shared: 'free', sms: 'opt_in', print: 'opt_out' },
        LU: { email_personal: 'opt_in', email_shared: 'free', sms: 'opt_in', print: 'opt_out' },
        DE: { email_personal: 'opt_in', email_shared: 'opt_in', sms: 'opt_in', print: 'opt_out' },
        CH: { email_personal: 'opt_in', email_shared: 'opt_in', sms: 'opt_in', print: 'opt_out' },
        GB: { email_personal: 'opt_out', email_shared: 'opt_out', sms: 'opt_in', print: 'opt_out' },
        US: { email_personal: 'opt_out', email_shared: 'opt_out', sms: 'opt_in', print: 'opt_out' },
        CA: { email_personal: 'opt_in', email_shared: 'opt_in', sms: 'opt_in', print: 'opt_out' },
        '*': { email_personal: 'opt_in', email_shared: 'opt_in', sms: 'opt_in', print: 'opt_out' },
      },
      source:
        'FR: CNIL, prospection B2B (page of 2026-06-10, second-hand), SMS: AF2M charter; BE: compubase.net; DE: fedma.org, UWG §7; ' +
        'CH: UWG art. 3(1)(o); GB: PECR (SMS kept stricter: sole traders count as individuals); US: CAN-SPAM, TCPA; CA: CASL',
      status: 'sourced',
      checkedOn: '2026-11-20',
    },
    tracking: {
      value: {
        FR: 'aggregate',
        IT: 'aggregate',
        BE: 'aggregate',
        LU: 'aggregate',
        DE: 'aggregate',
        CH: 'aggregate',
        GB: 'aggregate',
        US: 'individual',
        CA: 'individual',
        '*': 'aggregate',
      },
      source: 'CNIL délibération 2026-042 (in force 14 July 2026); Garante prov. 284/2026 (29 Oct 2026); ICO guidance',
      status: 'sourced',
      checkedOn: '2026-11-20',
    },
    trackingByClass: {
      value: { urgent_service: 'none' },
      source: 'An urgent notice is acknowledged by an explicit act; CNIL délibération 2026-042 leaves no other need',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    emailHours: {
      value: {
        default: days(1, 5, [7.5 * hour, 19 * hour]),
        field: days(1, 5, [6.5 * hour, 7.5 * hour], [18 * hour, 20 * hour]),
      },
      source: 'No rule on e-mail hours: opening hours of shops and offices, before and after the building site',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
    nightRest: {
      value: days(1, 7, [7 * hour, 22 * hour]),
      source: 'A phone rings at night for what is immediate only',
      status: 'believed',
      checkedOn: '2026-11-20',
    },
  },
}
