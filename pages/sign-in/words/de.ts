import type { Speech } from '../../kit/language';
import type { Words } from './en';

const TELL = 'Gehen Sie zurück zur Anwendung. Wenn es wieder geschieht, sagen Sie ihren Betreibern, was Sie hier sehen.';

const de = (_: Speech): Words => ({
  title: 'Anmelden',
  lead: 'Ein Konto öffnet den Publisher, das Developer Portal und Admin.',
  leadTo: (client: string) => `Melden Sie sich an, um zu ${client} weiterzugehen.`,
  username: 'Benutzername',
  password: 'Passwort',
  submit: 'Anmelden',
  refused: 'Das hat das Tor nicht geöffnet',
  refusedHelp: 'Benutzername oder Passwort ist falsch. Prüfen Sie beide und versuchen Sie es noch einmal.',
  needed: (field: string) => `Dieses Feld wird gebraucht: ${field}`,
  firstTime: 'Zum ersten Mal hier? Das Passwort des Administrators wurde einmal ausgegeben, als die Plattform gestartet wurde.',
  home: 'Postern, Startseite',
  nowhere: 'Diese Seite gibt es nicht',
  nowhereHelp: 'Vielleicht ist die Adresse vertippt. Beginnen Sie noch einmal auf der Startseite.',

  stepUp: 'Zeigen Sie, dass Sie es sind',
  stepUpLead: (client: string) => `${client} verlangt einen zweiten Faktor. Melden Sie sich noch einmal damit an.`,
  continueAs: (name: string) => `Weiter als ${name}`,
  or: 'oder mit einem anderen Konto',

  over: 'Diese Anmeldung ist vorbei',
  overHelp: 'Sie wurde schon beendet oder dauerte länger als zehn Minuten. Gehen Sie zurück zur Anwendung und beginnen Sie neu.',

  consent: 'Eine Frage',
  allow: (client: string) => `${client} zulassen?`,
  allowLead: (name: string) => `Sie sind angemeldet als ${name}.`,
  asks: (client: string) => `Worum ${client} bittet`,
  publishedAt: (host: string) => `Veröffentlicht unter ${host}. Der Name ist seine eigene Angabe; die Adresse nicht.`,
  noScopes: 'Es bittet um nichts, als zu wissen, dass Sie es zugelassen haben.',
  scopeOf: 'APIs für Sie aufrufen, mit dem Scope ',
  remember: 'Dies merken',
  rememberHelp: 'Sie werden nicht wieder gefragt, bis es etwas anderes will. Auf Ihrer Kontoseite nehmen Sie es jederzeit zurück.',
  approve: 'Zulassen',
  deny: 'Nicht zulassen',
  returnsTo: (host: string) => `Sie kehren zurück zu ${host}.`,
  otherAccount: 'Anderes Konto verwenden',
  policy: (client: string) => `Datenschutzerklärung von ${client}`,
  terms: (client: string) => `Nutzungsbedingungen von ${client}`,

  device: 'Ein Gerät verbinden',
  deviceLead: 'Tippen Sie den Code ein, den das Gerät zeigt.',
  code: 'Code',
  codeHelp: 'Acht Buchstaben. Leerzeichen und Bindestriche sind egal.',
  codeShort: 'Tippen Sie alle acht Buchstaben ein',
  next: 'Weiter',
  connect: (client: string) => `${client} verbinden?`,
  compare: 'Ihr Gerät muss diesen Code zeigen:',
  connectIt: 'Verbinden',
  deviceWarning:
    'Wenn Sie dies nicht auf einem eigenen Gerät begonnen haben oder jemand Ihnen diesen Code geschickt hat, lassen Sie es nicht zu.',
  deviceDone: { approve: 'Ihr Gerät ist verbunden', deny: 'Das Gerät wurde nicht verbunden' },
  deviceDoneHelp: {
    approve: 'Es merkt das in wenigen Sekunden. Sie können diese Seite schließen.',
    deny: 'Nichts wurde zugelassen. Sie können diese Seite schließen.',
  },

  signedOut: 'Sie sind abgemeldet',
  signedOutHelp: 'Anwendungen, in denen Sie angemeldet waren, haben vielleicht noch eigene Sitzungen.',
  signInAgain: 'Wieder anmelden',
  signOutAsk: 'Von Postern abmelden?',
  signOutLead: 'Eine Anwendung hat Sie zum Abmelden hierher geschickt.',
  signOut: 'Abmelden',
  stay: 'Angemeldet bleiben',

  whatToDo: 'Was Sie tun können',
  forDevelopers: 'Für die Entwickler der Anwendung',

  faults: {
    malformed: {
      title: 'Die Anfrage ist nicht lesbar',
      why: 'Die Anwendung hat Sie mit einer Adresse hierher geschickt, die sich selbst widerspricht.',
      person: TELL,
      developer: 'Ein Parameter steht doppelt, oder es sind mehr als 50.',
    },
    'unknown-client': {
      title: 'Diese Anwendung ist hier nicht bekannt',
      why: 'Niemand wird zu einer Anwendung geschickt, die nicht registriert wurde.',
      person: TELL,
      developer: 'client_id fehlt, oder kein Client hat sie. Prüfen Sie den Consumer Key und die Umgebung, die Sie aufrufen.',
    },
    'unregistered-redirect': {
      title: 'Der Rückweg ist nicht registriert',
      why: 'Die Anwendung will Sie an eine Adresse schicken, die sie nicht registriert hat.',
      person: 'Gehen Sie nicht weiter. Wenn Sie über einen zugeschickten Link kamen, kann er eine Falle gewesen sein.',
      developer:
        'redirect_uri wird Zeichen für Zeichen mit den registrierten verglichen; nur der Port einer Loopback-Adresse darf abweichen.',
    },
    'no-redirect': {
      title: 'Die Anwendung hat keinen Rückweg',
      why: 'Sie ist ohne eine Adresse registriert, an die Sie geschickt werden könnten.',
      person: TELL,
      developer: 'Registrieren Sie eine Redirect-URI (Callback-URL) für den Client.',
    },
    'ambiguous-redirect': {
      title: 'Der Rückweg ist nicht eindeutig',
      why: 'Die Anwendung hat mehrere Adressen und hat nicht gesagt, welche sie meint.',
      person: TELL,
      developer: 'Senden Sie redirect_uri: der Client hat mehr als eine registriert.',
    },
    'unknown-request': {
      title: 'Diese Anfrage ist verbraucht',
      why: 'Die Anfrage der Anwendung gilt einmal und eine Minute lang.',
      person: 'Gehen Sie zurück zur Anwendung und beginnen Sie neu. Laden Sie diese Seite nicht noch einmal.',
      developer: 'request_uri ist verbraucht, abgelaufen oder die eines anderen Clients. Schicken Sie die Anfrage noch einmal.',
    },
    'unknown-interaction': {
      title: 'Diese Anmeldung ist vorbei',
      why: 'Sie wurde schon beendet oder dauerte länger als zehn Minuten.',
      person: 'Gehen Sie zurück zur Anwendung und beginnen Sie neu.',
      developer: 'An der Anfrage ist nichts falsch.',
    },
    'unknown-hint': {
      title: 'Auf diesem Weg können Sie nicht abgemeldet werden',
      why: 'Die Anwendung nannte eine Sitzung, die hier nicht bekannt ist.',
      person: 'Sie sind noch angemeldet. Im Menü jedes Portals können Sie sich abmelden.',
      developer: 'id_token_hint ist kein ID-Token dieses Issuers, oder es wurde einem anderen Client als client_id ausgestellt.',
    },
    'unregistered-logout': {
      title: 'Der Rückweg ist nicht registriert',
      why: 'Die Anwendung will Sie an eine Adresse schicken, die sie nicht registriert hat. Sie sind noch angemeldet.',
      person: 'Im Menü jedes Portals können Sie sich abmelden.',
      developer: 'post_logout_redirect_uri muss registriert sein, und client_id oder id_token_hint muss sagen, wessen sie ist.',
    },
  },
});

export default de;
