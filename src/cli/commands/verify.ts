// bitgrad verify: the same rows through both backends and several numbers of threads, and the hashes side by side.

import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { answersOf, hashOf, learnerOf, loadModel } from '../../tables/index.js';
import { createEngine as createTs } from '../../ts.js';
import { createEngine as createWasm } from '../../wasm.js';
import type { Command } from '../command.js';
import { DATA_OPTIONS, type DataOptions, openData } from '../data-options.js';
import { tableText } from '../table.js';

const BACKENDS = { wasm: createWasm, ts: createTs } as const;

export const command: Command = {
  arguments: [
    ['<model>', 'a file that bitgrad train wrote'],
    ['<data>', 'rows to predict; - is standard input'],
  ],
  options: DATA_OPTIONS,
  examples: [
    ['bitgrad verify model.safetensors data.csv', 'on another machine: its hashes are the same'],
    ['bitgrad verify model.safetensors data.csv --json', 'whole hashes, for programs'],
  ],
  async run([path, data], given, { out, signal }) {
    const options = given as unknown as DataOptions;
    const most = Math.max(2, availableParallelism());
    const live = out.live();
    const found: {
      backend: string;
      threads: number;
      rows: number;
      weights: string;
      predictions: string;
      seconds: number;
    }[] = [];
    try {
      for (const [backend, create] of Object.entries(BACKENDS)) {
        for (const threads of [1, most]) {
          live.update(found.length / 4, `${backend}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
          const engine = create({ threads });
          try {
            const from = performance.now();
            const model = await loadModel(path, { engine });
            const hash = createHash('sha256');
            let rows = 0;
            const width = model.notes.schema.target.classes?.length ?? 1;
            for await (const answers of answersOf(model, await openData(data, options, signal), signal)) {
              rows += answers.length / width;
              hash.update(Float64Array.from(answers));
            }
            const seconds = (performance.now() - from) / 1000;
            const weights = hashOf(learnerOf(model).network.parameters);
            found.push({ backend, threads, rows, weights, predictions: hash.digest('hex'), seconds });
          } finally {
            engine.dispose();
          }
        }
      }
    } finally {
      live.end();
    }
    const same = found.every(
      ({ weights, predictions }) => weights === found[0].weights && predictions === found[0].predictions,
    );
    const short = (text: string) => (out.room < 160 ? text.slice(0, 16) : text);
    const right = true;
    const table = tableText(
      [
        { head: 'backend', whole: true },
        { head: 'threads', right },
        { head: 'rows', right },
        { head: 'weights' },
        { head: 'predictions' },
        { head: 'seconds', right },
      ],
      found.map(({ backend, threads, rows, weights, predictions, seconds }) => [
        backend,
        threads,
        rows,
        short(weights),
        short(predictions),
        seconds.toFixed(2),
      ]),
      out.room,
    );
    const verdict = same ? out.style('green', 'the same bits everywhere') : out.style('red', 'THE BITS DIFFER');
    out.result({ same, runs: found }, `${table}\n\n${verdict}`);
    return same ? 0 : 1;
  },
};
