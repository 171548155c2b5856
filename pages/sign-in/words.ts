export const words = {
  title: 'Sign in',
  lead: 'One account opens the Publisher, the Developer Portal and Admin.',
  username: 'Username',
  password: 'Password',
  submit: 'Sign in',
  refused: 'That did not open the gate',
  refusedHelp: 'The username or the password is wrong. Check both and try again.',
  needed: (field: string) => `Type your ${field}`,
  firstTime: 'First time here? The administrator’s password was printed once, when the platform was started.',
  home: 'Postern, start page',
};
