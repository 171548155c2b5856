import { NativeSelect, Stack } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { CodeBlock } from '../code-block';
import type { Call } from '../curl';
import { isSampleLanguage, SAMPLES, type SampleLanguage } from './samples';
import { words } from './words';

/** A call as code, in the language that this person chose last. */
export function CodeSamples({ call, label }: { call: Call; label: string }) {
  const [kept, keep] = useLocalStorage<SampleLanguage>({ key: 'postern-sample', defaultValue: 'curl', getInitialValueInEffect: false });
  const language = isSampleLanguage(kept) ? kept : 'curl';
  return (
    <Stack gap={6}>
      <NativeSelect
        size="xs"
        aria-label={words.samples.language}
        data={Object.entries(SAMPLES).map(([value, { name }]) => ({ value, label: name }))}
        value={language}
        onChange={(event) => keep(event.currentTarget.value as SampleLanguage)}
        style={{ alignSelf: 'start' }}
      />
      <CodeBlock text={SAMPLES[language].write(call)} label={`${label}: ${SAMPLES[language].name}`} />
    </Stack>
  );
}
