// A training and what came of it, as people read it.

import type { Evaluation, RunNotes, Schema } from '../tables/index.js';
import { numberText } from './plot.js';
import { tableText } from './table.js';
import { bytesText } from './text.js';

const WORDS: Readonly<Record<string, string>> = {
  accuracy: 'accuracy',
  balancedAccuracy: 'balanced accuracy',
  f1Macro: 'F1, mean over classes',
  logLoss: 'log loss',
  rocAuc: 'ROC AUC',
  matthewsCorrcoef: 'Matthews correlation',
  r2: 'R2',
  rootMeanSquaredError: 'root mean squared error',
  meanAbsoluteError: 'mean absolute error',
  meanAbsolutePercentageError: 'mean absolute percentage error',
};

const count = (n: number): string => n.toLocaleString('en-US');

export const metricsPairs = ({ metrics }: Pick<Evaluation, 'metrics'>): [string, string][] =>
  Object.entries(metrics).map(([name, value]) => [WORDS[name] ?? name, numberText(value)]);

/** A list that is not too long. */
function some(words: readonly string[], most = 8): string {
  return words.length <= most ? words.join(', ') : `${words.slice(0, most).join(', ')}, ... (${count(words.length)})`;
}

/** What was found in a file. */
export function schemaPairs(schema: Schema): [string, string][] {
  const { target, columns, sparseColumns, dropped } = schema;
  const of = (kind: string) => columns.filter((column) => column.kind === kind);
  const classes = (target.classes ?? []).map((label, i) => `${label} ${count(target.counts?.[i] ?? 0)}`);
  const about = target.classes
    ? `${classes.length} classes (${some(classes, 6)})`
    : `a number from ${numberText(target.min ?? 0)} to ${numberText(target.max ?? 0)}, mean ${numberText(target.mean ?? 0)}`;
  const gaps = columns.filter(({ missing }) => missing > 0).map(({ name, missing }) => `${name} ${count(missing)}`);
  const categories = of('category').map(
    ({ name, categories = [], others }) =>
      `${name} ${categories.length}${others ? ` and ${count(others)} others` : ''}`,
  );
  const pairs: [string, string][] = [
    ['target', `${target.name}: ${about}`],
    [
      'numbers',
      sparseColumns === undefined
        ? some(of('number').map(({ name }) => name))
        : `${count(sparseColumns)} sparse columns`,
    ],
    ['flags', some(of('boolean').map(({ name }) => name))],
    ['categories', some(categories)],
    ['gaps', some(gaps)],
    [
      'left out',
      some(
        dropped.map(({ name, why }) => `${name}: ${why}`),
        4,
      ),
    ],
  ];
  return pairs.filter(([, text]) => text !== '');
}

/** `4-64-32-3 relu, adam, 2,499 parameters`. */
export function networkText({ network }: Pick<RunNotes, 'network'>): string {
  const { inputs, layers, optimizer, parameters, batchSize, dtype } = network;
  const sizes = [inputs, ...layers.map(({ units }) => units)].join('-');
  const hidden = layers.length > 1 ? `, ${layers[0].activation}` : '';
  return `${sizes}${hidden}, ${count(parameters)} parameters in ${dtype}, ${optimizer} in batches of ${batchSize}`;
}

/** counts[i][j]: rows of class i that were taken for class j. */
export function confusionText({ confusion }: Evaluation, room: number): string {
  if (!confusion || confusion.classes.length > 20) return '';
  const heads = confusion.classes.map((head) => ({ head, right: true }));
  const rows = confusion.counts.map((row, i) => [confusion.classes[i], ...row]);
  return tableText([{ head: 'is \\ taken for' }, ...heads], rows, room);
}

export const fileText = (path: string, bytes: number): string => `${path} (${bytesText(bytes)})`;

/** A word as a shell takes it. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
