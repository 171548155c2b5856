import '@mantine/core/styles/NumberInput.css';
import { Group, NumberInput, SegmentedControl, Select, Text } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import { words } from '../words';
import type { LimitValues } from './limit-values';

interface LimitFieldsProps {
  values: LimitValues;
  /** What ties the field of this name to its form. */
  field: (name: keyof LimitValues) => GetInputPropsReturnType;
}

/** How much of what in how long, and counted how. */
export function LimitFields({ values, field }: LimitFieldsProps) {
  if (values.counts === 'other') return <Text size="sm">{words.policy.other}</Text>;
  const isData = values.counts === 'bandwidth';
  return (
    <>
      <SegmentedControl
        aria-label={words.policy.counts}
        data={[
          { value: 'requests', label: words.policy.requests },
          { value: 'bandwidth', label: words.policy.bandwidth },
        ]}
        {...field('counts')}
        style={{ alignSelf: 'start' }}
      />
      <Group gap="sm" align="start" grow preventGrowOverflow={false}>
        <NumberInput
          label={isData ? words.policy.dataAmount : words.policy.amount}
          min={1}
          thousandSeparator=","
          {...field('amount')}
          style={{ minWidth: '8rem' }}
        />
        {isData ? <Select label={words.policy.dataUnit} data={['KB', 'MB', 'GB']} {...field('dataUnit')} /> : null}
        <NumberInput label={words.policy.span} min={1} {...field('unitTime')} style={{ minWidth: '5rem' }} />
        <Select label={words.policy.unit} data={optionsOf(words.policy.units)} {...field('timeUnit')} style={{ minWidth: '8rem' }} />
      </Group>
      <Group gap="sm" align="end" grow preventGrowOverflow={false}>
        <Select
          label={words.policy.algorithm}
          description={words.policy.algorithmHelp[values.algorithm]}
          data={optionsOf(words.policy.algorithms)}
          allowDeselect={false}
          {...field('algorithm')}
          style={{ minWidth: '14rem' }}
        />
        {values.algorithm === 'gcra' ? (
          <NumberInput label={words.policy.atOnce} min={1} {...field('atOnce')} style={{ minWidth: '8rem' }} />
        ) : null}
      </Group>
    </>
  );
}

export function optionsOf(units: Record<string, string>) {
  return Object.entries(units).map(([value, label]) => ({ value, label }));
}
