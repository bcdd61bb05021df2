import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { amadeus4000 } from './amadeus-4000.ts'
import { dantz70 } from './dantz-70.ts'
import type { Example, Played } from './example.ts'
import { kestio } from './kestio.ts'
import { pizza } from './pizza.ts'
import { siemens43 } from './siemens-43.ts'
import { valrhona } from './valrhona.ts'

/** The examples, by the name of their folder below `examples/`. */
export const examples: readonly Example[] = [siemens43, amadeus4000, pizza, dantz70, kestio, valrhona]

/** An example cannot be played like this; the message says what would mend it. */
export class ExampleRefused extends Error {
  override name = 'ExampleRefused'
}

export interface PlayOptions {
  seed?: string
  /** Where its installation stays to be looked at; without it, it is removed. */
  keep?: string
  /** The first so many hundredths of its sites, 1 … 100. */
  percent?: number
  onStage?: (doing: string) => void
}

/**
 * Plays an example from its import to its end in an installation of its own, in the sandbox, and counts what its
 * database holds then. The same seed gives the same figures. Throws ExampleRefused where there is no such example, or
 * where the folder to keep is not empty.
 */
export async function playExample(name: string, options: PlayOptions = {}): Promise<Played> {
  const example = examples.find((one) => one.name === name)
  if (!example)
    throw new ExampleRefused(`There is no example ${name}; there is ${examples.map((one) => one.name).join(', ')}.`)
  const { seed = '1', keep, percent, onStage } = options
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'relais-example-'))
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0)
    throw new ExampleRefused(`${folder} is not empty: name a new folder, an example is played from its beginning.`)
  try {
    return await example.play({ folder, seed, percent, onStage })
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true })
  }
}
