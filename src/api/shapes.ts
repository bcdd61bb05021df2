import { z } from '@hono/zod-openapi'
import { channelNames, languages, profiles } from '../words.ts'

export const instant = z.iso.datetime().openapi({ example: '2027-01-11T07:30:00.000Z' })
export const anId = z.string().openapi({ example: '01939e4a-7d1c-7b1e-9c3e-2f1f0f8f6a11' })
/** A text in the languages it has. */
export const inLanguages = z.partialRecord(z.enum(languages), z.string())
export const channel = z.enum(channelNames)
export const profile = z.enum(profiles)

/** As `src/http/problems.tsx` writes it. */
export const problem = z
  .object({
    type: z.string().openapi({ description: 'The address of what this documentation says about it.' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().optional().openapi({ description: 'Stays the same; decide by it, not by the texts.' }),
    errors: z
      .array(
        z.object({
          in: z.enum(['query', 'body', 'header', 'path']),
          pointer: z
            .string()
            .openapi({ description: 'A JSON Pointer (RFC 6901) to what is wrong.', example: '/limit' }),
          detail: z.string(),
        }),
      )
      .optional(),
    instance: z.string().optional().openapi({ description: 'The reference an unexpected error is logged under.' }),
  })
  .openapi('Problem')
