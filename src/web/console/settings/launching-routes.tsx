import { possibleApprovers } from '../../../approval/approvers.ts'
import { changeLaunchRules } from '../../../approval/change-rules.ts'
import { launchRulesOf, longestHold, longestUrgentHold } from '../../../approval/rules.ts'
import { addSeed, readSeed, removeSeed, seedsOf } from '../../../approval/seeds.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { messageClasses } from '../../../words.ts'
import type { House } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { backTo } from './form-fields.ts'
import { LaunchingPage, numberFields } from './launching.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/launching'

/** Between which whole numbers each field lies. */
const limits: Record<(typeof numberFields)[number], [min: number, max: number]> = {
  fromPeople: [0, 10_000_000],
  needed: [1, 5],
  deadlineHours: [1, 720],
  holdSeconds: [0, longestHold],
  urgentHoldSeconds: [0, longestUrgentHold],
  urgentPerMonth: [0, 1_000],
  typedFrom: [0, 10_000_000],
}

/** What a network asks for before a launch, and where its proofs go. */
export function launchingRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps
  const actOf = (c: PageContext) => ({ networkId: c.get('network').id, actor: c.get('user').id, at: wall.now() })

  const page = async (
    c: PageContext,
    shown: { values?: Record<string, string>; problems?: Problems; seedProblem?: string; seed?: string } = {},
  ) => {
    const network = c.get('network')
    const rules = launchRulesOf(network.settings)
    const done = c.req.query('done')
    return sendPage(
      c,
      <LaunchingPage
        view={await view(c)}
        rules={rules}
        values={
          shown.values ?? {
            fromPeople: String(rules.approval.fromPeople),
            needed: String(rules.needed),
            deadlineHours: String(rules.deadlineHours),
            holdSeconds: String(rules.holdSeconds),
            urgentHoldSeconds: String(rules.urgentHoldSeconds),
            urgentPerMonth: String(rules.urgentPerMonth),
            typedFrom: String(rules.typedFrom),
          }
        }
        problems={shown.problems}
        possible={await possibleApprovers(db, network.id)}
        seeds={await seedsOf(db, network.id)}
        seedProblem={shown.seedProblem}
        seed={shown.seed}
        done={isDone(done) ? done : undefined}
      />,
      shown.problems || shown.seedProblem ? 422 : 200,
    )
  }

  const save: PageHandler = async (c) => {
    const { t } = await view(c)
    const form = await c.req.parseBody({ all: true })
    const many = (name: string) => [form[name]].flat().filter((value): value is string => typeof value === 'string')
    const problems: Record<string, string> = {}
    const values: Record<string, string> = {}
    const numbers = {} as Record<(typeof numberFields)[number], number>
    for (const name of numberFields) {
      const text = String(form[name] ?? '').trim()
      const [min, max] = limits[name]
      values[name] = text
      numbers[name] = /^\d{1,8}$/.test(text) ? Number(text) : -1
      if (numbers[name] < min || numbers[name] > max) problems[name] = t('life.rules.badNumber', { min, max })
    }
    if (Object.keys(problems).length > 0) return page(c, { values, problems })
    const { fromPeople, ...rest } = numbers
    const known = new Set((await possibleApprovers(db, c.get('network').id)).map((user) => user.id))
    await db.transaction((tx) =>
      changeLaunchRules(tx, actOf(c), {
        ...rest,
        approval: {
          isRequired: form.isRequired === 'on',
          classes: messageClasses.filter((one) => many('classes').includes(one)),
          fromPeople,
        },
        isFourEyes: form.isFourEyes === 'on',
        approvers: many('approvers').filter((id) => known.has(id)),
      }),
    )
    return backTo(c, list, 'saved')
  }

  const add: PageHandler = async (c) => {
    const { t } = await view(c)
    const form = await c.req.parseBody()
    const text = String(form.value ?? '').trim()
    const seed = readSeed(text, c.get('network').country)
    if (!seed) return page(c, { seedProblem: t('life.rules.seedBad'), seed: text })
    const name =
      String(form.name ?? '')
        .trim()
        .slice(0, 80) || seed.value
    const isAdded = await db.transaction((tx) => addSeed(tx, actOf(c), { ...seed, name }))
    return isAdded ? backTo(c, list, 'added') : page(c, { seedProblem: t('life.rules.seedFull'), seed: text })
  }

  const remove: PageHandler = async (c) => {
    const form = await c.req.parseBody()
    await db.transaction((tx) => removeSeed(tx, actOf(c), String(form.seed ?? '')))
    return backTo(c, list, 'removed')
  }

  app.get(list, may('settings.read', networkOf(db)), (c) => page(c))
  app.post(list, may('settings.write', networkOf(db)), save)
  app.post(`${list}/seeds`, may('settings.write', networkOf(db)), add)
  app.post(`${list}/seeds/remove`, may('settings.write', networkOf(db)), remove)
}
