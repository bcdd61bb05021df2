import type { fr } from '../fr/index.ts'
import type { Same } from '../index.ts'
import { account } from './account.ts'
import { api } from './api.ts'
import { articles } from './articles.ts'
import { audit } from './audit.ts'
import { calendar } from './calendar.ts'
import { campaigns } from './campaigns.ts'
import { challenge } from './challenge.ts'
import { challengeReport } from './challenge-report.ts'
import { contact } from './contact.ts'
import { drafts } from './drafts.ts'
import { duplicates } from './duplicates.ts'
import { editing } from './editing.ts'
import { frame } from './frame.ts'
import { home } from './home.ts'
import { imports } from './imports.ts'
import { inbox } from './inbox.ts'
import { keys } from './keys.ts'
import { library } from './library.ts'
import { life } from './life.ts'
import { network } from './network.ts'
import { notifications } from './notifications.ts'
import { outbox } from './outbox.ts'
import { partner } from './partner.ts'
import { policy } from './policy.ts'
import { ranking } from './ranking.ts'
import { results } from './results.ts'
import { rights } from './rights.ts'
import { search } from './search.ts'
import { segments } from './segments.ts'
import { sequence } from './sequence.ts'
import { settings } from './settings.ts'
import { shop } from './shop.ts'
import { signIn } from './sign-in.ts'
import { time } from './time.ts'
import { timeline } from './timeline.ts'
import { ui } from './ui.ts'
import { users } from './users.ts'
import { vocabulary } from './vocabulary.ts'
import { write } from './write.ts'

/** Everything the pages say in English: a file per room of the house. */
export const en: Same<typeof fr> = {
  ...account,
  ...api,
  ...articles,
  ...audit,
  ...calendar,
  ...campaigns,
  ...challenge,
  ...challengeReport,
  ...contact,
  ...drafts,
  ...duplicates,
  ...editing,
  ...frame,
  ...home,
  ...imports,
  ...inbox,
  ...keys,
  ...library,
  ...life,
  ...network,
  ...notifications,
  ...outbox,
  ...partner,
  ...ranking,
  ...results,
  ...rights,
  ...policy,
  ...search,
  ...segments,
  ...sequence,
  ...settings,
  ...shop,
  ...signIn,
  ...time,
  ...timeline,
  ...ui,
  ...users,
  ...vocabulary,
  ...write,
}
