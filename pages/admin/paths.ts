/** Every address of Admin; links use nothing else. */
export const paths = {
  policies: () => '/',
  custom: () => '/custom-rules',
  deny: () => '/deny-policies',
  statistics: () => '/statistics',
  users: () => '/users',
  signIn: () => '/sign-in',
  keyManagers: () => '/key-managers',
  registration: () => '/client-registration',
  environments: () => '/environments',
  keys: () => '/signing-keys',
};
