import { Button, Checkbox, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { words } from '../words';
import { conditionsInWords, newCondition, newGroup } from './group-values';
import { LimitFields, optionsOf } from './limit-fields';
import type { PolicyForm } from './policy-values';

/** Groups of conditions that have limits of their own: the first that a call meets counts. */
export function GroupFields({ form }: { form: PolicyForm }) {
  return (
    <Stack gap="md">
      <div>
        <Text fw={560}>{words.groups.title}</Text>
        <Text size="sm" c="dimmed">
          {words.groups.help}
        </Text>
      </div>
      {form.values.groups.map((group, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the form knows a group by its place.
        <Fieldset key={place} legend={words.groups.group(place + 1)} radius="md">
          <Stack gap="sm">
            <TextInput label={words.policies.description} {...form.getInputProps(`groups.${place}.description`)} />
            {group.conditions.map((_, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the form knows a condition by its place.
              <ConditionFields key={at} form={form} path={`groups.${place}.conditions`} at={at} isOnly={group.conditions.length === 1} />
            ))}
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={15} />}
              onClick={() => form.insertListItem(`groups.${place}.conditions`, newCondition())}
              style={{ alignSelf: 'start' }}
            >
              {words.groups.addCondition}
            </Button>
            <LimitFields values={group.limit} field={(name) => form.getInputProps(`groups.${place}.limit.${name}`)} />
            <Text size="sm" aria-live="polite">
              {words.groups.when(conditionsInWords(group.conditions))}
            </Text>
            <Button
              size="xs"
              variant="subtle"
              color="red"
              onClick={() => form.removeListItem('groups', place)}
              style={{ alignSelf: 'start' }}
            >
              {words.groups.remove(place + 1)}
            </Button>
          </Stack>
        </Fieldset>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => form.insertListItem('groups', newGroup())}
        style={{ alignSelf: 'start' }}
      >
        {words.groups.add}
      </Button>
    </Stack>
  );
}

function ConditionFields({ form, path, at, isOnly }: { form: PolicyForm; path: string; at: number; isOnly: boolean }) {
  const field = (name: string) => form.getInputProps(`${path}.${at}.${name}`, name === 'isInverted' ? { type: 'checkbox' } : {});
  const looks = field('looks').value as keyof typeof words.groups.looks;
  const isNamed = looks !== 'address';
  return (
    <Group gap="sm" align="end" preventGrowOverflow={false}>
      <NativeSelect label={words.groups.look} data={optionsOf(words.groups.looks)} {...field('looks')} />
      {isNamed ? <TextInput label={words.groups.names[looks]} {...field('name')} style={{ flex: '1 1 9rem' }} /> : null}
      <TextInput label={words.groups.values[looks]} {...field('value')} style={{ flex: '1 1 9rem' }} />
      <Checkbox label={words.groups.not} {...field('isInverted')} pb={8} />
      {isOnly ? null : (
        <Button size="xs" variant="subtle" color="red" mb={4} onClick={() => form.removeListItem(path, at)}>
          {words.groups.removeCondition}
        </Button>
      )}
    </Group>
  );
}
