export const time = {
  clock: {
    title: 'Horloge virtuelle',
    next: 'Prochain événement',
    nextAt: 'Suivant : {{at}}',
    nothingNext: 'Rien n’est prévu après cette date.',
    day: 'Un jour',
    end: 'Jusqu’au bout',
    more: 'Autres déplacements',
    moving: 'L’horloge avance : les étapes partent et les réponses arrivent. Cette page se met à jour.',
    failed: 'L’horloge s’est arrêtée sur une erreur, notée sous {{reference}}.',
    moved: 'L’horloge avait déjà avancé : rien n’a été rejoué.',
    busy: 'L’horloge avance déjà, dans un autre onglet.',
    done: 'Nous sommes maintenant le {{at}}.',
  },
}
