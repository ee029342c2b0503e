// A run in a few words and figures: what stands at the top of the page, and of the summary for pull requests.

import type { Run } from '../tables/index.js';
import { counted, countText, numberText, secondsText } from './numbers.js';
import { listed } from './text.js';
import { isHeldOut, metricOf } from './words.js';

export interface Key {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

function shapeText({ notes }: Run): string {
  const { inputs, layers, parameters } = notes.network;
  const hidden = layers.slice(0, -1).map(({ units }) => countText(units));
  const few = hidden.length > 6 ? [...hidden.slice(0, 5), `${hidden.length - 5} more`] : hidden;
  const between =
    hidden.length === 0
      ? 'no hidden layer'
      : `${hidden.length === 1 ? 'a hidden layer' : 'hidden layers'} of ${listed(few)} units`;
  return `${counted(inputs, 'input')}, ${between} and ${counted(parameters, 'parameter')}`;
}

function rightRows({ evaluation }: Run): number | undefined {
  return evaluation.confusion?.counts.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
}

/** What it is, and what it is worth: two sentences. */
export function summaryOf(run: Run): string {
  const { notes, evaluation } = run;
  const { schema, data } = notes;
  const learnt =
    schema.task === 'classify'
      ? `to tell ${counted(schema.target.classes?.length ?? 0, 'class', 'classes')} apart`
      : 'a number';
  const first = `A network with ${shapeText(run)} learnt ${learnt} from ${counted(data.trainRows, 'row')}.`;
  const unseen = isHeldOut(run) ? 'that it never saw' : 'of those it learnt from';
  const right = rightRows(run);
  if (schema.task === 'classify' && right !== undefined && evaluation.rows > 0) {
    return `${first} Of ${counted(evaluation.rows, 'row')} ${unseen}, it puts ${countText(right)} into the right class.`;
  }
  const { meanAbsoluteError: off } = evaluation.metrics;
  if (Number.isFinite(off) && evaluation.rows > 0) {
    return `${first} On ${counted(evaluation.rows, 'row')} ${unseen}, it is off by ${numberText(off)} on average.`;
  }
  return first;
}

/** The metrics that say most, by task. */
const CHIEF = {
  classify: ['accuracy', 'rocAuc', 'logLoss'],
  regress: ['r2', 'rootMeanSquaredError', 'meanAbsoluteError'],
};
const SHORT: Readonly<Record<string, string>> = {
  rootMeanSquaredError: 'RMS error',
  meanAbsoluteError: 'Mean error',
  rocAuc: 'Area under ROC',
};

const noteOf = (run: Run, key: string): string => {
  const { evaluation } = run;
  const right = rightRows(run);
  if (key === 'accuracy' && right !== undefined) return `${countText(right)} of ${countText(evaluation.rows)} rows`;
  const notes: Readonly<Record<string, string>> = {
    rocAuc: '0.5 is guessing, 1 is best',
    logLoss: '0 is best',
    r2: '1 is best, 0 is the mean',
    rootMeanSquaredError: "in the target's unit",
    meanAbsoluteError: "in the target's unit",
  };
  return notes[key] ?? '';
};

/** Figures that are read first. */
export function keysOf(run: Run): Key[] {
  const { notes, evaluation } = run;
  const { history, network, data, schema } = notes;
  const chief = CHIEF[schema.task].filter((key) => Object.hasOwn(evaluation.metrics, key));
  const best = history.bestEpoch === undefined ? '' : `the best is ${countText(history.bestEpoch)}`;
  return [
    ...chief.map((key) => {
      const { name, value } = metricOf(key, evaluation.metrics[key]);
      return { name: SHORT[key] ?? name, value, note: noteOf(run, key) };
    }),
    {
      name: 'Rows',
      value: countText(data.trainRows),
      note: data.validationRows > 0 ? `and ${countText(data.validationRows)} held out` : 'none held out',
    },
    { name: 'Epochs', value: countText(history.epochs), note: best },
    { name: 'Training', value: secondsText(run.seconds.train), note: `${counted(network.parameters, 'parameter')}` },
  ];
}
