import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { campaignSchemaText } from '../src/campaign/json-schema.ts'
import { packageRoot } from '../src/root.ts'
import { segmentSchemaText } from '../src/segment/json-schema.ts'

writeFileSync(join(packageRoot, 'campaigns/campaign.schema.json'), campaignSchemaText())
writeFileSync(join(packageRoot, 'campaigns/segments.schema.json'), segmentSchemaText())
