// What names in a run are called, and what they mean.

import type { Run } from '../tables/index.js';
import { LIMITS } from './limits.js';
import { countText, numberText, percentText } from './numbers.js';
import { cut, spaced } from './text.js';

interface Metric {
  readonly name: string;
  readonly says: string;
  readonly text?: (value: number) => string;
}

const METRICS: Readonly<Record<string, Metric>> = {
  accuracy: { name: 'Accuracy', says: 'rows whose class is the right one', text: percentText },
  balancedAccuracy: {
    name: 'Balanced accuracy',
    says: 'mean over classes of the part that is found',
    text: percentText,
  },
  f1Macro: { name: 'F1, mean over classes', says: 'precision and recall in one; 1 is the best' },
  logLoss: { name: 'Log loss', says: 'how surprised it is by the right answers; 0 is the best' },
  rocAuc: { name: 'Area under ROC', says: '0.5 is guessing, 1 is the best' },
  matthewsCorrcoef: { name: 'Matthews correlation', says: '0 is guessing, 1 is the best' },
  r2: { name: 'R²', says: 'part of the variance that it explains; 0 is the mean for every row, 1 is the best' },
  rootMeanSquaredError: { name: 'Root mean squared error', says: "in the target's unit; large errors count more" },
  meanAbsoluteError: { name: 'Mean absolute error', says: "how far off it is on average, in the target's unit" },
  meanAbsolutePercentageError: {
    name: 'Mean absolute percentage error',
    says: 'the same as a part of the right answer',
    text: percentText,
  },
};

/** Of what this table does not know. */
const otherName = (name: string): string => spaced(cut(name, LIMITS.text));

/** A metric as a table has it. */
export function metricOf(key: string, value: number): { name: string; value: string; says: string } {
  const known = Object.hasOwn(METRICS, key) ? METRICS[key] : undefined;
  return {
    name: known?.name ?? otherName(key),
    value: (known?.text ?? numberText)(value),
    says: known?.says ?? '',
  };
}

const REASONS: Readonly<Record<string, string>> = {
  epochs: 'all epochs were done',
  earlyStopping: 'it no longer got better',
  callback: 'it was asked to stop',
  learningRate: 'the learning rate became too small to change anything',
  functionCalls: 'the allowed number of evaluations was used up',
  converged: 'nothing was left to improve',
};

export const reasonText = (reason: string): string =>
  Object.hasOwn(REASONS, reason) ? REASONS[reason] : otherName(reason);

const LOSSES: Readonly<Record<string, string>> = {
  crossEntropy: 'cross entropy',
  binaryCrossEntropy: 'binary cross entropy',
  mse: 'mean squared error',
};

export const lossName = (loss: string): string => (Object.hasOwn(LOSSES, loss) ? LOSSES[loss] : otherName(loss));

/** Whether the figures are of rows that the network never saw. */
export const isHeldOut = ({ notes }: Run): boolean => notes.evaluation.on === 'validation';

/** `30 rows that were held out`. */
export function rowsText(run: Run): string {
  const { rows } = run.evaluation;
  const what = isHeldOut(run) ? 'held out' : 'of the training';
  return `${countText(rows)} ${rows === 1 ? 'row' : 'rows'} ${what}`;
}

/** The last part of a path. */
export const fileName = (path: string): string => path.split(/[/\\]/).findLast((part) => part !== '') ?? path;

/** What was learnt from: `iris.csv`, `a.csv and 2 more files`. */
export function sourceText({ notes }: Run): string {
  const { files } = notes.data;
  const first = files.length > 0 ? fileName(files[0].name) : 'data';
  return files.length < 2 ? first : `${first} and ${countText(files.length - 1)} more`;
}
