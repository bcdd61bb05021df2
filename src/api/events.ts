import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { businessNow } from '../clock.ts'
import type { Context } from '../context.ts'
import { newId } from '../db/index.ts'
import { PressureMoved } from '../outbox/pressure.ts'
import { eventNameHint, eventNamePattern } from '../sequence/condition.ts'
import { findContact, type NamedContact } from '../sequence/find-contact.ts'
import { reportEvent } from '../sequence/report.ts'
import { networkOf } from '../web/console/locate.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { idempotent } from './idempotency.ts'
import { jsonBody } from './json-body.ts'
import { making } from './operation.ts'
import { invalid } from './problems.ts'
import { anId, instant } from './shapes.ts'

const mostFields = 40
/** Programs’ clocks are not ours. */
const aheadMs = 5 * 60_000

const newEvent = z
  .strictObject({
    name: z
      .string()
      .regex(eventNamePattern, eventNameHint)
      .openapi({ description: 'As campaigns wait for it.', example: 'missed-appointment' }),
    contact: z
      .union(
        [
          z.strictObject({ id: z.string().min(1).max(64) }),
          z.strictObject({ externalId: z.string().min(1).max(200) }),
          z.strictObject({ email: z.string().min(3).max(254) }),
          z.strictObject({ phone: z.string().min(4).max(40) }),
        ],
        { error: 'Name the person by exactly one of id, externalId, email or phone.' },
      )
      .optional()
      .openapi({ description: 'Whom it happened to; left out, it concerns the whole network.' }),
    at: z.iso
      .datetime({ offset: true })
      .optional()
      .openapi({ description: 'When it happened; now where left out.', example: '2027-01-11T07:30:00Z' }),
    key: z
      .string()
      .min(1)
      .max(120)
      .optional()
      .openapi({ description: 'Your own number of the event: told again with it, it counts once.' }),
    data: z
      .record(z.string().min(1).max(80), z.union([z.string().max(2_000), z.number(), z.boolean()]))
      .optional()
      .openapi({
        description: 'What conditions and templates may ask: { slot1: "Monday 9:00" } is {{ event.slot1 }}.',
        example: { reason: 'no-show', slot1: 'lundi 9 h' },
      }),
  })
  .refine(({ data }) => Object.keys(data ?? {}).length <= mostFields, {
    path: ['data'],
    error: `An event has at most ${mostFields} fields.`,
  })
  .openapi('NewEvent')

const keptEvent = z
  .object({
    name: z.string(),
    contactId: anId.nullable(),
    at: instant,
    isNew: z.boolean().openapi({ description: 'False where it had been told before; nothing was done twice.' }),
  })
  .openapi('KeptEvent')

/** Tells of something that happened elsewhere: people enter campaigns by it, come to steps, or leave. */
export function eventOperations(
  api: OpenAPIHono<ApiEnv>,
  mayCall: ReturnType<typeof apiGuard>,
  { db, wall }: Context,
): void {
  api.openapi(
    making('/api/v1/events', mayCall('event.write', networkOf(db)), [jsonBody(), idempotent({ db, wall })], {
      operationId: 'createEvent',
      summary: 'Keeps something that happened, once, with all that campaigns do by it',
      body: newEvent,
      answer: keptEvent,
    }),
    async (c) => {
      const network = c.get('network')
      const { name, contact, at: told, key, data } = c.req.valid('json')
      const now = businessNow(wall.now(), network)
      const at = told === undefined ? now : new Date(told)
      if (at.getTime() > now.getTime() + aheadMs)
        throw invalid([
          { in: 'body', pointer: '/at', detail: 'This is still to come: tell of it when it has happened.' },
        ])
      const found = contact && (await findContact(db, network, contact as NamedContact))
      if (found && 'problem' in found) throw invalid([{ in: 'body', pointer: '/contact', detail: found.message }])
      const contactId = found?.contactId
      const own = key ?? c.req.header('idempotency-key') ?? newId()
      const event = {
        ...{ name, data, source: 'api', at: at > now ? now : at, now, key: `${c.get('caller')}:${own}` },
        ...(contactId === undefined ? {} : { contactId }),
      }
      const isNew = await keep(() => db.transaction((tx) => reportEvent(tx, network.id, event)))
      return c.json({ name, contactId: contactId ?? null, at: event.at.toISOString(), isNew }, 201)
    },
  )
}

/** Somebody was touched by another campaign in the same moment: it is done again on what that wrote. */
async function keep(work: () => Promise<boolean>): Promise<boolean> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof PressureMoved)) throw error
    }
  }
}
