import { Button, Group } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { getRolesOptions, getUsersOptions } from '../../client/admin/@tanstack/react-query.gen';
import { updateUser } from '../../client/admin/sdk.gen';
import type { Role, User } from '../../client/admin/types.gen';
import { Badge } from '../../kit/badges';
import { EmptyState } from '../../kit/empty-state';
import { moment } from '../../kit/format';
import { type Column, ListTable, Pages } from '../../kit/list-table';
import { useTurn } from '../../kit/listed';
import { PageHeader, Panel, Panels } from '../../kit/page-parts';
import { QueryView } from '../../kit/query-view';
import { done, refused } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { UserCreate } from '../forms/user-create';
import { UserEdit } from '../forms/user-edit';
import { useRefresh } from '../policies';
import { words } from '../words';

function columnsOf(edit: (user: User) => void, letIn: (user: User) => void): Column<User>[] {
  return [
    { name: words.users.username, cell: (user) => <strong>{user.username}</strong> },
    { name: words.users.displayName, cell: (user) => user.displayName || '–' },
    { name: words.users.roles, cell: (user) => user.roles.join(', ') || '–' },
    { name: words.users.status, cell: (user) => <Status user={user} /> },
    { name: words.users.created, cell: (user) => moment(user.createdAt) },
    {
      name: words.users.actions,
      end: true,
      cell: (user) => (
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {user.status === 'PENDING' ? (
            <Button size="xs" aria-label={words.users.letInOf(user.username)} onClick={() => letIn(user)}>
              {words.users.letIn}
            </Button>
          ) : null}
          <Button size="xs" variant="default" aria-label={words.users.edit(user.username)} onClick={() => edit(user)}>
            {kit.edit}
          </Button>
        </Group>
      ),
    },
  ];
}

function Status({ user }: { user: User }) {
  if (user.status === 'PENDING') return <Badge tone="warm" label={words.users.pending} />;
  const isActive = user.status === 'ACTIVE';
  return <Badge tone={isActive ? 'good' : 'bad'} label={isActive ? words.users.active : words.users.disabled} />;
}

const ROLES: Column<Role>[] = [
  { name: words.users.role, cell: (role) => <code>{role.name}</code> },
  { name: words.users.meaning, cell: (role) => role.description || '–' },
];

export function UsersPage() {
  const { limit, offset } = useTurn(50);
  const users = useQuery({
    ...getUsersOptions({ query: { limit, offset } }),
    placeholderData: keepPreviousData,
  });
  const roles = useQuery(getRolesOptions());
  const [isCreating, setIsCreating] = useState(false);
  const [edited, setEdited] = useState<User>();
  const refresh = useRefresh();
  const letIn = useMutation({
    mutationFn: (user: User) => updateUser({ path: { userId: user.id }, body: { status: 'ACTIVE' } }),
    onSuccess: async (_, user) => {
      await refresh();
      done(words.users.made(user.username));
    },
    onError: refused,
  });
  const names = roles.data?.list.map((role) => role.name) ?? [];
  return (
    <>
      <PageHeader
        title={words.users.title}
        lead={words.users.lead}
        actions={
          <Group>
            <Button leftSection={<IconUserPlus size={17} />} onClick={() => setIsCreating(true)}>
              {words.users.create}
            </Button>
          </Group>
        }
      />
      <Panels>
        <QueryView query={users}>
          {(page) =>
            page.list.length === 0 ? (
              <EmptyState title={words.users.emptyTitle} help={words.users.emptyHelp} />
            ) : (
              <div>
                <ListTable
                  label={words.users.title}
                  columns={columnsOf(setEdited, letIn.mutate)}
                  rows={page.list}
                  rowKey={(user) => user.id}
                />
                <Pages limit={limit} total={page.pagination?.total ?? page.count} />
              </div>
            )
          }
        </QueryView>
        <Panel title={words.users.allRoles}>
          <QueryView query={roles}>
            {(page) => <ListTable label={words.users.allRoles} columns={ROLES} rows={page.list} rowKey={(role) => role.name} />}
          </QueryView>
        </Panel>
      </Panels>
      {isCreating ? <UserCreate roles={names} onClose={() => setIsCreating(false)} /> : null}
      {edited ? <UserEdit user={edited} roles={names} onClose={() => setEdited(undefined)} /> : null}
    </>
  );
}
