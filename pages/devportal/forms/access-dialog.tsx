import { Button, Modal, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getApplicationsOptions } from '../../client/devportal/@tanstack/react-query.gen';
import type { Api, ApplicationInfo } from '../../client/devportal/types.gen';
import { CodeSamples } from '../../kit/console/code-samples';
import { LinkButton } from '../../kit/link-button';
import { ProblemView } from '../../kit/problem-view';
import { SecretView } from '../../kit/secret-view';
import { signInAddress, useSession } from '../../kit/session';
import { words as kit } from '../../kit/words';
import { type Access, type Choice, firstPlan, getAccess } from '../access';
import { credentialHeader } from '../credential';
import { paths } from '../paths';
import { baseOf, useKeepAccess, useOperations, useRefresh } from '../use-api';
import { words } from '../words';

interface AccessDialogProps {
  api: Api;
  onClose: () => void;
}

/** From nothing to a key in one dialog: application, plan, subscription, key, first call. */
export default function AccessDialog({ api, onClose }: AccessDialogProps) {
  const session = useSession();
  const [access, setAccess] = useState<Access>();
  const applications = useQuery({ ...getApplicationsOptions({ query: { limit: 200 } }), enabled: session?.signedIn === true });
  function close() {
    setAccess(undefined);
    onClose();
  }
  // Whoever is not signed in does that first, and comes back to the open dialog.
  useEffect(() => {
    if (session?.signedIn === false) location.assign(signInAddress());
  }, [session]);
  if (!session?.signedIn) return null;
  const title = access ? words.access.ready : words.access.title(api.displayName || api.name);
  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={
        <Text component="span" fw={650} size="lg" ff="heading">
          {title}
        </Text>
      }
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      {applications.isPending ? <Skeleton h={220} /> : null}
      {applications.isError ? <ProblemView thrown={applications.error} onRetry={() => applications.refetch()} /> : null}
      {access ? <Ready api={api} access={access} onClose={close} /> : null}
      {applications.data && !access ? <AccessForm api={api} applications={applications.data.list} onAccess={setAccess} /> : null}
    </Modal>
  );
}

function AccessForm({ api, applications, onAccess }: { api: Api; applications: ApplicationInfo[]; onAccess: (access: Access) => void }) {
  const keep = useKeepAccess(api.id ?? '');
  const refresh = useRefresh();
  const plans = (api.tiers ?? []).map((tier) => tier.tierName);
  const form = useForm<Choice>({
    initialValues: {
      applicationId: applications[0]?.applicationId ?? '',
      name: words.access.defaultName,
      plan: firstPlan(api),
    },
    validate: { name: (value, values) => (values.applicationId === '' && value.trim() === '' ? words.access.needed : null) },
    onSubmitPreventDefault: 'always',
  });
  const got = useMutation({
    mutationFn: (choice: Choice) => getAccess(api, { ...choice, name: nameOf(choice, applications) }),
    onSuccess: async (access) => {
      keep(access);
      onAccess(access);
      await refresh();
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((choice) => got.mutate(choice))}>
      <Stack gap="md">
        {got.isError ? <ProblemView thrown={got.error} /> : null}
        {applications.length > 0 ? (
          <Select
            label={words.access.application}
            description={words.access.applicationHelp}
            data={[
              ...applications.map((application) => ({ value: application.applicationId ?? '', label: application.name ?? '' })),
              { value: '', label: words.access.newApplication },
            ]}
            {...form.getInputProps('applicationId')}
          />
        ) : null}
        {form.values.applicationId === '' ? (
          <TextInput
            label={words.access.name}
            description={applications.length === 0 ? words.access.applicationHelp : undefined}
            {...form.getInputProps('name')}
          />
        ) : null}
        {plans.length > 0 ? <Select label={words.access.plan} data={plans} {...form.getInputProps('plan')} /> : null}
        <Button type="submit" size="md" loading={got.isPending} data-autofocus>
          {words.access.submit}
        </Button>
        <Text size="sm" c="dimmed">
          {words.access.steps}
        </Text>
      </Stack>
    </form>
  );
}

function Ready({ api, access, onClose }: { api: Api; access: Access; onClose: () => void }) {
  const operations = useOperations();
  const first = operations.data?.find(({ method, path }) => method === 'GET' && !path.includes('{')) ?? operations.data?.[0];
  const headers = credentialHeader(api, access.kind, access.secret);
  return (
    <Stack gap="md">
      <Text role="status">
        {access.plan ? words.access.readyHelp(access.application, access.plan) : words.access.readyOpen(access.application)}
      </Text>
      <SecretView label={access.kind === 'key' ? words.access.key : words.access.token} secret={access.secret} />
      {first ? (
        <div>
          <Text size="sm" fw={560} mb={6}>
            {words.access.curl}
          </Text>
          <CodeSamples call={{ method: first.method, url: `${baseOf(api)}${first.path}`, headers }} label={words.access.curl} />
        </div>
      ) : null}
      <LinkButton to={paths.console(api.id ?? '')} search={first ? { operation: first.id } : undefined} size="md" onClick={onClose}>
        {words.access.openConsole}
      </LinkButton>
    </Stack>
  );
}

function nameOf(choice: Choice, applications: ApplicationInfo[]): string {
  const held = applications.find((application) => application.applicationId === choice.applicationId);
  return held?.name ?? choice.name.trim();
}
