import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getAlertRulesOptions } from '../../client/alerts/@tanstack/react-query.gen';
import { deleteAlertRule, testAlertRule } from '../../client/alerts/sdk.gen';
import type { Rule } from '../../client/alerts/types.gen';
import { Badge } from '../badges';
import { useEditing } from '../editing';
import { EmptyState, NothingMatches } from '../empty-state';
import { type Column, ListTable, Pages } from '../list-table';
import { type Listed, ROWS } from '../listed';
import { QueryView } from '../query-view';
import { SearchBox } from '../search-box';
import { done, refused } from '../toast';
import { useAddress } from '../use-address';
import { RuleEdit } from './rule-edit';
import { sentenceOf } from './rule-values';
import { type AlertScope, isAbout } from './scope';
import { words as w } from './words';

interface Search extends Listed {
  about?: string;
}

/** The rules of a page, narrowed by its address. */
export function RuleList({ scope }: { scope: AlertScope }) {
  const [search, setSearch] = useAddress<Search>();
  const { query = '', about = '', offset = 0 } = search;
  const queries = useQueryClient();
  const rules = useQuery(getAlertRulesOptions());
  const editing = useEditing<Rule>({
    form: (rule, onClose) => <RuleEdit scope={scope} rule={rule} onClose={onClose} />,
    labels: ({ name }) => ({ edit: w.editOf(name), remove: w.removeOf(name) }),
    removal: {
      title: ({ name }) => w.deleteTitle(name),
      body: w.deleteBody,
      run: ({ id = '' }) => deleteAlertRule({ path: { ruleId: id } }).then(() => queries.invalidateQueries()),
      said: ({ name }) => w.deleted(name),
    },
  });
  const add = (
    <Button leftSection={<IconPlus size={17} />} onClick={editing.create}>
      {w.create}
    </Button>
  );
  const columns: Column<Rule>[] = [
    { name: w.rule, cell: (rule) => <What rule={rule} /> },
    { name: w.about, cell: (rule) => placeOf(rule, scope) },
    { name: w.tells, cell: toldOf },
    { name: w.state, cell: ({ enabled }) => <Badge tone={enabled === false ? 'calm' : 'good'} label={enabled === false ? w.off : w.on} /> },
    {
      name: w.actions,
      end: true,
      cell: (rule) => (
        <Stack gap={4} align="end">
          <TestButton rule={rule} />
          {editing.actions(rule)}
        </Stack>
      ),
    },
  ];
  return (
    <>
      <QueryView query={rules}>
        {({ list }) => {
          const ours = list.filter((rule) => isAbout(scope, rule));
          if (ours.length === 0) return <EmptyState title={w.emptyTitle} help={w.emptyHelp} action={add} />;
          const shown = ours.filter(
            ({ name, condition }) => name.toLowerCase().includes(query.toLowerCase()) && (about === '' || condition.kind === about),
          );
          return (
            <>
              <Group gap="sm" align="end">
                <SearchBox label={w.search} value={query} onSearch={(next) => setSearch({ query: next, offset: 0 })} />
                <NativeSelect
                  aria-label={w.kind}
                  data={[{ value: '', label: w.anyKind }, ...scope.kinds.map((value) => ({ value, label: w.kinds[value] }))]}
                  value={about}
                  onChange={(event) => setSearch({ about: event.currentTarget.value, offset: 0 })}
                />
                {add}
              </Group>
              {shown.length === 0 ? (
                <NothingMatches onClear={() => setSearch({ query: '', about: '', offset: 0 })} />
              ) : (
                <div>
                  <ListTable
                    label={w.views.rules}
                    columns={columns}
                    rows={shown.slice(offset, offset + ROWS)}
                    rowKey={({ id = '' }) => id}
                  />
                  <Pages total={shown.length} />
                </div>
              )}
            </>
          );
        }}
      </QueryView>
      {editing.dialogs}
    </>
  );
}

function What({ rule: { name, condition } }: { rule: Rule }) {
  return (
    <div>
      <strong>{name}</strong>
      <Text size="sm" c="dimmed">
        {sentenceOf(condition)}
      </Text>
    </div>
  );
}

function TestButton({ rule }: { rule: Rule }) {
  const tested = useMutation({
    mutationFn: async () => (await testAlertRule({ path: { ruleId: rule.id ?? '' } })).data,
    onSuccess: ({ messages = 0 }) => done(w.tested(messages)),
    onError: refused,
  });
  const isSilent = (rule.emails ?? []).length + (rule.webhooks ?? []).length === 0;
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={w.testOf(rule.name)}
      disabled={isSilent}
      title={isSilent ? w.testNobody : undefined}
      loading={tested.isPending}
      onClick={() => tested.mutate()}
    >
      {w.test}
    </Button>
  );
}

/** The API or the application that a rule is about, by its name. */
function placeOf({ apiId, applicationId }: Rule, { apis, applications }: AlertScope): string {
  const named = [
    apiId ? (apis.find(({ value }) => value === apiId)?.label ?? w.gone) : undefined,
    applicationId ? (applications.find(({ value }) => value === applicationId)?.label ?? w.oneApplication) : undefined,
  ].filter((name) => name !== undefined);
  return named.length > 0 ? named.join(', ') : w.everything;
}

function toldOf({ emails = [], webhooks = [] }: Rule): string {
  const told = [emails.length > 0 ? w.emailsCount(emails.length) : '', webhooks.length > 0 ? w.webhooksCount(webhooks.length) : ''];
  return told.filter((part) => part !== '').join(', ') || w.nobody;
}
