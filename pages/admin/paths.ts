/** Every address of Admin; links use nothing else. */
export const paths = {
  policies: () => '/',
  users: () => '/users',
  signIn: () => '/sign-in',
  keyManagers: () => '/key-managers',
  registration: () => '/client-registration',
  environments: () => '/environments',
  keys: () => '/signing-keys',
};
