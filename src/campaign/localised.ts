import { z } from 'zod'

/** Words in one or more languages, as campaign files write them: { fr: …, en: … }. */
export const localised = z
  .strictObject({ fr: z.string().min(1).optional(), en: z.string().min(1).optional() })
  .refine((texts) => texts.fr !== undefined || texts.en !== undefined, {
    message: 'Give the text in at least one language: { fr: …, en: … }.',
  })
