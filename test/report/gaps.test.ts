// What is not there, or is no number: said in words, never an empty chart.

import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { reportOf } from '../../src/report/index.js';
import type { Evaluation, Run, RunHistory } from '../../src/tables/index.js';
import { classification, regression, three } from './runs.js';

const NOT = /\bNaN\b|\bundefined\b|\bInfinity\b/;

const withHistory = (run: Run, history: Partial<RunHistory>): Run => ({
  ...run,
  notes: { ...run.notes, history: { ...run.notes.history, ...history } },
});
const withEvaluation = (run: Run, evaluation: Partial<Evaluation>): Run => ({
  ...run,
  evaluation: { ...run.evaluation, ...evaluation },
});

function look(run: Run) {
  const { html, markdown } = reportOf(run);
  expect(NOT.exec(html + markdown)).toBeNull();
  const { document } = parseHTML(html);
  const words = [...document.querySelectorAll('.instead')].map(({ textContent }) => textContent?.trim());
  const cautions = [...document.querySelectorAll('.cautions li')].map(({ textContent }) => textContent?.trim());
  const has = (id: string) => document.querySelector(`figure#${id}`) !== null;
  return { html, markdown, text: document.body.textContent?.replace(/\s+/g, ' ') ?? '', words, cautions, has };
}

const history = (loss: number[], validationLoss?: number[]): Partial<RunHistory> => ({
  loss,
  validationLoss,
  learningRate: loss.map(() => 0.01),
  epochs: loss.length,
  bestEpoch: undefined,
});

describe('curves', () => {
  test('of one epoch', () => {
    const { words, has } = look(withHistory(three(), history([0.52], [0.61])));
    expect(has('loss')).toBe(false);
    expect(words).toEqual([
      'Loss by epoch. There is no curve of a single epoch: loss 0.52 after epoch 1, of held-out rows 0.61 after epoch 1.',
    ]);
  });

  test('of none', () => {
    expect(look(withHistory(three(), history([]))).words).toEqual(['Loss by epoch. Nothing was recorded.']);
  });

  test('without numbers', () => {
    const { words, cautions } = look(withHistory(three(), history([NaN, NaN, NaN])));
    expect(words).toEqual(['Loss by epoch. No epoch had a finite loss.']);
    expect(cautions).toContainEqual(expect.stringMatching(/^The loss was not a finite number in epoch 1:/));
  });

  test('that end in none', () => {
    const { has, cautions, text } = look(withHistory(three(), history([3, 2, 9, Infinity, NaN], [3, 2, 9, NaN, NaN])));
    expect(has('loss')).toBe(true);
    expect(cautions).toContainEqual(expect.stringMatching(/^The loss was not a finite number in epoch 4:/));
    expect(text).toContain('not defined');
  });

  test('without held-out rows', () => {
    const run = withHistory(three(), { validationLoss: undefined, bestEpoch: undefined });
    const { notes } = run;
    const { text, cautions, html } = look({
      ...run,
      notes: {
        ...notes,
        data: { ...notes.data, validationRows: 0 },
        evaluation: { ...notes.evaluation, on: 'training' },
      },
    });
    expect(cautions[0]).toMatch(/^No rows were held out:/);
    expect(text).toContain('the very rows that the network learnt from');
    expect(html).not.toContain('stroke-dasharray="6 4"');
  });

  test('of many epochs keep their spikes, and their last', () => {
    const loss = Array.from({ length: 10_000 }, (_, i) => (i === 7123 ? 50 : 1 + 1 / (i + 1)));
    const { text } = look(withHistory(three(), { ...history(loss), every: 10, epochs: 99_995 }));
    expect(text).toContain('in 99,995 epochs');
    const { html } = reportOf(withHistory(three(), { ...history(loss), every: 10, epochs: 99_995 }));
    expect(html).toMatch(/logarithmic|50/);
    expect(html.length).toBeLessThan(80_000);
  });
});

describe('classes', () => {
  test('one that no row is of', () => {
    const run = three();
    const classes = run.evaluation.classes?.map((each, i) =>
      i === 1 ? { ...each, recall: 0, f1: 0, support: 0 } : each,
    );
    const counts = run.evaluation.confusion?.counts.map((row, i) => (i === 1 ? [0, 0, 0] : row)) as number[][];
    const confusion = { classes: ['setosa', 'versicolor', 'virginica'], counts };
    const { cautions, text, markdown } = look(withEvaluation(run, { classes, confusion, roc: [] }));
    const said =
      'Class versicolor has no rows among those that were judged: nothing can be said of how well it is found.';
    expect(cautions).toEqual([said]);
    expect(markdown).toContain('Class versicolor has no rows');
    expect(text).toContain('no rows');
    expect(text).toContain('ROC. There is no curve: it takes rows of a class, and rows of another.');
  });

  test('nothing was judged', () => {
    const none = {
      rows: 0,
      metrics: {},
      confusion: {
        classes: ['a', 'b', 'c'],
        counts: [
          [0, 0, 0],
          [0, 0, 0],
          [0, 0, 0],
        ],
      },
      classes: [],
      roc: [],
      calibration: [],
    };
    const { words, text } = look(withEvaluation(three(), none));
    expect(words).toEqual([
      'Confusion matrix. There were no rows to judge.',
      'ROC. There is no curve: it takes rows of a class, and rows of another.',
      'Calibration. There are no probabilities to compare.',
    ]);
    expect(text).toContain('There are no metrics.');
  });

  test('nothing but metrics that are no numbers', () => {
    const run = withEvaluation(three(), {
      metrics: { accuracy: NaN, logLoss: Infinity, rocAuc: -Infinity },
      confusion: undefined,
      classes: undefined,
      roc: undefined,
      calibration: undefined,
    });
    const { text } = look(run);
    expect(text).toMatch(/Log loss\s*infinite/);
    expect(text).toMatch(/Accuracy\s*not defined/);
  });

  test('more than can be drawn', () => {
    const { text } = look(
      classification(
        Array.from({ length: 130 }, (_, i) => `class ${i}`),
        { rowsOfEach: 3 },
      ),
    );
    expect(text).toContain('The 31 rarest classes are one row and one column.');
    expect(text).toContain('120 more classes are not drawn');
    expect(text).toContain('The 100 most frequent of 130 classes');
    expect(text).toContain('100 rarer classes are not drawn.');
  });
});

describe('numbers', () => {
  test('no residuals', () => {
    expect(look(withEvaluation(regression(), { residuals: { actual: [], predicted: [] } })).words).toEqual([
      'Residuals. There are no rows to draw.',
    ]);
    expect(look(withEvaluation(regression(), { residuals: undefined })).words).toHaveLength(1);
  });

  test('residuals that are no numbers', () => {
    expect(
      look(withEvaluation(regression(), { residuals: { actual: [1, 2], predicted: [NaN, Infinity] } })).words,
    ).toEqual(['Residuals. No prediction is a finite number.']);
    const { text, has } = look(
      withEvaluation(regression(), { residuals: { actual: [1, 2, 3], predicted: [1, NaN, 3] } }),
    );
    expect(has('residuals')).toBe(true);
    expect(text).toContain('1 row without a finite prediction is not drawn.');
  });

  test('all the same', () => {
    const { has } = look(withEvaluation(regression(), { residuals: { actual: [5, 5, 5], predicted: [5, 5, 5] } }));
    expect([has('residuals'), has('predicted'), has('spread')]).toEqual([true, true, false]);
  });

  test('the largest there are, which no scale takes', () => {
    const most = Number.MAX_VALUE;
    const { text, has } = look(
      withEvaluation(regression(), { residuals: { actual: [most, -most, 1, 2], predicted: [1, 1, -1, 2] } }),
    );
    expect(has('predicted')).toBe(true);
    expect(text).toContain('2 rows without a finite prediction are not drawn.');
  });
});

test('any numbers', () => {
  const numbers = fc.array(fc.double(), { maxLength: 6 });
  const run = regression({ rows: 5 });
  fc.assert(
    fc.property(numbers, numbers, numbers, (a, b, c) => {
      const saliency = a.map((value, i) => ({ column: `c${i}`, value }));
      const weights = [{ layer: 'layer 1', edges: a, counts: b.slice(1) }];
      const judged = { metrics: { r2: a[0] ?? NaN }, residuals: { actual: b, predicted: c } };
      look(withHistory(withEvaluation({ ...run, saliency, weights }, judged), history(a, b)));
    }),
    { numRuns: 6 },
  );
});

describe('what it goes by, and looks like', () => {
  const words = (run: Run) => look(run).words;
  const run = three();

  test('no saliency, none that is a number, none but 0', () => {
    expect(words({ ...run, saliency: [] })).toEqual(['Input saliency. It was not looked at.']);
    expect(words({ ...run, saliency: [{ column: 'a', value: NaN }] })).toEqual([
      'Input saliency. No gradient is a finite number.',
    ]);
    expect(words({ ...run, saliency: [{ column: 'a', value: 0 }] })).toEqual([
      'Input saliency. The output changes with no input: all gradients are 0.',
    ]);
  });

  test('weights that are neighbours among numbers, or as good as 0', () => {
    const near = { layer: 'layer 1', edges: [-1e-323, -5e-324, 0], counts: [0, 3] };
    expect(words({ ...run, weights: [near] })).toEqual([
      'Weights by layer. There is no range of finite numbers to draw.',
    ]);
    const edges = [1e20, 1e20 + 16_384, 1e20 + 32_768];
    expect(words({ ...run, weights: [{ ...near, edges }] })).toHaveLength(1);
  });

  test('no weights, none that is a number', () => {
    expect(words({ ...run, weights: [] })).toEqual(['Weights by layer. There are none.']);
    const broken = { layer: 'layer 1', edges: [Infinity, NaN, -Infinity], counts: [0, 0] };
    expect(words({ ...run, weights: [broken] })).toEqual([
      'Weights by layer. There is no range of finite numbers to draw.',
    ]);
    expect(look({ ...run, weights: [broken, ...run.weights] }).text).toContain(
      '1 layer without finite weights is not drawn.',
    );
  });

  test('no command, no times, no date, sizes that are not known', () => {
    const { notes } = run;
    const { text, markdown } = look({
      ...run,
      notes: { ...notes, command: '', data: { ...notes.data, files: [{ name: '<stdin>' }] } },
      model: { ...run.model, file: undefined, bytes: NaN },
      seconds: {},
      date: 'yesterday',
    });
    for (const said of ['there is no command', 'No times were taken.', 'yesterday', '<stdin>', 'not taken'])
      expect(text).toContain(said);
    expect(markdown).toContain('there is no command');
  });

  test('sparse rows, no columns', () => {
    const { notes } = run;
    const without = (more: object) =>
      look({ ...run, notes: { ...notes, schema: { ...notes.schema, columns: [], ...more } } }).text;
    expect(without({ sparseColumns: 47_236 })).toContain(
      'The rows are sparse: 47,236 columns of numbers without names',
    );
    expect(without({})).toContain('There are no columns to learn from.');
  });
});
