import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { useEditing } from '../../kit/editing';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { SearchBox } from '../../kit/search-box';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { deletePolicy, inWords, kindOf, type Policy, policiesOptions, useRefresh } from '../policies';
import { words } from '../words';

const PolicyEdit = lazy(async () => ({ default: (await import('../forms/policy-edit')).PolicyEdit }));

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) return <NothingMatches onClear={onClear} />;
  return <EmptyState title={words.policies.emptyTitle} help={words.policies.emptyHelp} />;
}

function columnsOf(actions: (policy: Policy) => ReactNode): Column<Policy>[] {
  return [
    { name: words.policies.name, cell: (policy) => <strong>{policy.policyName}</strong> },
    { name: words.policies.limit, cell: inWords },
    { name: words.policies.description, cell: (policy) => policy.description || '–' },
    { name: words.policies.actions, end: true, cell: actions },
  ];
}

export function PoliciesPage() {
  const [search, setSearch] = useAddress<{ kind?: string; query?: string }>();
  const kind = kindOf(search.kind);
  const policies = useQuery(policiesOptions(kind));
  const refresh = useRefresh();
  const editing = useEditing<Policy>({
    form: (policy, onClose) => (
      <Suspense>
        <PolicyEdit kind={kind} policy={policy} onClose={onClose} />
      </Suspense>
    ),
    labels: ({ policyName }) => ({ edit: words.policies.edit(policyName), remove: words.policies.remove(policyName) }),
    removal: {
      title: ({ policyName }) => words.policies.deleteTitle(policyName),
      body: words.policies.deleteBody,
      run: ({ policyId = '' }) => deletePolicy(kind, policyId).then(refresh),
      said: ({ policyName }) => words.policies.deleted(policyName),
    },
  });
  const wanted = (search.query ?? '').toLowerCase();
  return (
    <>
      <PageHeader
        title={words.policies.title}
        lead={words.policies.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
            {words.policies.create[kind]}
          </Button>
        }
      />
      <Group mb="xs" gap="md">
        <SegmentedControl
          aria-label={words.policies.kind}
          data={KINDS}
          value={kind}
          onChange={(next) => setSearch({ kind: next === 'subscription' ? undefined : next })}
        />
        <SearchBox label={kit.search} value={search.query ?? ''} onSearch={(query) => setSearch({ query })} />
      </Group>
      <Text c="dimmed" size="sm" mb="md">
        {words.policies.help[kind]}
      </Text>
      <QueryView query={policies}>
        {(list) => {
          const shown = list.filter((policy) => `${policy.policyName} ${policy.description}`.toLowerCase().includes(wanted));
          if (shown.length === 0) return <Nothing isFiltered={list.length > 0} onClear={() => setSearch({ query: '' })} />;
          return (
            <ListTable
              label={words.policies[kind]}
              columns={columnsOf(editing.actions)}
              rows={shown}
              rowKey={(policy) => policy.policyId ?? ''}
            />
          );
        }}
      </QueryView>
      {editing.dialogs}
    </>
  );
}

const KINDS = [
  { value: 'subscription', label: words.policies.subscription },
  { value: 'application', label: words.policies.application },
  { value: 'advanced', label: words.policies.advanced },
];
