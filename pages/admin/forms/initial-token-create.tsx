import '@mantine/core/styles/NumberInput.css';
import { Button, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { createInitialAccessToken } from '../../client/admin/sdk.gen';
import { FormFoot } from '../../kit/form-foot';
import { number } from '../../kit/language';
import { ProblemView } from '../../kit/problem-view';
import { SecretView } from '../../kit/secret-view';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

/** Makes a token that lets somebody register clients, and shows it this once. */
export function InitialTokenCreate({ onClose }: { onClose: () => void }) {
  const refresh = useRefresh();
  const form = useForm({
    initialValues: { label: '', uses: 1, hours: 24 },
    validate: {
      label: (value) => (value.trim() === '' ? words.needed : null),
      uses: (value) => within(value, MOST_USES),
      hours: (value) => within(value, MOST_HOURS),
    },
    onSubmitPreventDefault: 'always',
  });
  const made = useMutation({
    mutationFn: ({ label, uses, hours }: typeof form.values) =>
      createInitialAccessToken({ body: { label: label.trim(), uses, validitySeconds: hours * 3600 } }),
    onSuccess: refresh,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{words.registration.create}</Text>}
      closeButtonProps={{ 'aria-label': kit.close }}
      closeOnClickOutside={!made.isSuccess}
    >
      {made.isSuccess ? (
        <Stack gap="md">
          <SecretView label={words.registration.token} secret={made.data.data.token ?? ''} />
          <Group justify="flex-end">
            <Button onClick={onClose}>{kit.close}</Button>
          </Group>
        </Stack>
      ) : (
        <form noValidate onSubmit={form.onSubmit((values) => made.mutate(values))}>
          <Stack gap="md">
            {made.isError ? <ProblemView thrown={made.error} /> : null}
            <TextInput
              label={words.registration.label}
              description={words.registration.labelHelp}
              required
              data-autofocus
              {...form.getInputProps('label')}
            />
            <NumberInput label={words.registration.uses} min={1} max={MOST_USES} allowDecimal={false} {...form.getInputProps('uses')} />
            <NumberInput label={words.registration.hours} min={1} max={MOST_HOURS} allowDecimal={false} {...form.getInputProps('hours')} />
            <FormFoot action={words.registration.create} isPending={made.isPending} onClose={onClose} />
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function within(value: number, most: number) {
  return value >= 1 && value <= most ? null : words.registration.range(1, number(most));
}

const MOST_USES = 10_000;
/** A year and a day. */
const MOST_HOURS = 8_784;
