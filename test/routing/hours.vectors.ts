/** Fourteen instants worked out with Python's zoneinfo and the date-holidays data; null means it leaves at once. */
export const hourVectors = [
  ['Saturday 19:30', 'FR', '2026-11-21T18:30:00Z', '2026-11-23T07:00:00Z', null],
  ['24 December 20:30', 'FR', '2026-12-24T19:30:00Z', '2026-12-26T09:00:00Z', null],
  ['24 December 20:30 in Alsace', 'FR-67', '2026-12-24T19:30:00Z', '2026-12-28T07:00:00Z', null],
  ['the eve of Ascension 21:00', 'FR', '2026-05-13T19:00:00Z', '2026-05-15T06:00:00Z', null],
  ['Saturday before summer time ends', 'FR', '2026-10-24T17:30:00Z', '2026-10-26T07:00:00Z', null],
  ['Saturday before summer time starts', 'FR', '2026-03-28T18:30:00Z', '2026-03-30T06:00:00Z', null],
  ['Friday 21:00 in Réunion', 'RE', '2026-11-20T17:00:00Z', '2026-11-21T06:00:00Z', null],
  ['abolition day 10:00 in Martinique', 'MQ', '2026-05-22T14:00:00Z', '2026-05-23T14:00:00Z', '2026-05-23T12:00:00Z'],
  ['the same instant in Paris', 'FR', '2026-05-22T14:00:00Z', null, null],
  ['Tuesday 20:00:00', 'FR', '2026-11-24T19:00:00Z', '2026-11-25T07:00:00Z', null],
  ['Tuesday 19:59:59', 'FR', '2026-11-24T18:59:59Z', null, null],
  ['Tuesday 07:59:59', 'FR', '2026-11-24T06:59:59Z', '2026-11-24T07:00:00Z', '2026-11-24T07:00:00Z'],
  ['Friday 8 May 10:00', 'FR', '2026-05-08T08:00:00Z', '2026-05-09T08:00:00Z', '2026-05-09T06:00:00Z'],
  ['Sunday 1 November 10:00', 'FR', '2026-11-01T09:00:00Z', '2026-11-02T07:00:00Z', '2026-11-02T07:00:00Z'],
] as const

export const zoneOfRegion: Record<string, string> = {
  FR: 'Europe/Paris',
  'FR-67': 'Europe/Paris',
  RE: 'Indian/Reunion',
  MQ: 'America/Martinique',
}
