import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Confirm } from '../../kit/confirm';
import { done } from '../../kit/toast';
import { useSubject, useSubjectPlace } from '../subject';
import { useRefresh } from '../use-api';
import { words } from '../words';

/** Deletes the API or the product of the address, after asking. */
export function DeleteButton() {
  const { kind, id, calls, paths } = useSubjectPlace();
  const { name } = useSubject();
  const w = kind === 'api' ? words.api : words.products;
  const [isAsked, setIsAsked] = useState(false);
  const navigate = useNavigate();
  const refresh = useRefresh();
  async function remove() {
    await calls.remove(id);
    await navigate({ to: paths.all });
    done(w.deleted(name));
    await refresh();
  }
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setIsAsked(true)}>
        {w.delete}
      </Button>
      {isAsked ? (
        <Confirm title={w.deleteTitle(name)} body={w.deleteBody} action={w.delete} onConfirm={remove} onClose={() => setIsAsked(false)} />
      ) : null}
    </>
  );
}
