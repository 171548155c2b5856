import { FileInput, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import type { Document } from '../../client/publisher/types.gen';
import { FormFoot } from '../../kit/form-foot';
import { ProblemView } from '../../kit/problem-view';
import { done } from '../../kit/toast';
import { words as kit } from '../../kit/words';
import { type DocumentValues, saveDocument, startOf } from '../documents';
import { useSubjectPlace } from '../subject';
import { useRefresh } from '../use-api';
import { words } from '../words';

interface DocumentEditProps {
  document?: Document;
  onSaved: (document: Document) => void;
  onClose: () => void;
}

/** What is said of a document, and where its content is; text is written on a page of its own. */
export function DocumentEdit({ document, onSaved, onClose }: DocumentEditProps) {
  const { id, calls } = useSubjectPlace();
  const refresh = useRefresh();
  const w = words.documents;
  const form = useForm<DocumentValues>({ initialValues: startOf(document), validate: rulesOf(document), onSubmitPreventDefault: 'always' });
  const { type, sourceType } = form.values;
  const saved = useMutation({
    mutationFn: (values: DocumentValues) => saveDocument(calls, id, document, values),
    onSuccess: async (made) => {
      await refresh();
      done(document ? w.saved(made.name) : w.added(made.name));
      onClose();
      if (!document) onSaved(made);
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{document ? w.edit : w.add}</Text>}
      closeButtonProps={{ 'aria-label': kit.close }}
    >
      <form noValidate onSubmit={form.onSubmit((values) => saved.mutate(values))}>
        <Stack gap="md">
          {saved.isError ? <ProblemView thrown={saved.error} /> : null}
          <TextInput label={w.name} required maxLength={60} data-autofocus {...form.getInputProps('name')} />
          <TextInput label={w.summary} description={w.summaryHelp} maxLength={255} {...form.getInputProps('summary')} />
          <Select label={w.kind} data={optionsOf(w.kinds)} {...form.getInputProps('type')} />
          {type === 'OTHER' ? <TextInput label={w.otherKind} required maxLength={60} {...form.getInputProps('otherTypeName')} /> : null}
          <SegmentedControl aria-label={w.source} data={optionsOf(w.sources)} {...form.getInputProps('sourceType')} />
          {sourceType === 'URL' ? <TextInput type="url" label={w.address} required {...form.getInputProps('sourceUrl')} /> : null}
          {sourceType === 'FILE' ? <FileInput label={w.file} placeholder={w.chooseFile} required {...form.getInputProps('file')} /> : null}
          <Select label={w.visibility} data={optionsOf(w.visibilities)} {...form.getInputProps('visibility')} />
          <FormFoot action={document ? kit.save : w.add} isPending={saved.isPending} onClose={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function optionsOf(named: Record<string, string>) {
  return Object.entries(named).map(([value, label]) => ({ value, label }));
}

function rulesOf(held: Document | undefined) {
  const w = words.documents;
  return {
    name: (value: string) => (value.trim() === '' ? w.needed : null),
    otherTypeName: (value: string, { type }: DocumentValues) => (type === 'OTHER' && value.trim() === '' ? w.needed : null),
    sourceUrl: (value: string, { sourceType }: DocumentValues) =>
      sourceType === 'URL' && !/^https?:\/\/\S+$/.test(value) ? w.addressRule : null,
    file: (value: File | null, { sourceType }: DocumentValues) =>
      sourceType === 'FILE' && !value && held?.sourceType !== 'FILE' ? w.needed : null,
  };
}
