import { Button, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconBook2,
  IconChevronDown,
  IconLogout,
  IconTerminal2,
  IconUser,
  IconUserCog,
} from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { BarMenu } from './bar-menu';
import { managementCurl } from './curl';
import { type Language, language, languages, speak } from './language';
import { callsOf } from './request';
import { signInAddress, signOut, useSession } from './session';
import type { PortalName } from './shell';
import classes from './shell.module.css';
import { done } from './toast';
import { words } from './words';

export function PortalSwitch({ portal }: { portal: PortalName }) {
  const portals = Object.entries(words.portals).map(([name, label]) => ({ label, href: `/${name}/`, isChosen: name === portal }));
  return (
    <BarMenu
      label={`${words.portals[portal]}: ${words.switchPortal}`}
      className={classes.portal}
      groups={[{ items: portals }, { items: [{ label: words.documents, href: '/docs/', icon: <IconBook2 size={16} /> }] }]}
    >
      <span aria-hidden="true">/</span> <span className={classes.portalName}>{words.portals[portal]}</span>{' '}
      <IconChevronDown size={15} aria-hidden="true" />
    </BarMenu>
  );
}

/** The management calls behind the page, each to be copied: whatever a page shows, a script can read too. */
export function Calls() {
  const groups = () => [
    {
      name: words.calls.help,
      items: callsOf().map((path) => ({
        label: `GET ${path}`,
        onChoose: () => navigator.clipboard.writeText(managementCurl(path)).then(() => done(words.copied)),
      })),
    },
  ];
  return (
    <BarMenu end label={words.calls.open} groups={groups} className={classes.calls}>
      <IconTerminal2 size={19} />
    </BarMenu>
  );
}

/** How this person wants every page: colours and language. */
export function Preferences() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = Object.entries(words.schemes).map(([scheme, label]) => ({
    label,
    isChosen: scheme === colorScheme,
    onChoose: () => setColorScheme(scheme as MantineColorScheme),
  }));
  const tongues = Object.entries(languages).map(([tongue, label]) => ({
    label,
    isChosen: tongue === language,
    onChoose: () => speak(tongue as Language),
  }));
  return (
    <BarMenu
      end
      label={words.preferences}
      groups={[
        { name: words.colours, items: schemes },
        { name: words.language, items: tongues },
      ]}
    >
      <IconAdjustmentsHorizontal size={19} />
    </BarMenu>
  );
}

export function Account() {
  const session = useSession();
  const queries = useQueryClient();
  // The address is read so that a change of page renders the link to come back to anew.
  useRouterState({ select: (state) => state.location.href });
  if (!session) return <span className={classes.accountPlace} />;
  if (!session.signedIn) {
    return (
      <Button component="a" href={signInAddress()} size="sm" className={classes.account}>
        {words.signIn}
      </Button>
    );
  }
  async function leave() {
    await signOut();
    queries.clear();
    location.assign('/');
  }
  return (
    <BarMenu
      end
      label={`${words.account}: ${session.username}`}
      className={classes.account}
      groups={[
        { name: session.roles?.join(', '), items: [{ label: words.yourAccount, href: '/account/', icon: <IconUserCog size={16} /> }] },
        { items: [{ label: words.signOut, onChoose: leave, icon: <IconLogout size={16} /> }] },
      ]}
    >
      <IconUser size={17} />
      <span className={classes.name}>{session.username}</span>
    </BarMenu>
  );
}
