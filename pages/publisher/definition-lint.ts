import { validateOpenApiDefinition } from '../client/publisher/sdk.gen';
import type { ErrorListItem } from '../client/publisher/types.gen';
import type { Mark } from '../kit/definition-editor';

/** The faults of a definition, as the platform would refuse it. */
export async function faultsOf(text: string): Promise<ErrorListItem[]> {
  const { data } = await validateOpenApiDefinition({ body: { inlineAPIDefinition: text } });
  return data.isValid ? [] : (data.errors ?? []);
}

/** The same as marks in the text. A platform that cannot be asked marks nothing: saving says why. */
export async function marksOf(text: string): Promise<Mark[]> {
  return faultsOf(text).then(
    (faults) => faults.map(markOf),
    () => [],
  );
}

/** A fault names its place as `line 3, column 5` or `/paths/~1pets (line 3)`. */
export function markOf({ message, description = '' }: Pick<ErrorListItem, 'message' | 'description'>): Mark {
  const found = /line (\d+)(?:, column (\d+))?/.exec(description) ?? /line (\d+)(?:, column (\d+))?/.exec(message);
  return { line: Number(found?.[1] ?? 1), column: Number(found?.[2] ?? 1), message };
}
