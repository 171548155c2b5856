import { Button, Checkbox, FileInput, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { importApi } from '../../client/publisher/sdk.gen';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { paths } from '../paths';
import { useRefresh } from '../use-api';
import { words } from '../words';

/** An API from the archive that another platform has exported. */
export function ArchiveSource() {
  const w = words.archive;
  const [file, setFile] = useState<File | null>(null);
  const [overwrite, setOverwrite] = useState(false);
  const navigate = useNavigate();
  const refresh = useRefresh();
  const imported = useMutation({
    mutationFn: (chosen: File) => importApi({ query: { overwrite }, body: { file: chosen } }),
    onSuccess: async (_, chosen) => {
      await refresh();
      await navigate({ to: paths.apis() });
      done(w.imported(chosen.name.replace(/\.zip$/i, '')));
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm">{w.help}</Text>
      {imported.isError ? <ProblemView thrown={imported.error} /> : null}
      <FileInput label={w.file} placeholder={w.choose} accept=".zip,application/zip" value={file} onChange={setFile} maw={460} />
      <Checkbox label={w.overwrite} checked={overwrite} onChange={(event) => setOverwrite(event.currentTarget.checked)} />
      <Group>
        <Button disabled={!file} loading={imported.isPending} onClick={() => file && imported.mutate(file)}>
          {w.import}
        </Button>
      </Group>
    </Stack>
  );
}
