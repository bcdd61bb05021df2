import { benchMailCalls, benchSmsCalls } from './calls.ts'
import { benchImport } from './import.ts'
import { benchLists } from './lists.ts'
import type { Figure } from './measure.ts'
import { benchQueue } from './queue.ts'
import { benchRender } from './render.ts'
import { benchRouting } from './routing.ts'
import { benchSegments } from './segments.ts'
import { benchSms } from './sms.ts'
import { benchDelivery, benchFanOut, benchPlan } from './spine.ts'
import { benchWebhooks } from './webhooks.ts'
import { benchContention, benchWorkers } from './workers.ts'

/** Every figure of `npm run bench`, by name; `scale` 1 is its full size. */
export const figures: Record<string, (scale: number, pairs: number) => Promise<Figure>> = {
  import: (scale, pairs) => benchImport(10_000 * scale, pairs),
  routing: (scale, pairs) => benchRouting(100_000 * scale, pairs),
  plan: (scale, pairs) => benchPlan(10_000 * scale, pairs),
  'fan-out': (scale, pairs) => benchFanOut(10_000 * scale, pairs),
  delivery: (scale, pairs) => benchDelivery(5_000 * scale, pairs),
  sms: (scale, pairs) => benchSms(2_000 * scale, pairs),
  'sms-calls': (scale, pairs) => benchSmsCalls(2_000 * scale, pairs),
  'mail-calls': (scale, pairs) => benchMailCalls(5_000 * scale, pairs),
  webhooks: (scale, pairs) => benchWebhooks(5_000 * scale, pairs),
  segments: (scale, pairs) => benchSegments(100_000 * scale, pairs),
  lists: (scale, pairs) => benchLists(100_000 * scale, pairs),
  render: (scale, pairs) => benchRender(20_000 * scale, pairs),
  workers: (scale) => benchWorkers(Math.max(1_000, 2_500 * scale), 1),
  contention: (scale) => benchContention(Math.max(1_000, 2_500 * scale), 1),
  queue: (scale, pairs) => benchQueue(20_000 * scale, pairs),
}
