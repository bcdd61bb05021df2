import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { and, asc, eq, gt, inArray, type SQL } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { contactsWithin } from '../accounts/scope.ts'
import type { Db } from '../db/index.ts'
import { addresses, contactAddresses, contacts, sites } from '../db/schema.ts'
import { contactOf, networkOf } from '../web/console/locate.ts'
import { addressKinds, addressStatuses, languages } from '../words.ts'
import type { ApiEnv, apiGuard } from './guard.ts'
import { listing, showing } from './operation.ts'
import { limitOf, paged, pageOf, pageQuery } from './page.ts'
import { anId, channel, instant, profile } from './shapes.ts'

const contact = z
  .object({
    id: anId,
    externalId: z.string().nullable().openapi({ description: 'As the partner file names them.' }),
    site: z.object({ id: anId, externalId: z.string(), name: z.string() }),
    salutation: z.string().nullable(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    function: z.string().nullable(),
    profile,
    language: z.enum(languages),
    preferredChannel: channel.nullable(),
    hasContract: z.boolean().openapi({ description: 'Under a running contract; anybody else is a prospect.' }),
    addresses: z
      .array(z.object({ kind: z.enum(addressKinds), value: z.string(), status: z.enum(addressStatuses) }))
      .openapi({ description: 'Where they are written to, the first of a kind first.' }),
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    isActive: z.boolean(),
    isErased: z.boolean(),
    createdAt: instant,
    updatedAt: instant,
  })
  .openapi('Contact')

const listed = {
  id: contacts.id,
  externalId: contacts.externalId,
  site: { id: sites.id, externalId: sites.externalId, name: sites.name },
  salutation: contacts.salutation,
  firstName: contacts.firstName,
  lastName: contacts.lastName,
  function: contacts.function,
  profile: contacts.profile,
  language: contacts.language,
  preferredChannel: contacts.preferredChannel,
  hasContract: contacts.hasContract,
  attributes: contacts.attributes,
  isActive: contacts.isActive,
  erasedAt: contacts.erasedAt,
  createdAt: contacts.createdAt,
  updatedAt: contacts.updatedAt,
}

async function findContacts(db: Db, networkId: string, narrower: SQL | undefined, limit: number) {
  const rows = await db
    .select(listed)
    .from(contacts)
    .innerJoin(sites, and(eq(sites.networkId, contacts.networkId), eq(sites.id, contacts.siteId)))
    .where(and(eq(contacts.networkId, networkId), narrower))
    .orderBy(asc(contacts.id))
    .limit(limit)
  const ids = rows.map(({ id }) => id)
  const reached =
    ids.length === 0
      ? []
      : await db
          .select({
            contactId: contactAddresses.contactId,
            kind: contactAddresses.kind,
            value: addresses.normalised,
            status: addresses.status,
          })
          .from(contactAddresses)
          .innerJoin(
            addresses,
            and(eq(addresses.networkId, contactAddresses.networkId), eq(addresses.id, contactAddresses.addressId)),
          )
          .where(and(eq(contactAddresses.networkId, networkId), inArray(contactAddresses.contactId, ids)))
          .orderBy(asc(contactAddresses.kind), asc(contactAddresses.rank))
  const of = new Map<string, z.infer<typeof contact>['addresses']>()
  for (const { contactId, value, ...address } of reached)
    if (value !== null) of.set(contactId, [...(of.get(contactId) ?? []), { ...address, value }])
  return rows.map(({ erasedAt, createdAt, updatedAt, ...row }) => ({
    ...row,
    addresses: of.get(row.id) ?? [],
    isErased: erasedAt !== null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }))
}

export function contactOperations(api: OpenAPIHono<ApiEnv>, mayCall: ReturnType<typeof apiGuard>, db: Db): void {
  api.openapi(
    listing('/api/v1/contacts', mayCall('contact.read', networkOf(db)), {
      operationId: 'listContacts',
      summary: 'The people of the network, in the order they came',
      query: {
        ...pageQuery,
        site: anId.max(64).optional().openapi({ description: 'Only those who work at this site.' }),
      },
      answer: pageOf(contact),
    }),
    async (c) => {
      const asked = c.req.valid('query')
      const narrower = and(
        contactsWithin(db, c.get('scope')),
        asked.site ? eq(contacts.siteId, asked.site) : undefined,
        asked.cursor ? gt(contacts.id, asked.cursor) : undefined,
      )
      const { page, next } = paged(await findContacts(db, c.get('network').id, narrower, limitOf(asked) + 1), asked)
      return c.json({ data: page, next }, 200)
    },
  )

  api.openapi(
    showing('/api/v1/contacts/{id}', mayCall('contact.read', contactOf(db)), {
      operationId: 'getContact',
      summary: 'One person',
      answer: contact,
    }),
    async (c) => {
      const [found] = await findContacts(db, c.get('network').id, eq(contacts.id, c.req.param('id') ?? ''), 1)
      if (!found) throw new HTTPException(404)
      return c.json(found, 200)
    },
  )
}
