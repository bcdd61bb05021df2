export const notifications = {
  notifications: {
    title: 'Notifications',
    lead: 'Ce qui vous concerne, le plus récent en tête.',
    none: 'Rien à signaler.',
    noneHow:
      'Vous serez prévenu ici quand une campagne s’arrête, qu’un import se termine ou qu’un envoi demande votre avis.',
    unread: 'non lue',
    markRead: 'Marquer comme lue',
    markAllRead: 'Tout marquer comme lu',
    onlyUnread: 'Non lues',
    everything: 'Toutes',
    open: 'Voir',
    kinds: {
      message_proposed: 'Une relance est proposée dans « {{campaign}} » (étape {{step}}) : à vous de l’approuver.',
      campaign_paused: 'La campagne « {{campaign}} » s’est mise en pause : {{reason}}.',
      campaign_bounced:
        'La campagne « {{campaign}} » s’est mise en pause : {{bad, number}} e-mails sur {{sent, number}} rejetés pour de bon ({{share, number(style: percent; maximumFractionDigits: 2)}}), au-dessus des {{limit, number(style: percent; maximumFractionDigits: 2)}} permis.',
      campaign_complained:
        'La campagne « {{campaign}} » s’est mise en pause : {{bad, number}} plaintes sur {{sent, number}} e-mails ({{share, number(style: percent; maximumFractionDigits: 2)}}), au-dessus des {{limit, number(style: percent; maximumFractionDigits: 2)}} permis.',
      campaign_filtered:
        'La campagne « {{campaign}} » s’est mise en pause : {{bad, number}} SMS sur {{sent, number}} filtrés par les opérateurs ({{share, number(style: percent; maximumFractionDigits: 2)}}), au-dessus des {{limit, number(style: percent; maximumFractionDigits: 2)}} permis.',
      budget_nearly_spent:
        'Le budget du jour est dépensé à {{share, number(style: percent; maximumFractionDigits: 0)}}.',
      budget_spent: 'Le budget du jour est dépensé : plus rien de payant ne part aujourd’hui, sauf le service urgent.',
      approval_asked: '« {{campaign}} » attend votre validation, demandée par {{by}}.',
      approval_due: 'L’échéance de validation de « {{campaign}} » est atteinte : personne ne s’est encore prononcé.',
      approval_given: '{{by}} a validé « {{campaign}} ».',
      approval_sent_back: '{{by}} a renvoyé « {{campaign}} » : {{comment}}',
      sending_halted: '{{by}} a arrêté tous les envois : {{reason}}.',
      sending_resumed: '{{by}} a rouvert les envois.',
      campaign_finished: 'La campagne « {{campaign}} » est terminée.',
      import_done:
        'Import de « {{file}} » terminé : {{created, number}} créés, {{updated, number}} mis à jour, {{rejected, number}} rejetés.',
      import_failed: 'L’import de « {{file}} » a échoué : {{reason}}.',
      duplicates_found_one: 'Un doublon possible est à examiner.',
      duplicates_found_other: '{{count, number}} doublons possibles sont à examiner.',
      deliveries_to_review_one: 'Un envoi de « {{campaign}} » attend votre décision.',
      deliveries_to_review_other: '{{count, number}} envois de « {{campaign}} » attendent votre décision.',
      deliveries_expired_one: 'Un envoi de « {{campaign}} » n’est pas parti à temps : il ne partira plus.',
      deliveries_expired_other:
        '{{count, number}} envois de « {{campaign}} » ne sont pas partis à temps : ils ne partiront plus.',
      credentials_unreadable: 'Les identifiants de {{provider}} ne se lisent plus : ses envois sont retenus.',
      provider_down:
        '{{provider}} ne prend plus rien : les messages attendent, et sont essayés de loin en loin jusqu’à ce qu’il réponde.',
      provider_back: '{{provider}} répond de nouveau : les messages repartent.',
      provider_silent:
        '{{provider}} a pris des messages et n’a rien dit depuis dix minutes : ses appels n’arrivent pas jusqu’à Relais.',
      sender_refused:
        '{{provider}} refuse l’expéditeur « {{sender}} » : ce qui n’est pas urgent attend, en son nom, qu’il soit corrigé.',
      country_refused:
        '{{provider}} refuse les SMS vers un pays ({{country}}) : autorisez-le chez lui, ou faites enregistrer l’expéditeur.',
      invitation_accepted: '{{name}} a accepté votre invitation.',
      conversation_answered: 'Une personne que vous suivez vous a répondu.',
      conversations_waiting: 'Des réponses sont arrivées et n’attendent personne en particulier.',
    },
  },
}
