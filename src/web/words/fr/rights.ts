export const rights = {
  rights: {
    title: 'Droits de la personne',
    of: 'Droits de {{name}}',
    lead: 'Ce que le RGPD permet à chacun de demander : savoir ce que vous détenez sur lui, et le faire effacer.',
    export: 'Donner une copie',
    exportNote:
      'Tout ce qui concerne cette personne : envois, réponses, engagement, accords, et les raisons de chaque choix de canal. La demande est notée au journal.',
    json: 'Télécharger (JSON, complet)',
    csv: 'Télécharger (CSV, pour un tableur)',
    fileName: 'personne-{{id}}',
    erase: 'Effacer la personne',
    eraseNote:
      'Aucun retour possible. Dès maintenant, plus rien ne lui est envoyé ; ses nom, adresses, messages, conversations et réponses sont effacés.',
    stays:
      'Restent, sans son nom : les chiffres des campagnes, la preuve de ses accords et refus, et l’empreinte de ses adresses, qui empêche un import de la rétablir.',
    batches:
      'Un fichier importé disparaît à la fin de sa durée de conservation. Un lot d’impression déjà scellé reste dans son dossier : supprimez-le vous-même.',
    confirm: 'J’ai vérifié qui demande, et je veux effacer cette personne.',
    confirmFirst: 'Cochez la confirmation pour effacer.',
    act: 'Effacer définitivement',
    certificate: 'Attestation d’effacement',
    asked: 'Demandé le {{on}}',
    done: 'Terminé le {{on}}',
    underWay: 'L’effacement est en cours.',
    failed: 'L’effacement s’est interrompu. Demandez-le de nouveau : il reprendra où il en était.',
    providersTitle: 'Chez les prestataires',
    providersAsked_one: '{{count, number}} message vidé de son texte chez le prestataire.',
    providersAsked_other: '{{count, number}} messages vidés de leur texte chez le prestataire.',
    providersGone_one: '{{count, number}} message que le prestataire n’avait plus.',
    providersGone_other: '{{count, number}} messages que le prestataire n’avait plus.',
    providersForgotten_one:
      '{{count, number}} adresse dont le prestataire a reçu la demande d’effacement : nom, adresse et activité.',
    providersForgotten_other:
      '{{count, number}} adresses dont le prestataire a reçu la demande d’effacement : nom, adresse et activité.',
    providersLeft_one:
      '{{count, number}} message reste à vider : une nouvelle demande part d’elle-même, au plus tard dans un jour.',
    providersLeft_other:
      '{{count, number}} messages restent à vider : une nouvelle demande part d’elle-même, au plus tard dans un jour.',
    providersGivenUp_one:
      '{{count, number}} message n’a pas pu être vidé malgré des demandes répétées : voyez avec le prestataire.',
    providersGivenUp_other:
      '{{count, number}} messages n’ont pas pu être vidés malgré des demandes répétées : voyez avec le prestataire.',
    providersOther:
      '{{provider}} : {{messages, number}} messages. Il ne garde pas le texte, seulement des événements qui portent l’adresse.',
    table: 'Table',
    erased: 'Lignes effacées',
    kept: 'Lignes gardées sans nom',
  },
}
