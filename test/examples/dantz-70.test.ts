import { describe, expect, test } from 'vitest'
import { playExample } from '../../src/example/play.ts'

const played = async () => (await playExample('dantz-70', { seed: '4', percent: 30 })).figures

interface Sent {
  day: string
  emails: number
}

describe('a year of a blog and a binder', () => {
  test('alerts once a day, reminds only the inactive, and gives who joins the whole binder', async () => {
    const figures = await played()
    expect(figures).toMatchObject({ members: 22, articles: 12, wholeBinders: 1, remindersToReaders: 0 })
    expect(figures.binders).toEqual({ complete: 22, withCardTwice: 0 })
    const alerts = figures.alerts as Sent[]
    expect(alerts).toHaveLength(10)
    expect(alerts.filter(({ day }) => day.startsWith('2027-01'))).toEqual([{ day: '2027-01-13', emails: 21 }])
    const reminders = figures.reminders as Sent[]
    expect(reminders.map(({ day }) => day)).toEqual(['2027-03-31', '2027-06-30', '2027-09-30', '2027-12-31'])
    // Three in ten follow nothing, two in five follow all.
    for (const { emails } of reminders) {
      expect(emails).toBeGreaterThan(0)
      expect(emails).toBeLessThan(18)
    }
    const cards = (figures.cards as { letters: number }[]).map(({ letters }) => letters)
    expect(cards).toEqual([21, 21, 21, 21, 22, 22, 22, 22])
  }, 900_000)
})
