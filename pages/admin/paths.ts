/** Every address of Admin; links use nothing else. */
export const paths = {
  policies: () => '/',
  users: () => '/users',
  environments: () => '/environments',
  keys: () => '/signing-keys',
};
