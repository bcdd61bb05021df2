export const write = {
  write: {
    title: 'Écrire « {{step}} »',
    lead: 'Les deux langues côte à côte, et ce que verra un destinataire. Ces mots sont ceux du réseau pour le modèle {{template}} : toute campagne à venir qui le prend les aura ; ce qui est déjà lancé ne change pas.',
    all: 'Tous les canaux',
    head: { subject: 'Objet', preheader: 'Aperçu dans la liste', title: 'Titre', qr: 'Légende du QR code' },
    text: 'Texte',
    show: 'Voir l’aperçu',
    preview: 'Aperçu',
    frame: 'Aperçu : {{language}}',
    nothing: 'Rien n’est écrit dans cette langue : ses lecteurs reçoivent l’autre.',
    fields: 'Champs que le texte peut nommer',
    fieldsHow:
      'Copiez-les tels quels. Un champ qui peut être vide se complète par « | default: » et les mots à mettre à sa place.',
    save: 'Enregistrer',
    saved: 'Les mots sont enregistrés.',
    empty: 'Écrivez le texte dans une langue au moins.',
    moved: 'Quelqu’un a écrit entre-temps : copiez votre texte, rouvrez la page et reprenez-le.',
  },
}
