import type { challengeReport as french } from '../fr/challenge-report.ts'
import type { Same } from '../index.ts'

export const challengeReport: Same<typeof french> = {
  challengeReport: {
    open: 'Report of the challenge',
    title: 'Report on “{{campaign}}”',
    lead: {
      people: 'Who was invited, who registered, who acted, what it changed and what it cost.',
      outlets: 'Which outlets were invited, registered, acted, what it changed and what it cost.',
    },
    days: 'from {{from}} to {{to}}',
    participation: 'Participation',
    invited: 'Invited',
    registered: 'Registered',
    active: 'Active',
    activeHow: 'Invited: at least one message left for them. Active: registered, with at least one validated result.',
    of: { invited: '', registered: '{{share}} of the invited', active: '{{share}} of the registered' },
    outlets_one: '{{count, number}} outlet',
    outlets_other: '{{count, number}} outlets',
    withdrawn_one: '{{count, number}} person left the challenge; they count among the invited only.',
    withdrawn_other: '{{count, number}} people left the challenge; they count among the invited only.',
    cost: 'Cost',
    costOf: 'messages {{messages}}, prizes {{prizes}}',
    perActive: 'Cost per active',
    budget: 'prize budget {{budget}}',
    steps: 'From sending to registering',
    stepsHow: 'By step and channel. Copies on a second channel are not counted.',
    registrations: 'Registrations',
    uplift: 'What the challenge changed',
    upliftHow: 'The people it was for beside those of the outlets left out by lot, with a 95% interval.',
    sales: {
      title: 'Sales per outlet',
      how: 'Sales imported for everybody, whole months: the outlets it was for beside those left out by lot, with a 95% interval. Results told to the challenge are not among them, since those left out tell none.',
      difference:
        '“{{measure}}”, {{from}} to {{until}}: {{value}} per outlet (95% interval: {{low}} to {{high}}); {{treated}} on average in the {{treatedOutlets}} it was for, {{heldOut}} in the {{heldOutOutlets}} left out.',
      why: {
        no_measure: 'The rules read no past sales: no measure of sales is known of everybody.',
        no_holdout: 'No outlet was left out by lot.',
        too_early: 'No month of the challenge is over yet.',
        no_sales: 'Sales “{{measure}}” of the months of the challenge are not imported for both sides.',
        too_few_outlets:
          '“{{measure}}”: {{treated, number}} outlets it was for and {{heldOut, number}} left out whose sales were known before; it takes {{least, number}} on each side.',
        no_spread: 'Sales “{{measure}}” are the same everywhere.',
      },
    },
    groups: 'By group of outlets',
    noGroups: 'Nobody is invited or registered yet.',
    noLeague: 'no league',
    whole: 'Together',
    by: { league: 'Leagues', region: 'Regions', tier: 'Tiers', site: 'Outlets' },
    group: { league: 'League', region: 'Region', tier: 'Tier', site: 'Outlet' },
    files: { page: 'One page (PDF)', tables: 'All tables (Excel)', csv: 'One line per outlet (CSV)' },
    columns: {
      withdrawn: 'Left',
      invitedOutlets: 'Outlets invited',
      registeredOutlets: 'Outlets registered',
      activeOutlets: 'Outlets active',
      messages: 'Messages ({{currency}})',
      prizes: 'Prizes ({{currency}})',
      cost: 'Cost ({{currency}})',
      perActive: 'Cost per active ({{currency}})',
    },
    pdfFoot:
      'Invited: at least one message left. Active: registered with a validated result. Cost: messages and prizes promised. 95% Wilson intervals; the mark of a group is the share of registered among the invited.',
  },
}
