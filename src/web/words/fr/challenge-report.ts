export const challengeReport = {
  challengeReport: {
    open: 'Bilan du challenge',
    title: 'Bilan de « {{campaign}} »',
    lead: {
      people: 'Qui a été invité, qui s’est inscrit, qui a agi, ce que cela a changé et ce que cela a coûté.',
      outlets:
        'Quels établissements ont été invités, se sont inscrits, ont agi, ce que cela a changé et ce que cela a coûté.',
    },
    days: 'du {{from}} au {{to}}',
    participation: 'Participation',
    invited: 'Invités',
    registered: 'Inscrits',
    active: 'Actifs',
    activeHow: 'Invité : au moins un message est parti pour lui. Actif : inscrit, avec au moins un résultat validé.',
    of: { invited: '', registered: '{{share}} des invités', active: '{{share}} des inscrits' },
    outlets_one: '{{count, number}} établissement',
    outlets_other: '{{count, number}} établissements',
    withdrawn_one: '{{count, number}} personne a quitté le challenge ; elle n’est comptée que parmi les invités.',
    withdrawn_other:
      '{{count, number}} personnes ont quitté le challenge ; elles ne sont comptées que parmi les invités.',
    cost: 'Coût',
    costOf: 'messages {{messages}}, dotations {{prizes}}',
    perActive: 'Coût par actif',
    budget: 'budget des dotations {{budget}}',
    steps: 'De l’envoi à l’inscription',
    stepsHow: 'Par étape et par canal. Les copies sur un second canal n’y sont pas comptées.',
    registrations: 'Inscriptions',
    uplift: 'Ce que le challenge a changé',
    upliftHow:
      'Les personnes visées face à celles des établissements que le tirage a laissés de côté, avec un intervalle à 95 %.',
    sales: {
      title: 'Ventes par établissement',
      how: 'Les ventes importées pour tous, mois entiers : les établissements visés face à ceux que le tirage a laissés de côté, avec un intervalle à 95 %. Les résultats déclarés au challenge n’y entrent pas, puisque ceux laissés de côté n’en déclarent pas.',
      difference:
        '« {{measure}} », {{from}} à {{until}} : {{value}} par établissement (intervalle à 95 % : {{low}} à {{high}}) ; {{treated}} en moyenne dans les {{treatedOutlets}} visés, {{heldOut}} dans les {{heldOutOutlets}} laissés de côté.',
      why: {
        no_measure: 'Le règlement ne lit aucune vente passée : aucune mesure de vente n’est connue pour tous.',
        no_holdout: 'Aucun établissement n’a été laissé de côté par tirage.',
        too_early: 'Aucun mois du challenge n’est encore terminé.',
        no_sales: 'Les ventes « {{measure}} » des mois du challenge ne sont pas importées pour les deux côtés.',
        too_few_outlets:
          '« {{measure}} » : {{treated, number}} établissements visés et {{heldOut, number}} laissés de côté dont les ventes étaient connues avant ; il en faut {{least, number}} de chaque côté.',
        no_spread: 'Les ventes « {{measure}} » sont partout les mêmes.',
      },
    },
    groups: 'Par groupe d’établissements',
    noGroups: 'Personne n’est encore invité ni inscrit.',
    noLeague: 'sans ligue',
    whole: 'Ensemble',
    by: { league: 'Ligues', region: 'Régions', tier: 'Niveaux', site: 'Établissements' },
    group: { league: 'Ligue', region: 'Région', tier: 'Niveau', site: 'Établissement' },
    files: {
      page: 'Une page (PDF)',
      tables: 'Toutes les tables (Excel)',
      csv: 'Une ligne par établissement (CSV)',
    },
    columns: {
      withdrawn: 'Ont quitté',
      invitedOutlets: 'Établissements invités',
      registeredOutlets: 'Établissements inscrits',
      activeOutlets: 'Établissements actifs',
      messages: 'Messages ({{currency}})',
      prizes: 'Dotations ({{currency}})',
      cost: 'Coût ({{currency}})',
      perActive: 'Coût par actif ({{currency}})',
    },
    pdfFoot:
      'Invité : au moins un message parti. Actif : inscrit avec un résultat validé. Coût : messages et dotations promises. Intervalles de Wilson à 95 % ; le trait des groupes est la part d’inscrits parmi les invités.',
  },
}
