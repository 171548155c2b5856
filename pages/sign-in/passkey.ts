import { Problem } from '../kit/problem';
import { words } from './people-words';

/** `publicKey` for a new passkey, every byte string in base64url. */
export interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: PublicKeyCredentialParameters[];
  timeout: number;
  attestation: AttestationConveyancePreference;
  authenticatorSelection: AuthenticatorSelectionCriteria;
  excludeCredentials: Descriptor[];
}

/** `publicKey` for using one. */
export interface RequestOptions {
  challenge: string;
  rpId: string;
  timeout: number;
  userVerification: UserVerificationRequirement;
  allowCredentials: Descriptor[];
}

interface Descriptor {
  type: 'public-key';
  id: string;
}

export interface Created {
  challenge: string;
  response: { clientDataJSON: string; attestationObject: string };
}

export interface Used {
  challenge: string;
  id: string;
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string };
}

export const hasPasskeys = typeof window !== 'undefined' && 'PublicKeyCredential' in window;

export async function createPasskey(options: CreationOptions): Promise<Created> {
  const credential = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: options.excludeCredentials.map(descriptor),
      },
    }),
  );
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    challenge: options.challenge,
    response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject) },
  };
}

export async function answerByPasskey(options: RequestOptions): Promise<Used> {
  const credential = await asked(() =>
    navigator.credentials.get({
      publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: options.allowCredentials.map(descriptor) },
    }),
  );
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    challenge: options.challenge,
    id: credential.id,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
    },
  };
}

/** The browser says little about why: closed, too late, or nothing that fits. */
async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return credential;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError') {
      throw new Problem({ status: 0, title: words.passkeyKnown, detail: words.passkeyKnownHelp });
    }
  }
  throw new Problem({ status: 0, title: words.passkeyNothing, detail: words.passkeyNothingHelp });
}

function descriptor({ type, id }: Descriptor): PublicKeyCredentialDescriptor {
  return { type, id: bytes(id) };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
