import { lazy, type ReactNode, Suspense } from 'react';
import { Gate } from './gate';
import { SignInPage } from './SignInPage';
import { words } from './words';

const ConsentPage = lazy(async () => ({ default: (await import('./ConsentPage')).ConsentPage }));
const DevicePage = lazy(async () => ({ default: (await import('./DevicePage')).DevicePage }));
const SignedOutPage = lazy(async () => ({ default: (await import('./SignedOutPage')).SignedOutPage }));
const AccountPage = lazy(async () => ({ default: (await import('./AccountPage')).AccountPage }));
const SignUpPage = lazy(async () => ({ default: (await import('./SignUpPage')).SignUpPage }));
const RecoveryPage = lazy(async () => ({ default: (await import('./RecoveryPage')).RecoveryPage }));
const FaultPage = lazy(async () => ({ default: (await import('./FaultPage')).FaultPage }));

/** The pages of an account, by their path. Each is a document of its own: nothing here changes the path without a load. */
const ROUTES: Record<string, ReactNode> = {
  '/sign-in': <SignInPage />,
  '/consent': <ConsentPage />,
  '/consent/error': <FaultPage />,
  '/device': <DevicePage />,
  '/signed-out': <SignedOutPage />,
  '/account': <AccountPage />,
  '/sign-up': <SignUpPage />,
  '/recovery': <RecoveryPage />,
};

export function Account({ path = location.pathname }: { path?: string }) {
  const page = ROUTES[path.replace(/\/+$/, '')];
  return <Suspense>{page ?? <Gate title={words.nowhere} lead={words.nowhereHelp} />}</Suspense>;
}
