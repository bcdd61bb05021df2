/** Writes the partner files of examples/ anew: `npx tsx scripts/example-networks.ts`. A test compares them. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../src/root.ts'
import { amadeusNetwork } from './example-amadeus.ts'
import { dantzNetwork, dantzNewcomers } from './example-dantz.ts'
import { kestioNetwork } from './example-kestio.ts'
import { pizzaNetwork } from './example-pizza.ts'
import { siemensNetwork } from './example-siemens.ts'
import { valrhonaNetwork } from './example-valrhona.ts'

/** What each committed file is made by. */
export const exampleNetworks: Readonly<Record<string, () => string>> = {
  'amadeus-4000/network.csv': amadeusNetwork,
  'dantz-70/network.csv': dantzNetwork,
  'dantz-70/newcomers.csv': dantzNewcomers,
  'valrhona/network.csv': valrhonaNetwork,
  'pizza/network.csv': pizzaNetwork,
  'kestio/network.csv': kestioNetwork,
  'siemens-43/network.csv': siemensNetwork,
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [file, make] of Object.entries(exampleNetworks)) writeFileSync(join(packageRoot, 'examples', file), make())
