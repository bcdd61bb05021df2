import type { OpenAPIHono } from '@hono/zod-openapi'
import { usualPerMinute } from '../accounts/api-keys.ts'
import type { ApiEnv } from './guard.ts'

export type Description = ReturnType<typeof describedIn>

const about = `What Relais knows of a network, for programs. Lists come a page at a time: ask again with the cursor that
next names until it is null. Errors are application/problem+json (RFC 9457) and name every fault with its place. A key
may call ${usualPerMinute} times a minute unless its owner chose otherwise; then the answer is 429, with Retry-After.
What a key or a person may not see does not exist: 404.`

/** The OpenAPI 3.1 description, out of the schemas that check the requests. */
export function describedIn(api: OpenAPIHono<ApiEnv>, given: { publicUrl: string; version: string }) {
  api.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key, rl_live_… or rl_test_…, as an owner makes it under Settings, API keys.',
  })
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: given.publicUrl.startsWith('https://') ? '__Secure-relais.session_token' : 'relais.session_token',
    description: 'Whoever is signed in, with the rights of their roles.',
  })
  return api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Relais', version: given.version, description: about.replaceAll('\n', ' ') },
    servers: [{ url: given.publicUrl }],
  })
}
