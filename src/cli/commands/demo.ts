// bitgrad demo, which npm start runs: the notebook's example, then a network trained on real images by both backends.

import { random } from '../../index.js';
import * as ts from '../../ts.js';
import * as wasm from '../../wasm.js';
import type { Command, CommandContext } from '../command.js';
import { type DigitsOptions, type DigitsResult, learnDigits, readDigits, SIZES, TRAINED } from '../demo/digits.js';
import { notebook } from '../demo/notebook.js';
import { integer, number } from '../options.js';
import { plot } from '../plot.js';
import { pairsText, tableText } from '../table.js';
import { cut } from '../text.js';

const PLOT_HEIGHT = 6;
const PLOT_WIDTH = 72;

const NEXT = [
  ['bitgrad bench', 'how fast both are on this machine'],
  ['bitgrad train data.csv --target y', 'a model of a file of yours'],
  ['bitgrad --help', 'all commands'],
] as const;

function resultText(results: readonly DigitsResult[], { out }: CommandContext): string {
  const [fast, reference] = results;
  const head = [
    { head: 'backend', whole: true },
    { head: 'seconds', right: true, whole: true },
    { head: 'right', right: true, whole: true },
    { head: 'SHA-256 of the weights' },
  ];
  const rows = results.map(({ backend, seconds, accuracy, sha256 }) => [
    backend,
    seconds.toFixed(2),
    `${(100 * accuracy).toFixed(1)} %`,
    sha256,
  ]);
  const table = tableText(head, rows, out.room, (text) => out.style('dim', text));
  const ratio = (reference.seconds / fast.seconds).toFixed(1);
  const verdict =
    fast.sha256 === reference.sha256
      ? `${out.style('green', 'The same bits')}; wasm ${ratio} times as fast`
      : out.style('red', 'DIFFERENT BITS');
  return `${table}\n${verdict}`;
}

export const command: Command = {
  arguments: [],
  options: [
    { flags: '--epochs <n>', what: 'passes over the images', default: 40, read: integer({ min: 1 }) },
    { flags: '--rate <x>', what: 'learning rate', default: 0.1, read: number({ min: 0, above: true }) },
    {
      flags: '--seed <n>',
      what: 'of the split and the weights',
      default: 42,
      read: integer({ min: 0, max: 2 ** 32 - 1 }),
    },
  ],
  examples: [
    ['bitgrad demo', 'a look at what this is'],
    ['bitgrad demo --epochs 10 --seed 7', 'other weights: other bits, the same ones twice'],
  ],
  async run(_args, given, context) {
    const { out, signal } = context;
    const options = given as unknown as DigitsOptions;
    const engines = [wasm.engine, ts.engine];
    const heading = (text: string) => out.line(out.style('bold', cut(text, out.room)));

    heading('1. The notebook: X = [[0.1, 0.2]], y = [[0.3]], weights by random(42)');
    const notebooks = engines.map((engine) => ({ backend: engine.backend, ...notebook(engine) }));
    for (const { backend, output, outputGradient, hiddenGradient } of notebooks) {
      const pairs = [
        [backend.padEnd(4), 'output', output],
        ['', 'output gradient', outputGradient],
        ['', 'hidden gradient', hiddenGradient],
      ];
      out.line(tableText([{ head: '', whole: true }, { head: '', whole: true }, { head: '' }], pairs, out.room));
    }

    heading(`\n2. Real images: a ${SIZES.join('-')} network, ${options.epochs} epochs on ${TRAINED} of them`);
    const digits = await readDigits(random(options.seed));
    const live = out.live();
    const results: DigitsResult[] = [];
    const draw = (losses: readonly number[]) => plot(losses, Math.min(PLOT_WIDTH, out.width - 1), PLOT_HEIGHT);
    for (const engine of engines) {
      const watch = (losses: readonly number[]) => {
        const text = `${engine.backend.padEnd(4)}  epoch ${losses.length}/${options.epochs}  loss ${losses[losses.length - 1].toFixed(5)}`;
        live.update(losses.length / options.epochs, text, () => draw(losses));
      };
      results.push(await learnDigits(engine, digits, options, watch, signal));
    }
    live.end();
    if (options.epochs > 1) out.line(draw(results[0].losses));
    const same = results[0].sha256 === results[1].sha256;
    out.result({ notebooks, digits: { ...options, results, same } }, resultText(results, context));
    out.line(`\n${out.style('bold', 'What to try next')}`);
    out.line(
      pairsText(
        NEXT.map(([line, what]) => [`npx ${line}`, what] as const),
        out.room,
      ),
    );
    return same ? 0 : 1;
  },
};
