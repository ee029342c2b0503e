// Notes come out of a file that anybody may have written: they are used if they have the form.

import type { RunNotes } from '../../tables/index.js';

type Form = 'string' | 'number' | 'boolean' | readonly [Form] | { readonly [name: string]: Form };

const NUMBERS: Form = ['number'];
const FILE: Form = { name: 'string', 'bytes?': 'number', 'sha256?': 'string' };
const COLUMN: Form = {
  name: 'string',
  kind: 'string',
  'categories?': ['string'],
  'others?': 'number',
  missing: 'number',
  'min?': 'number',
  'max?': 'number',
  'mean?': 'number',
  'std?': 'number',
};

/** What `inspect` prints of them; names with ? may be missing. */
const NOTES: Form = {
  notes: 'number',
  command: 'string',
  data: { files: [FILE], format: 'string', rows: 'number', trainRows: 'number', validationRows: 'number' },
  schema: {
    task: 'string',
    columns: [COLUMN],
    'sparseColumns?': 'number',
    target: { name: 'string', kind: 'string', 'counts?': NUMBERS },
    dropped: [{ name: 'string', why: 'string' }],
    missing: 'string',
    scale: 'string',
  },
  network: { optimizer: 'string', batchSize: 'number', seed: 'number' },
  history: {
    loss: NUMBERS,
    'validationLoss?': NUMBERS,
    epochs: 'number',
    every: 'number',
    'bestEpoch?': 'number',
    stopReason: 'string',
  },
  evaluation: { on: 'string', rows: 'number', metrics: {} },
  version: 'string',
};

function has(value: unknown, form: Form): boolean {
  if (typeof form === 'string') return typeof value === form;
  if (Array.isArray(form)) return Array.isArray(value) && value.every((each) => has(each, form[0]));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(form).every(([name, inner]) => {
    const optional = name.endsWith('?');
    const given = (value as Record<string, unknown>)[optional ? name.slice(0, -1) : name];
    return (optional && given === undefined) || has(given, inner);
  });
}

/** @returns undefined if they are none, or of another version */
export function readNotes(value: unknown): RunNotes | undefined {
  if (!has(value, NOTES)) return undefined;
  const notes = value as RunNotes;
  return notes.notes === 1 && has(Object.values(notes.evaluation.metrics), NUMBERS) ? notes : undefined;
}
