import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRulesetsOptions } from '../../client/governance/@tanstack/react-query.gen';
import { deleteRuleset } from '../../client/governance/sdk.gen';
import type { RulesetInfo } from '../../client/governance/types.gen';
import { useEditing } from '../../kit/editing';
import { type Column, ListTable } from '../../kit/list-table';
import { Panel } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { RulesetEdit } from '../forms/ruleset-edit';
import { useRefresh } from '../policies';
import { words } from '../words';

const w = words.governance;

export function RulesetsPanel() {
  const rulesets = useQuery(getRulesetsOptions({ query: { limit: 100 } }));
  const refresh = useRefresh();
  const editing = useEditing<RulesetInfo>({
    form: (ruleset, onClose) => <RulesetEdit ruleset={ruleset} onClose={onClose} />,
    labels: ({ name = '' }) => ({ edit: words.policies.edit(name), remove: words.policies.remove(name) }),
    removal: {
      title: ({ name = '' }) => words.policies.deleteTitle(name),
      body: w.rulesetDeleteBody,
      run: ({ id = '' }) => deleteRuleset({ path: { rulesetId: id } }).then(refresh),
      said: ({ name = '' }) => words.policies.deleted(name),
    },
  });
  const columns: Column<RulesetInfo>[] = [
    { name: w.ruleset, cell: ({ name }) => <strong>{name}</strong> },
    { name: words.policies.description, cell: ({ description }) => description || '–' },
    { name: w.looksAt, cell: ({ ruleType = 'API_DEFINITION' }) => w.sides[ruleType] },
    { name: w.kind, cell: ({ artifactType = 'REST_API' }) => w.kinds[artifactType] },
    { name: words.policies.actions, end: true, cell: editing.actions },
  ];
  return (
    <Panel
      title={w.rulesets}
      help={w.rulesetsHelp}
      actions={
        <Button size="xs" leftSection={<IconPlus size={15} />} onClick={editing.create}>
          {w.newRuleset}
        </Button>
      }
    >
      <QueryView query={rulesets}>
        {({ list = [] }) =>
          list.length === 0 ? (
            <Text c="dimmed">{w.noRulesets}</Text>
          ) : (
            <ListTable label={w.rulesets} columns={columns} rows={list} rowKey={({ id = '' }) => id} />
          )
        }
      </QueryView>
      {editing.dialogs}
    </Panel>
  );
}
