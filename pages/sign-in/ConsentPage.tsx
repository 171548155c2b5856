import { Anchor, Button, Checkbox } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ProblemView } from '../kit/problem-view';
import { Gate } from './gate';
import classes from './gate.module.css';
import { decide, type Interaction, interactionId, interactionOptions, webAddress } from './interaction';
import { RequestCard } from './request-card';
import { words } from './words';

export function ConsentPage() {
  const id = interactionId() ?? '';
  const interaction = useQuery(interactionOptions(id));
  const elsewhere = interaction.data && interaction.data.kind !== 'consent' ? interaction.data : undefined;
  useEffect(() => {
    // The person has to sign in first, or has nothing left to say: the platform knows where that is.
    if (elsewhere) location.replace(elsewhere.resumeAt);
  }, [elsewhere]);
  if (interaction.isError) {
    return (
      <Gate title={words.over} lead={words.overHelp}>
        <ProblemView thrown={interaction.error} />
      </Gate>
    );
  }
  if (!interaction.data || elsewhere) return <Gate title={words.consent} />;
  return <Consent id={id} wanted={interaction.data} />;
}

function Consent({ id, wanted }: { id: string; wanted: Interaction }) {
  const [remember, setRemember] = useState(true);
  const decided = useMutation({ mutationFn: (allow: boolean) => decide(id, allow ? 'approve' : 'deny', allow && remember) });
  const isBusy = decided.isPending || decided.isSuccess;
  return (
    <Gate title={words.allow(wanted.client.name)} lead={words.allowLead(wanted.user?.displayName ?? wanted.user?.username ?? '')}>
      <RequestCard client={wanted.client} scopes={wanted.scopes} />
      {decided.isError ? <ProblemView thrown={decided.error} /> : null}
      <Checkbox
        label={words.remember}
        description={words.rememberHelp}
        checked={remember}
        onChange={(event) => setRemember(event.currentTarget.checked)}
      />
      <div className={classes.choices}>
        <Button size="md" loading={isBusy && decided.variables === true} disabled={isBusy} onClick={() => decided.mutate(true)}>
          {words.approve}
        </Button>
        <Button
          size="md"
          variant="default"
          loading={isBusy && decided.variables === false}
          disabled={isBusy}
          onClick={() => decided.mutate(false)}
        >
          {words.deny}
        </Button>
      </div>
      <p className={classes.note}>
        {words.returnsTo(wanted.returnsTo)}{' '}
        <Anchor href={`/sign-in/?interaction=${encodeURIComponent(id)}`} size="sm">
          {words.otherAccount}
        </Anchor>
      </p>
      <Links wanted={wanted} />
    </Gate>
  );
}

function Links({ wanted }: { wanted: Interaction }) {
  const links = [
    { label: words.policy(wanted.client.name), address: webAddress(wanted.client.policyUri) },
    { label: words.terms(wanted.client.name), address: webAddress(wanted.client.tosUri) },
  ].filter(({ address }) => address);
  if (links.length === 0) return null;
  return (
    <p className={classes.links}>
      {links.map(({ label, address }) => (
        <Anchor key={label} href={address} target="_blank" rel="noreferrer" size="sm">
          {label}
        </Anchor>
      ))}
    </p>
  );
}
