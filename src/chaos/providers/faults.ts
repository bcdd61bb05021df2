import type { ServerResponse } from 'node:http'

/**
 * What a stand-in provider does with a request instead of answering well. From `500-after` on, it has taken the
 * message; the client cannot know.
 */
export const faults = ['429', '500-before', '500-after', 'hang', 'reset', 'half', 'html'] as const
export type Fault = (typeof faults)[number]

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
  let always: Fault | undefined
  let choose: (whom: string) => Fault | undefined = () => undefined
  let pauseMs = 0
  const next: Fault[] = []
  return {
    /** Every request from now on; undefined ends it. */
    always: (fault: Fault | undefined) => {
      always = fault
    },
    /** The next requests, one each. */
    next: (...planned: Fault[]) => {
      next.push(...planned)
    },
    /** Each request from now on by its recipient's address, whatever order they come in. */
    by: (choice: (whom: string) => Fault | undefined) => {
      choose = choice
    },
    /** Answers come so late from now on (milliseconds); what a request brought is taken at once. */
    pause: (ms: number) => {
      pauseMs = ms
    },
    take: (whom = ''): Fault | undefined => next.shift() ?? always ?? choose(whom),
    /** Answers after the pause. */
    answer: (answer: () => void): void => {
      if (pauseMs > 0) setTimeout(answer, pauseMs)
      else answer()
    },
  }
}
