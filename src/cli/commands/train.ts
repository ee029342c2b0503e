// bitgrad train: a file in; a model, a report and the command that repeats it out.

import { basename } from 'node:path';
import { createEngine, type Engine, version } from '../../index.js';
import {
  hashFile,
  hashOf,
  learnerOf,
  type OpenTable,
  type Run,
  saveModel,
  type TableTraining,
  type TableTrainingOptions,
  TRAINING_DEFAULTS,
  type TrainingProgress,
  trainTable,
} from '../../tables/index.js';
import { optimizers } from '../../train/index.js';
import type { Command, CommandContext, CommandOption } from '../command.js';
import { DATA_OPTIONS, type DataOptions, names, openWithTarget, readSoFar } from '../data-options.js';
import { checkWritable, writeWhole } from '../files.js';
import { machine } from '../machine.js';
import { file, integer, list, number, wordOr } from '../options.js';
import type { Live, Output } from '../output.js';
import { numberText, plot } from '../plot.js';
import { confusionText, fileText, metricsPairs, networkText, quoted, schemaPairs } from '../run-text.js';
import { pairsText } from '../table.js';
import { secondsText } from '../text.js';

const D = TRAINING_DEFAULTS;
const SEED = { min: 0, max: 2 ** 32 - 1 };

export const TRAINING_OPTIONS: readonly CommandOption[] = [
  { flags: '-t, --target <column>', what: 'what to predict: a column, its place from 0, or a file with one column' },
  { flags: '--task <task>', what: 'classes or numbers', default: D.task, choices: ['auto', 'classify', 'regress'] },
  {
    flags: '--hidden <units>',
    what: 'of each hidden layer; "" for none',
    default: D.hidden,
    read: list(integer({ min: 1 })),
  },
  { flags: '--activation <name>', what: 'of the hidden layers', default: D.activation },
  { flags: '--solver <name>', what: 'the optimizer', default: D.solver, choices: optimizers },
  { flags: '--learning-rate <x>', what: "default: the solver's own", read: number({ min: 0, above: true }) },
  { flags: '--epochs <n>', what: 'at most', default: D.epochs, read: integer({ min: 1 }) },
  { flags: '--batch-size <n>', what: 'rows of a step (default: 8 to 256, by the rows)', read: integer({ min: 1 }) },
  {
    flags: '--validation <part>',
    what: 'of the rows, held out',
    default: D.validation,
    read: number({ min: 0, max: 0.9 }),
  },
  {
    flags: '--patience <n>',
    what: 'epochs without improvement; 0: never stop early',
    default: D.patience,
    read: integer({ min: 0 }),
  },
  { flags: '--l2 <x>', what: 'penalty of large weights', default: D.l2, read: number({ min: 0 }) },
  { flags: '--scale <how>', what: 'of numbers', default: D.scale, choices: ['standard', 'minmax', 'robust', 'none'] },
  {
    flags: '--missing <how>',
    what: 'what to do with gaps',
    default: D.missing,
    choices: ['error', 'drop', 'mean', 'median'],
  },
  { flags: '--drop <columns>', what: 'leave these out', read: names },
  { flags: '--categorical <columns>', what: 'numbers that are names of categories', read: names },
  {
    flags: '--max-categories <n>',
    what: "inputs of one column; the rarest share 'other'",
    default: D.maxCategories,
    read: integer({ min: 2, max: 1000 }),
  },
  { flags: '--dtype <type>', what: 'of the network', default: D.dtype, choices: ['f32', 'f64'] },
  { flags: '--seed <n>', what: 'of weights, split and order', default: D.seed, read: integer(SEED) },
  { flags: '--threads <n>', what: 'at most', default: 'auto', read: wordOr(['auto'], integer({ min: 1, max: 1024 })) },
  {
    flags: '--memory <MB>',
    what: 'for rows; more go to temporary files',
    default: D.memoryBytes / 2 ** 20,
    read: integer({ min: 1 }),
  },
];

/** Words that change nothing of the model. */
const PASSING = ['--resume', '--json', '--quiet', '-q'];

interface Options extends DataOptions {
  readonly target?: string;
  readonly hidden: readonly number[];
  readonly threads: 'auto' | number;
  readonly memory: number;
  readonly out: string;
  readonly report?: string;
  readonly checkpoint?: string;
  readonly resume?: boolean;
}

/** What trainTable takes of them. */
export function trainingOptions(given: Readonly<Record<string, unknown>>): TableTrainingOptions {
  const known = [
    'task',
    'hidden',
    'activation',
    'solver',
    'learningRate',
    'epochs',
    'batchSize',
    'validation',
    'patience',
  ];
  const more = [
    'l2',
    'scale',
    'missing',
    'drop',
    'categorical',
    'maxCategories',
    'dtype',
    'seed',
    'checkpoint',
    'resume',
  ];
  const options = Object.fromEntries([...known, ...more].map((name) => [name, given[name]]));
  return { ...options, memoryBytes: (given.memory as number) * 2 ** 20 };
}

function phaseText({ phase, rows }: TrainingProgress): string {
  const what = { scan: 'reading', encode: 'encoding', train: 'training', evaluate: 'evaluating' }[phase];
  return `${what}: ${rows.toLocaleString('en-US')} rows`;
}

/** The live line: how far, and from the second epoch on the curve. */
function watch(table: OpenTable, live: Live, out: Output): (progress: TrainingProgress) => void {
  const losses: number[] = [];
  return (progress) => {
    const { epoch, epochs = 1, loss = 0, validationLoss, rowsPerSecond = 0, etaSeconds = 0 } = progress;
    if (epoch === undefined) return live.update(readSoFar(table), phaseText(progress));
    losses.push(validationLoss ?? loss);
    const held = validationLoss === undefined ? '' : `, held out ${numberText(validationLoss)}`;
    const speed = `${Math.round(rowsPerSecond).toLocaleString('en-US')} rows/s, ${secondsText(etaSeconds)} left`;
    live.update(epoch / epochs, `epoch ${epoch}/${epochs}, loss ${numberText(loss)}${held}, ${speed}`, () =>
      plot(losses, Math.min(out.width, 72), 6),
    );
  };
}

/** What is told of a training that is saved. */
export async function runOf(training: TableTraining, path: string, engine: Engine): Promise<Run> {
  const { notes, evaluation, weights, saliency, ran, seconds } = training;
  const model = {
    file: path,
    ...(await hashFile(path)),
    parametersSha256: hashOf(learnerOf(training).network.parameters),
  };
  return {
    notes,
    model,
    evaluation,
    weights,
    saliency,
    ran,
    seconds,
    machine: { ...machine(), simd: engine.info().simd },
    date: new Date().toISOString(),
  };
}

/** Writes both: NAME.html and NAME.md beside it. */
export async function writeReport(run: Run, path: string): Promise<readonly string[]> {
  const { reportOf } = await import('../../report/index.js');
  const { html, markdown } = await reportOf(run);
  const beside = `${path.replace(/\.html?$/i, '')}.md`;
  await writeWhole(path, html);
  await writeWhole(beside, markdown);
  return [path, beside];
}

function tell(
  { out }: CommandContext,
  run: Run,
  training: TableTraining,
  reports: readonly string[],
  skipped: OpenTable['skipped'],
): void {
  const { notes, model, evaluation } = run;
  const { history, data } = notes;
  const curve = history.validationLoss ?? history.loss;
  if (curve.length > 1 && !out.json && !out.quiet) {
    out.line(`\n${history.validationLoss ? 'loss of held-out rows' : 'loss'}, ${history.epochs} epochs`);
    out.line(plot(curve, Math.min(out.room, 72), 8));
  }
  for (const { line, message } of skipped.slice(0, 5)) out.note(`left out line ${line}: ${message}`);
  if (data.droppedRows > 0) out.note(`left out ${data.droppedRows.toLocaleString('en-US')} rows with gaps`);
  const on =
    notes.evaluation.on === 'validation' ? 'rows that were held out' : 'rows it was trained on: none were held out';
  const confusion = confusionText(evaluation, out.room);
  const text = [
    `\non ${evaluation.rows.toLocaleString('en-US')} ${on}`,
    pairsText(metricsPairs(evaluation), out.room),
    ...(confusion ? ['', confusion] : []),
    '',
    pairsText(
      [
        ['model', fileText(model.file ?? '', model.bytes)],
        ['sha256', model.sha256],
        ['weights', model.parametersSha256],
        ...reports.map((path) => ['report', path] as [string, string]),
        [
          'seconds',
          Object.entries(training.seconds)
            .map(([what, s]) => `${what} ${s.toFixed(2)}`)
            .join(', '),
        ],
        ['again', notes.command],
      ],
      out.room,
    ),
  ].join('\n');
  out.result({ ...run, reports, skipped }, text);
}

export const command: Command = {
  arguments: [['<data>', 'a file of rows, compressed or not; - is standard input']],
  options: [
    ...TRAINING_OPTIONS,
    { flags: '-o, --out <file>', what: 'the model', default: 'model.safetensors', read: file },
    {
      flags: '--report <file>',
      what: 'one HTML file with curves and tables, and a summary as Markdown beside it',
      read: file,
    },
    { flags: '--checkpoint <folder>', what: 'keeps the training, epoch by epoch', read: file },
    { flags: '--resume', what: 'goes on from there, to the same bits' },
    ...DATA_OPTIONS,
  ],
  examples: [
    ['bitgrad train iris.csv --target species', 'all else is found out'],
    [
      'bitgrad train houses.parquet --target price --hidden 128,64 --missing median --report report.html',
      'numbers, with gaps',
    ],
    [
      'bitgrad train train-images-idx3-ubyte.gz --target train-labels-idx1-ubyte.gz --scale none',
      'MNIST, as it is downloaded',
    ],
    ['bitgrad train - --format ndjson --target y --json < rows.ndjson', 'in a pipe, for a program'],
  ],
  async run([path], given, context) {
    const options = given as unknown as Options;
    const { out, signal } = context;
    // Before hours of training.
    for (const path of [options.out, options.report]) if (path !== undefined) await checkWritable(path);
    const { table, target } = await openWithTarget(path, options.target, options, signal);
    const engine = createEngine({ threads: options.threads });
    const live = out.live();
    const again = context.argv.filter((word) => !PASSING.includes(word)).map(quoted);
    try {
      const training = await trainTable(table, {
        ...trainingOptions(given),
        ...(target !== '' && { target }),
        engine,
        signal,
        command: `npx bitgrad@${version} ${again.join(' ')}`,
        onProgress: watch(table, live, out),
        onSchema(schema, rows) {
          live.end();
          out.line(`${basename(table.file)}: ${table.format}, ${rows.toLocaleString('en-US')} rows`);
          out.line(pairsText(schemaPairs(schema), out.room));
        },
      });
      live.end();
      const { trainRows, validationRows } = training.notes.data;
      out.line(
        pairsText(
          [
            ['network', networkText(training.notes)],
            [
              'rows',
              `${trainRows.toLocaleString('en-US')} to learn from, ${validationRows.toLocaleString('en-US')} held out`,
            ],
          ],
          out.room,
        ),
      );
      const skipped = [...table.skipped];
      await saveModel(training, options.out);
      const run = await runOf(training, options.out, engine);
      const reports = options.report === undefined ? [] : await writeReport(run, options.report);
      tell(context, run, training, reports, skipped);
      return 0;
    } finally {
      live.end();
      engine.dispose();
    }
  },
};
