import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { Confirm } from '../../kit/confirm';
import { EmptyState, NothingMatches } from '../../kit/empty-state';
import { type Column, ListTable } from '../../kit/list-table';
import { PageHeader } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { RowActions } from '../../kit/row-actions';
import { SearchBox } from '../../kit/search-box';
import { done } from '../../kit/toast';
import { useAddress } from '../../kit/use-address';
import { words as kit } from '../../kit/words';
import { deletePolicy, inWords, kindOf, type Policy, policiesOptions, useRefresh } from '../policies';
import { words } from '../words';

const PolicyEdit = lazy(async () => ({ default: (await import('../forms/policy-edit')).PolicyEdit }));

type Asked = { what: 'edit'; policy?: Policy } | { what: 'delete'; policy: Policy };

function Nothing({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) return <NothingMatches onClear={onClear} />;
  return <EmptyState title={words.policies.emptyTitle} help={words.policies.emptyHelp} />;
}

function columnsOf(ask: (asked: Asked) => void): Column<Policy>[] {
  return [
    { name: words.policies.name, cell: (policy) => <strong>{policy.policyName}</strong> },
    { name: words.policies.limit, cell: inWords },
    { name: words.policies.description, cell: (policy) => policy.description || '–' },
    {
      name: words.policies.actions,
      end: true,
      cell: (policy) => (
        <RowActions
          labels={{ edit: words.policies.edit(policy.policyName), remove: words.policies.remove(policy.policyName) }}
          onEdit={() => ask({ what: 'edit', policy })}
          onDelete={() => ask({ what: 'delete', policy })}
        />
      ),
    },
  ];
}

export function PoliciesPage() {
  const [search, setSearch] = useAddress<{ kind?: string; query?: string }>();
  const [asked, ask] = useState<Asked>();
  const kind = kindOf(search.kind);
  const policies = useQuery(policiesOptions(kind));
  const refresh = useRefresh();
  const close = () => ask(undefined);
  const wanted = (search.query ?? '').toLowerCase();
  return (
    <>
      <PageHeader
        title={words.policies.title}
        lead={words.policies.lead}
        actions={
          <Button leftSection={<IconPlus size={17} />} onClick={() => ask({ what: 'edit' })}>
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
            <ListTable label={words.policies[kind]} columns={columnsOf(ask)} rows={shown} rowKey={(policy) => policy.policyId ?? ''} />
          );
        }}
      </QueryView>
      {asked?.what === 'edit' ? (
        <Suspense>
          <PolicyEdit kind={kind} policy={asked.policy} onClose={close} />
        </Suspense>
      ) : null}
      {asked?.what === 'delete' ? (
        <Confirm
          title={words.policies.deleteTitle(asked.policy.policyName)}
          body={words.policies.deleteBody}
          action={kit.delete}
          onConfirm={() =>
            deletePolicy(kind, asked.policy.policyId ?? '')
              .then(refresh)
              .then(() => done(words.policies.deleted(asked.policy.policyName)))
          }
          onClose={close}
        />
      ) : null}
    </>
  );
}

const KINDS = [
  { value: 'subscription', label: words.policies.subscription },
  { value: 'application', label: words.policies.application },
  { value: 'advanced', label: words.policies.advanced },
];
