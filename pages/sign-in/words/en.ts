import type { Speech } from '../../kit/language';

const en = (_: Speech) => ({
  title: 'Sign in',
  lead: 'One account opens the Publisher, the Developer Portal and Admin.',
  leadTo: (client: string) => `Sign in to go on to ${client}.`,
  username: 'Username',
  password: 'Password',
  submit: 'Sign in',
  refused: 'That did not open the gate',
  refusedHelp: 'The username or the password is wrong. Check both and try again.',
  needed: (field: string) => `Type your ${field}`,
  firstTime: 'First time here? The administrator’s password was printed once, when the platform was started.',
  home: 'Postern, start page',
  nowhere: 'There is no such page',
  nowhereHelp: 'The address may be mistyped. Start again from the start page.',

  stepUp: 'Prove that it is you',
  stepUpLead: (client: string) => `${client} asks for a second factor. Sign in once more with it.`,
  continueAs: (name: string) => `Continue as ${name}`,
  or: 'or use another account',

  over: 'This sign-in is over',
  overHelp: 'It was finished already, or it took longer than ten minutes. Go back to the application and start again.',

  consent: 'One question',
  allow: (client: string) => `Allow ${client}?`,
  allowLead: (name: string) => `You are signed in as ${name}.`,
  asks: (client: string) => `What ${client} asks for`,
  publishedAt: (host: string) => `Published at ${host}. The name is its own word; the address is not.`,
  noScopes: 'It asks for nothing but to know that you allowed it.',
  scopeOf: 'Call APIs for you with the scope ',
  remember: 'Remember this',
  rememberHelp: 'You are not asked again until it wants something else. Your account’s page takes it back at any time.',
  approve: 'Allow',
  deny: 'Don’t allow',
  returnsTo: (host: string) => `You go back to ${host}.`,
  otherAccount: 'Use another account',
  policy: (client: string) => `${client}’s privacy policy`,
  terms: (client: string) => `${client}’s terms`,

  device: 'Connect a device',
  deviceLead: 'Type the code that the device shows.',
  code: 'Code',
  codeHelp: 'Eight letters. Spaces and hyphens do not matter.',
  codeShort: 'Type all eight letters',
  next: 'Next',
  connect: (client: string) => `Connect ${client}?`,
  compare: 'Your device has to show this code:',
  connectIt: 'Connect',
  deviceWarning: 'If you did not start this on a device of your own, or somebody sent you this code, don’t allow it.',
  deviceDone: { approve: 'Your device is connected', deny: 'The device was not connected' },
  deviceDoneHelp: {
    approve: 'It notices within some seconds. You can close this page.',
    deny: 'Nothing was allowed. You can close this page.',
  },

  signedOut: 'You are signed out',
  signedOutHelp: 'Applications that you signed in to may still have sessions of their own.',
  signInAgain: 'Sign in again',
  signOutAsk: 'Sign out of Postern?',
  signOutLead: 'An application sent you here to sign out.',
  signOut: 'Sign out',
  stay: 'Stay signed in',

  whatToDo: 'What you can do',
  forDevelopers: 'For the application’s developers',

  /** What `/consent/error?reason=…` says. */
  faults: {
    malformed: {
      title: 'The request cannot be read',
      why: 'The application sent you here with an address that contradicts itself.',
      person: TELL,
      developer: 'A parameter stands twice, or there are more than 50.',
    },
    'unknown-client': {
      title: 'This application is not known here',
      why: 'Nobody is sent to an application that was not registered.',
      person: TELL,
      developer: 'client_id is missing, or no client has it. Check the consumer key, and the environment that you call.',
    },
    'unregistered-redirect': {
      title: 'The way back is not registered',
      why: 'The application wants you sent to an address that it has not registered.',
      person: 'Do not go on. If you came here by a link that somebody sent you, it may have been a trap.',
      developer: 'redirect_uri is compared character by character with those registered; only the port of a loopback address may differ.',
    },
    'no-redirect': {
      title: 'The application has no way back',
      why: 'It is registered without an address to send you to.',
      person: TELL,
      developer: 'Register a redirect URI (callback URL) for the client.',
    },
    'ambiguous-redirect': {
      title: 'The way back is not clear',
      why: 'The application has several addresses and did not say which one it means.',
      person: TELL,
      developer: 'Send redirect_uri: the client has registered more than one.',
    },
    'unknown-request': {
      title: 'This request is used up',
      why: 'The application’s request can be used once and within a minute.',
      person: 'Go back to the application and start again. Do not reload this page.',
      developer: 'request_uri is spent, expired or another client’s. Push the request again.',
    },
    'unknown-interaction': {
      title: 'This sign-in is over',
      why: 'It was finished already, or it took longer than ten minutes.',
      person: 'Go back to the application and start again.',
      developer: 'Nothing is wrong with the request.',
    },
    'unknown-hint': {
      title: 'You cannot be signed out this way',
      why: 'The application named a session that is not known here.',
      person: 'You are still signed in. You can sign out in the menu of any portal.',
      developer: 'id_token_hint is not an ID token of this issuer, or it was issued to another client than client_id.',
    },
    'unregistered-logout': {
      title: 'The way back is not registered',
      why: 'The application wants you sent to an address that it has not registered. You are still signed in.',
      person: 'You can sign out in the menu of any portal.',
      developer: 'post_logout_redirect_uri has to be registered, and client_id or id_token_hint has to say whose it is.',
    },
  } as Record<string, Fault> & { malformed: Fault },
});

export default en;
export type Words = ReturnType<typeof en>;

export interface Fault {
  title: string;
  why: string;
  person: string;
  developer: string;
}

const TELL = 'Go back to the application. If this happens again, tell the people who run it what you see here.';
