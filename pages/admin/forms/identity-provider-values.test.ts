import { describe, expect, it } from 'vitest';
import { rolesOf } from './identity-provider-values';

describe('roles by group', () => {
  it('reads a line for each group, also one with an equals sign in its name', () => {
    expect(rolesOf('cn=ops,dc=example = admin\n\n staff = Internal/creator , Internal/publisher \n')).toEqual({
      'cn=ops,dc=example': ['admin'],
      staff: ['Internal/creator', 'Internal/publisher'],
    });
    expect(rolesOf('')).toEqual({});
  });

  it('refuses a line without a group or without a role', () => {
    for (const text of ['staff', '= admin', 'staff =', 'staff = ,']) expect(rolesOf(text)).toBeUndefined();
  });
});
