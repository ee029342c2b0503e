// bitgrad predict: a file of any size through a model.

import { createEngine } from '../../index.js';
import { createTable, loadModel, predictTable } from '../../tables/index.js';
import type { Command } from '../command.js';
import { DATA_OPTIONS, type DataOptions, names, openData, readSoFar } from '../data-options.js';
import { file } from '../options.js';

interface Options extends DataOptions {
  readonly proba?: boolean;
  readonly keep?: readonly string[];
  readonly out: string;
}

export const command: Command = {
  arguments: [
    ['<model>', 'a file that bitgrad train wrote'],
    ['<data>', 'a file with the columns of its training, in any order; - is standard input'],
  ],
  options: [
    { flags: '--proba', what: 'the probability of each class, too' },
    { flags: '--keep <columns>', what: 'columns of the file to hand on, in front of the predictions', read: names },
    { flags: '-o, --out <file>', what: 'CSV, NDJSON or Parquet, by its name', default: '-', read: file },
    ...DATA_OPTIONS,
  ],
  examples: [
    ['bitgrad predict model.safetensors new.csv > predictions.csv', 'one row for each row'],
    [
      'bitgrad predict model.safetensors new.parquet --proba --keep id --out predictions.parquet',
      'beside the column id',
    ],
  ],
  async run([path, data], given, { out, signal }) {
    const { proba = false, keep = [], out: target, ...options } = given as unknown as Options;
    const engine = createEngine({ threads: 'auto' });
    const live = out.live();
    try {
      const model = await loadModel(path, { engine });
      const table = await openData(data, options, signal);
      const { names, blocks } = predictTable(model, table, { proba, keep, signal });
      // With --json the predictions are the value: nothing else may be on standard output.
      const writer = await createTable(target, names, target === '-' && out.json ? { format: 'ndjson' } : {});
      let rows = 0;
      try {
        for await (const columns of blocks()) {
          await writer.write(columns);
          rows += columns[0].length;
          live.update(readSoFar(table), `predicting: ${rows.toLocaleString('en-US')} rows`);
        }
        await writer.end();
      } catch (error) {
        await writer.abandon();
        throw error;
      }
      live.end();
      for (const { line, message } of table.skipped) out.note(`left out line ${line}: ${message}`);
      if (target !== '-') out.result({ rows, out: target, names }, `${rows.toLocaleString('en-US')} rows in ${target}`);
      return 0;
    } finally {
      live.end();
      engine.dispose();
    }
  },
};
