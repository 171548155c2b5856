import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { CodeBlock } from '../code-block';
import type { Field, Shape } from './reference';
import classes from './reference.module.css';
import { words } from './words';

/** A body: its parts as a tree, or one that fits. */
export function ShapeView({ shape, label }: { shape: Shape; label: string }) {
  const hasFields = shape.fields.length > 0;
  const [view, setView] = useState(hasFields ? 'fields' : 'example');
  return (
    <div className={classes.shape}>
      <div className={classes.media}>
        <code>{shape.type}</code>
        <span>{shape.whole}</span>
        {hasFields && shape.example ? (
          <SegmentedControl
            size="xs"
            aria-label={`${label}: ${words.view}`}
            data={[
              { value: 'fields', label: words.fields },
              { value: 'example', label: words.example },
            ]}
            value={view}
            onChange={setView}
          />
        ) : null}
      </div>
      {view === 'fields' ? <Fields fields={shape.fields} label={label} /> : null}
      {view === 'example' && shape.example ? <CodeBlock text={shape.example} label={`${label}: ${words.example}`} /> : null}
    </div>
  );
}

function Fields({ fields, label }: { fields: Field[]; label: string }) {
  return (
    <ul className={classes.fields} aria-label={label}>
      {fields.map((field) => (
        <li key={field.name}>
          <div className={classes.field}>
            <code>{field.name}</code>
            <span className={classes.type}>{field.type}</span>
            {field.isRequired ? <span className={classes.required}>{words.required}</span> : null}
          </div>
          {field.description ? <p className={classes.meaning}>{field.description}</p> : null}
          {field.choices.length > 0 ? (
            <p className={classes.meaning}>
              {words.oneOf} {field.choices.join(', ')}
            </p>
          ) : null}
          {field.children.length > 0 ? (
            <details className={classes.within}>
              <summary>
                {words.partsOf} {field.name}
              </summary>
              <Fields fields={field.children} label={field.name} />
            </details>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
