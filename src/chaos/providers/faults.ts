import type { ServerResponse } from 'node:http'

/**
 * What a stand-in provider does with a request instead of answering well. From `500-after` on, it has taken the
 * message; the client cannot know.
 */
export const faults = ['429', '500-before', '500-after', 'hang', 'reset', 'half', 'html'] as const
export type Fault = (typeof faults)[number]

/** Every way an answer can go wrong; a slow one is good and comes late. */
export const ways = [...faults, 'slow'] as const
export type Way = (typeof ways)[number]

/** What is wrong with the answer itself; nothing with a slow one. */
export const faultOf = (way: Way | undefined): Fault | undefined => (way === 'slow' ? undefined : way)

/** Whether the stand-in keeps the message although the answer is lost. */
export const isTaken = (fault: Fault): boolean => fault !== '429' && fault !== '500-before'

/** Answers as the fault says; `good` is the body a healthy provider would have sent. */
export function answerBadly(response: ServerResponse, fault: Fault, good: string): void {
  switch (fault) {
    case '429':
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' })
      response.end(JSON.stringify({ code: 20429, message: 'Too Many Requests', status: 429, errors: [] }))
      break
    case '500-before':
    case '500-after':
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ code: 20500, message: 'Internal Server Error', status: 500 }))
      break
    case 'hang':
      break
    case 'reset':
      response.socket?.resetAndDestroy()
      break
    case 'half':
      response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(good) + 100 })
      response.write(good.slice(0, 20))
      // The head must be on its way before the line breaks.
      response.socket?.write('', () => response.socket?.destroy())
      break
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<html><body>Welcome to the hotel wifi</body></html>')
  }
}

/** Which faults the next requests meet: one after another, then by whom they are for, then none. */
export function faultPlan() {
  let always: Way | undefined
  let choose: (whom: string) => Way | undefined = () => undefined
  let pauseMs = 0
  let slowMs = 4_000
  const next: Way[] = []
  return {
    /** Every request from now on; undefined ends it. */
    always: (way: Way | undefined) => {
      always = way
    },
    /** The next requests, one each. */
    next: (...planned: Way[]) => {
      next.push(...planned)
    },
    /** Each request from now on by its recipient's address, whatever order they come in. */
    by: (choice: (whom: string) => Way | undefined) => {
      choose = choice
    },
    /** Answers come so late from now on (milliseconds); what a request brought is taken at once. */
    pause: (ms: number) => {
      pauseMs = ms
    },
    /** How long a slow answer takes (milliseconds). */
    slowness: (ms: number) => {
      slowMs = ms
    },
    take: (whom = ''): Way | undefined => next.shift() ?? always ?? choose(whom),
    /** Answers after the pause. */
    answer: (answer: () => void, way?: Way): void => {
      const ms = way === 'slow' ? slowMs : pauseMs
      if (ms > 0) setTimeout(answer, ms)
      else answer()
    },
  }
}
