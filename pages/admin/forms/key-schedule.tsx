import '@mantine/core/styles/NumberInput.css';
import { Button, Group, NativeSelect, NumberInput, Stack, Switch } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { updateSigningKeySchedule } from '../../client/admin/sdk.gen';
import type { SigningAlgorithm, SigningKeySchedule } from '../../client/admin/types.gen';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { useHold } from '../../kit/use-hold';
import { words as kit } from '../../kit/words';
import { useRefresh } from '../policies';
import { words } from '../words';

/** How often keys change, and to what. */
export function KeySchedule({ schedule }: { schedule: SigningKeySchedule }) {
  const refresh = useRefresh();
  useHold();
  const form = useForm({
    initialValues: {
      algorithm: schedule.algorithm ?? ('ES256' as SigningAlgorithm),
      isPeriodic: schedule.periodDays !== null,
      days: schedule.periodDays ?? 90,
    },
    validate: { days: (days, { isPeriodic }) => (isPeriodic && !(days >= 2 && days <= 3650) ? words.keys.daysRule : null) },
    onSubmitPreventDefault: 'always',
  });
  const saved = useMutation({
    mutationFn: ({ algorithm, isPeriodic, days }: typeof form.values) =>
      updateSigningKeySchedule({ body: { algorithm, periodDays: isPeriodic ? days : null } }),
    onSuccess: async () => {
      await refresh();
      done(words.keys.scheduleSaved);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
      <Stack gap="md">
        {saved.isError ? <ProblemView thrown={saved.error} /> : null}
        <NativeSelect
          label={words.keys.nextAlgorithm}
          description={words.keys.algorithmHelp}
          data={words.keys.algorithms}
          {...form.getInputProps('algorithm')}
        />
        <Switch label={words.keys.isPeriodic} {...form.getInputProps('isPeriodic', { type: 'checkbox' })} />
        {form.values.isPeriodic ? <NumberInput label={words.keys.days} allowDecimal={false} {...form.getInputProps('days')} /> : null}
        <Group justify="flex-end">
          <Button type="submit" loading={saved.isPending}>
            {kit.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
