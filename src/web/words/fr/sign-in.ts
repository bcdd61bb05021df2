export const signIn = {
  signIn: {
    title: 'Connexion',
    welcome: 'Une campagne, chaque contact, le bon canal.',
    how: 'Relais ouvre une session par un lien à usage unique. Demandez-en un à la personne qui tient le serveur, ou, sur la machine :',
    command: 'npm run relais -- sign-in-link',
    atStart: 'Le premier lien s’affiche aussi au démarrage du serveur.',
    ready: 'Votre lien est prêt',
    once: 'Il sert une seule fois : la session s’ouvre dans ce navigateur quand vous appuyez.',
    open: 'Ouvrir ma session',
    closedTitle: 'Ce lien ne fonctionne plus',
    closed: 'Il a déjà servi, il a plus de 24 heures, ou il est incomplet.',
  },
}
