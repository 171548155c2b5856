import type { IdentityProvider, IdentityProviderWritable } from '../../client/admin/types.gen';
import { words } from '../words';

/** What the form holds: lists as the text that people type. */
export interface ProviderValues {
  name: string;
  displayName: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string;
  groupsClaim: string;
  groups: string;
  defaultRoles: string[];
  createPeople: boolean;
}

export function valuesOf(provider?: IdentityProvider): ProviderValues {
  return {
    name: provider?.name ?? '',
    displayName: provider?.displayName ?? '',
    issuer: provider?.issuer ?? '',
    clientId: provider?.clientId ?? '',
    clientSecret: '',
    scopes: (provider?.scopes ?? ['profile', 'email']).join(' '),
    groupsClaim: provider?.groupsClaim ?? '',
    groups: Object.entries(provider?.roles ?? {})
      .map(([group, roles]) => `${group} = ${roles.join(', ')}`)
      .join('\n'),
    defaultRoles: provider?.defaultRoles ?? [],
    createPeople: provider?.createPeople ?? true,
  };
}

export function providerOf({ clientSecret, scopes, groups, groupsClaim, ...values }: ProviderValues): IdentityProviderWritable {
  return {
    ...values,
    ...(clientSecret ? { clientSecret } : {}),
    ...(groupsClaim.trim() ? { groupsClaim: groupsClaim.trim() } : {}),
    scopes: scopes.split(/\s+/).filter(Boolean),
    roles: rolesOf(groups) ?? {},
  };
}

/** Roles by group, from lines of `group = role, role`; undefined where a line says something else. */
export function rolesOf(text: string): Record<string, string[]> | undefined {
  const found: Record<string, string[]> = {};
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const at = line.lastIndexOf('=');
    const roles = line
      .slice(at + 1)
      .split(',')
      .map((role) => role.trim())
      .filter(Boolean);
    const group = line.slice(0, Math.max(0, at)).trim();
    if (group === '' || roles.length === 0) return undefined;
    found[group] = roles;
  }
  return found;
}

const needed = (value: string) => (value.trim() === '' ? words.needed : null);
export const RULES = {
  name: (value: string) => (/^[a-z0-9-]+$/.test(value) ? null : words.signIn.nameRule),
  displayName: needed,
  issuer: needed,
  clientId: needed,
  groups: (value: string) => (rolesOf(value) ? null : words.signIn.groupsRule),
};
