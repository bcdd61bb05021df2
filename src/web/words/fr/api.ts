export const api = {
  api: {
    title: 'Interface pour les programmes',
    lead: 'Ce qu’un programme peut demander à Relais. Le propriétaire crée sa clé dans Réglages, Clés d’API.',
    machine: 'La description complète, pour les programmes (OpenAPI 3.1)',
    start: 'Pour commencer',
    startText:
      'Envoyez la clé à chaque appel. Les listes arrivent page par page : redemandez avec le curseur donné par « next ».',
    errors: 'Quand quelque chose est refusé',
    errorsText:
      'Les erreurs sont en application/problem+json (RFC 9457). Fiez-vous à « code », qui ne change pas ; « errors » nomme chaque faute et sa place.',
    parameters: 'Paramètres',
    body: 'À envoyer (JSON)',
    answer: 'La réponse',
    none: 'Aucun paramètre.',
  },
}
