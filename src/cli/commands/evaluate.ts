// bitgrad evaluate: what a model is worth on rows whose answers are known.

import { createEngine } from '../../index.js';
import { beside, DataError, evaluateTable, loadModel } from '../../tables/index.js';
import type { Command } from '../command.js';
import { DATA_OPTIONS, type DataOptions, openData, readSoFar } from '../data-options.js';
import { file } from '../options.js';
import { numberText } from '../plot.js';
import { confusionText, metricsPairs } from '../run-text.js';
import { pairsText, tableText } from '../table.js';

export const command: Command = {
  arguments: [
    ['<model>', 'a file that bitgrad train wrote'],
    ['<data>', 'a file with the columns of its training, the target among them; - is standard input'],
  ],
  options: [
    { flags: '-t, --target <file>', what: 'where the answers are in a file of their own', read: file },
    ...DATA_OPTIONS,
  ],
  examples: [
    ['bitgrad evaluate model.safetensors test.csv', 'metrics, confusion matrix, calibration'],
    ['bitgrad evaluate model.safetensors test.csv --json', 'the same for programs'],
  ],
  async run([path, data], given, { out, signal }) {
    const { target, ...options } = given as unknown as DataOptions & { target?: string };
    const engine = createEngine({ threads: 'auto' });
    const live = out.live();
    try {
      const model = await loadModel(path, { engine });
      let table = await openData(data, options, signal);
      if (target !== undefined) {
        const answers = await openData(target, {}, signal);
        if (table.kind === 'sparse' || answers.kind === 'sparse') {
          throw new DataError('sparse rows have their answers themselves: leave --target out', { file: table.file });
        }
        table = beside(table, answers);
      }
      const evaluation = await evaluateTable(model, table, {
        signal,
        onProgress: (rows) => live.update(readSoFar(table), `evaluating: ${rows.toLocaleString('en-US')} rows`),
      });
      live.end();
      const parts = [
        pairsText([['rows', evaluation.rows.toLocaleString('en-US')], ...metricsPairs(evaluation)], out.room),
      ];
      const confusion = confusionText(evaluation, out.room);
      if (confusion) parts.push(confusion);
      const right = true;
      if (evaluation.classes) {
        const rows = evaluation.classes.map(({ label, precision, recall, f1, support }) => [
          label,
          ...[precision, recall, f1].map(numberText),
          support,
        ]);
        const heads = ['precision', 'recall', 'F1', 'rows'].map((head) => ({ head, right }));
        parts.push(tableText([{ head: 'class' }, ...heads], rows, out.room));
      }
      if (evaluation.calibration) {
        const rows = evaluation.calibration.map(({ confidence, accuracy, count }) => [
          ...[confidence, accuracy].map(numberText),
          count,
        ]);
        const heads = ['as sure as', 'right', 'rows'].map((head) => ({ head, right }));
        parts.push(tableText(heads, rows, out.room));
      }
      out.result(evaluation, parts.join('\n\n'));
      return 0;
    } finally {
      live.end();
      engine.dispose();
    }
  },
};
