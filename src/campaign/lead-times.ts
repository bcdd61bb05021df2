/** How long paper takes, as dated data: from the proof to the letter box. */
import { z } from 'zod'

/** Working days between the dates of something printed. */
export interface LeadTimes {
  /** From the proof (BAT) to the freeze: no name or word changes after it. */
  proofToFreeze: number
  /** From the freeze to the shop's beginning to print and sort. */
  freezeToRouting: number
  /** From there to handing over to the post. */
  routingToPosted: number
  /** From the post to the letter box, as estimated; of a step that does not name its class of post. */
  postedToArrival: number
  /** The same by class of post; those left out take what is shipped. */
  byPost?: Partial<Record<PostClass, number>>
  /** Days of single print shops, by name; those left out are the ones above. */
  shops?: Readonly<Record<string, ShopTimes>>
}

/** What one print shop takes, where it is not what the network's usually do. */
export type ShopTimes = Partial<Record<(typeof leadTimeNames)[number], number>>

/** How fast the post is paid to be. */
export const postClasses = ['express', 'letter', 'bulk'] as const
export type PostClass = (typeof postClasses)[number]

export const leadTimeNames = ['proofToFreeze', 'freezeToRouting', 'routingToPosted', 'postedToArrival'] as const

const days = z.int().min(0).max(60)

export const leadTimesSchema = z.strictObject({
  proofToFreeze: days,
  freezeToRouting: days,
  routingToPosted: days,
  postedToArrival: days,
  byPost: z.partialRecord(z.enum(postClasses), days).optional(),
})

/** A print shop as steps name it. */
export const shopName = z.string().trim().min(1).max(60)

export const shopTimesSchema = z
  .strictObject({
    proofToFreeze: days.optional(),
    freezeToRouting: days.optional(),
    routingToPosted: days.optional(),
    postedToArrival: days.optional(),
  })
  .refine((times) => Object.values(times).some((count) => count !== undefined), {
    message: 'Give at least one of its days.',
  })

/** What holds where a network has not said otherwise, with where it comes from. */
export const defaultLeadTimes = {
  value: { proofToFreeze: 2, freezeToRouting: 1, routingToPosted: 6, postedToArrival: 4 } as LeadTimes,
  source:
    'Usual plan of a personalised mailing: proof J-14, print-ready files J-12, routing J-11 to J-6, posting J-5, in the letter box J-1; routing takes about a week (lesessais.com); Lettre verte in three days since 2023 (philapostel.net)',
  status: 'believed',
  checkedOn: '2026-11-22',
} as const

/** Working days from the post to the letter box by class, where a network has not said otherwise. */
export const defaultByPost = {
  value: { express: 1, letter: 3, bulk: 7 } as Record<PostClass, number>,
  source:
    'La Poste: e-lettre rouge the next day, Lettre verte in three days since 2023; bulk advertising mail (Destineo) within seven (laposte.fr)',
  status: 'believed',
  checkedOn: '2026-11-22',
} as const

/** Working days from the post to the letter box for a class of post; without one, the network's usual. */
export const arrivalDays = ({ byPost, postedToArrival }: LeadTimes, post: PostClass | undefined): number =>
  post === undefined ? postedToArrival : (byPost?.[post] ?? defaultByPost.value[post])

/** A network's own lead times, or the defaults; with those of its print shops. */
export const leadTimesOf = (network: {
  settings?: { leadTimes?: LeadTimes; shopTimes?: LeadTimes['shops'] }
}): LeadTimes => {
  const usual = network.settings?.leadTimes ?? defaultLeadTimes.value
  return network.settings?.shopTimes ? { ...usual, shops: network.settings.shopTimes } : usual
}

/** The days a shop has of its own; none for one that is not known, or not named. */
export const ownTimes = ({ shops = {} }: LeadTimes, shop: string | undefined): ShopTimes =>
  shop !== undefined && Object.hasOwn(shops, shop) ? shops[shop]! : {}
