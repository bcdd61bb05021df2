import type { Io } from '../../src/cli/io.ts'

export interface Captured extends Io {
  stdout(): string
  stderr(): string
  /** Questions that were asked. */
  asked: string[]
}

/** What a command reads and writes, kept for the test. Without an answer there is nobody to ask. */
export function captured(options: { cwd?: string; columns?: number; answer?: boolean } = {}): Captured {
  let stdout = ''
  let stderr = ''
  const asked: string[] = []
  const { answer } = options
  return {
    cwd: options.cwd ?? process.cwd(),
    columns: options.columns ?? 80,
    out: (text) => {
      stdout += text
    },
    err: (text) => {
      stderr += text
    },
    confirm:
      answer === undefined
        ? undefined
        : async (question) => {
            asked.push(question)
            return answer
          },
    asked,
    stdout: () => stdout,
    stderr: () => stderr,
  }
}
