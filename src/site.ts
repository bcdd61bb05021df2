import { and, eq } from 'drizzle-orm'
import { createApp } from './app.ts'
import type { AppDeps } from './app-deps.ts'
import type { CampaignDefinition } from './campaign/definition.ts'
import { planCampaign } from './campaign/plan.ts'
import { campaigns, campaignVersions, networks } from './db/schema.ts'
import { picturesForPrint } from './library/print-pictures.ts'
import type { Relais } from './main.ts'
import { advance, nextEventAt } from './time-machine.ts'
import { version } from './version.ts'

/** The web application over an installation: every page and route, with what they need from the engine. */
export function createSite({ context, config, mailIn }: Relais): ReturnType<typeof createApp> {
  const { db } = context
  const networkById = async (id: string) => {
    const [network] = await db.select().from(networks).where(eq(networks.id, id))
    if (!network) throw new Error(`There is no network ${id}.`)
    return network
  }
  const deps: AppDeps = {
    context,
    db,
    wall: context.wall,
    secret: config.secret,
    publicUrl: config.publicUrl,
    oidc: config.oidc,
    trustedProxies: config.trustedProxies,
    version,
    metricsAccess: config.metrics,
    channels: context.channels,
    mailIn,
    keys: context.keys,
    actions: {
      advance: async (networkId, to) => void (await advance(context, await networkById(networkId), to)),
      nextEventAt: async (networkId) => nextEventAt(context, await networkById(networkId)),
    },
    plan: async (networkId, campaignId) => {
      const [row] = await db
        .select({ definition: campaignVersions.definition, launchedAt: campaigns.launchedAt })
        .from(campaigns)
        .innerJoin(
          campaignVersions,
          and(
            eq(campaignVersions.networkId, campaigns.networkId),
            eq(campaignVersions.campaignId, campaigns.id),
            eq(campaignVersions.version, campaigns.version),
          ),
        )
        .where(and(eq(campaigns.networkId, networkId), eq(campaigns.id, campaignId)))
      if (!row) throw new Error(`There is no campaign ${campaignId}.`)
      const network = await networkById(networkId)
      const { steps } = await planCampaign(
        context,
        network,
        row.definition as CampaignDefinition,
        row.launchedAt ?? context.wall.now(),
      )
      return { steps: steps.map((step) => ({ ...step, at: step.at === null ? undefined : new Date(step.at) })) }
    },
    letterPdf: (content) =>
      context.composer.letterPdf(
        { pieceId: 'preview', content, language: 'fr', contentSha256: '' },
        // A fixed date: looking at a letter twice shows the same file.
        new Date(0),
        picturesForPrint(db),
      ),
    onRefused: (path, reason) => context.log.warn({ path, reason }, 'A call from outside was turned away'),
    onError: (error, request) => context.log.error({ err: error, ...request }, 'A request failed unexpectedly'),
  }
  return createApp(deps)
}
