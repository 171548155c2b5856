import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Panel } from '../../kit/page-parts';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { changePassword } from '../people';
import { words } from '../people-words';
import classes from './account.module.css';

export function PasswordPanel() {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { current: '', next: '' },
    validate: {
      current: (value) => (value === '' ? words.needed('current password') : null),
      next: (value) => (value === '' ? words.needed('new password') : null),
    },
    onSubmitPreventDefault: 'always',
  });
  const changed = useMutation({
    mutationFn: (values: typeof form.values) => changePassword(values.current, values.next),
    onSuccess: () => {
      form.reset();
      done(words.changed);
      return queries.invalidateQueries();
    },
  });
  return (
    <Panel title={words.password} help={words.passwordHelp}>
      <form className={classes.form} noValidate onSubmit={form.onSubmit((values) => changed.mutate(values))}>
        {changed.isError ? <ProblemView thrown={changed.error} /> : null}
        <PasswordInput label={words.current} autoComplete="current-password" {...form.getInputProps('current')} />
        <PasswordInput label={words.next} description={words.nextHelp} autoComplete="new-password" {...form.getInputProps('next')} />
        <div>
          <Button type="submit" loading={changed.isPending}>
            {words.change}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
