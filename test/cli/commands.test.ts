// The commands over the source, in this process.

import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES } from '../../src/cli/bench/cases.js';
import { compare, median } from '../../src/cli/bench/measure.js';
import { learnDigits, readDigits } from '../../src/cli/demo/digits.js';
import { notebook } from '../../src/cli/demo/notebook.js';
import { readNotes } from '../../src/cli/inspect/notes.js';
import { type Chosen, parse } from '../../src/cli/program.js';
import { LOSSES, rowsFor } from '../../src/cli/random-rows.js';
import { engine, random } from '../../src/index.js';
import { losses as further } from '../../src/layers/index.js';
import { LOSS_NAMES } from '../../src/layers/losses.js';
import {
  ColumnTransformer,
  MLPClassifier,
  MLPRegressor,
  OneHotEncoder,
  Pipeline,
  type Saveable,
  StandardScaler,
  save,
  TransformedTargetRegressor,
} from '../../src/model/index.js';
import * as ts from '../../src/ts.js';
import * as wasm from '../../src/wasm.js';
import { NOTES } from './notes.js';
import { pipes } from './sinks.js';

let folder: string;
const path = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitgrad-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const { command, args, options } = (await parse(argv)) as Chosen;
  const json = options.json === true;
  const { out, stdout, stderr } = pipes({ json, quiet: options.quiet === true });
  const code = await command.run(args, options, { out, argv, signal: new AbortController().signal });
  return { code, text: stdout.text, notes: stderr.text, value: json ? JSON.parse(stdout.text) : undefined };
}

test('info says what the engine says', async () => {
  const { code, value } = await run('info', '--json');
  const { version, contractVersion, backend, wasmHash } = engine.info();
  expect(code).toBe(0);
  expect(value).toMatchObject({ version, contractVersion, backend, wasmHash, v8: process.versions.v8 });
  expect(Object.values<{ backend?: string }>(value.packs).map((pack) => pack.backend)).toEqual([
    'wasm',
    'wasm',
    'wasm',
  ]);
});

describe('gradcheck', () => {
  test('is content with right gradients', async () => {
    const { code, text } = await run(
      'gradcheck',
      '--layers',
      '4,8,3',
      '--activation',
      'gelu',
      '--loss',
      'crossEntropy',
    );
    expect(code).toBe(0);
    expect(text).toMatch(/^worst +(weights|biases) of layer \d, .*unit \d$/m);
    expect(text).toContain('The gradients are right.');
  });

  test('says what is worse than the tolerance, and why that may be', async () => {
    const { code, value, notes } = await run('gradcheck', '--layers', '3,2', '--tolerance', '1e-300', '--json');
    expect(code).toBe(1);
    expect(value).toMatchObject({ passed: false, tolerance: 1e-300, parameters: 8, at: { layer: 0 } });
    expect(value.relative).toBeLessThan(1e-8);
    expect(notes).toContain('another --seed');
  });

  test.each([...new Set([...LOSS_NAMES, ...further])])('knows targets and last activation of %s', async (loss) => {
    const { value } = await run('gradcheck', '--layers', '3,5,2', '--loss', loss, '--json');
    expect(value.passed).toBe(true);
  });

  test('has a line for losses that there are', () => {
    expect(Object.keys(LOSSES).filter((name) => ![...LOSS_NAMES, ...further].includes(name as never))).toEqual([]);
  });

  test('gives categories to embeddings, wherever their columns have gone', async () => {
    const layers = [
      { kind: 'embedding', column: 0, categories: 3, units: 4 },
      { kind: 'embedding', column: 4, categories: 5, units: 2 },
      3,
    ] as const;
    const net = engine.network({ inputs: 3, layers });
    const { X } = rowsFor(net, 50, 1);
    expect(new Set(X.map(([, second]) => second)).size).toBe(5);
    await save(net, path('embedding.safetensors'));
    expect((await run('gradcheck', path('embedding.safetensors'))).code).toBe(0);
  });

  test.each([
    [[], 'expected a model or --layers, got neither'],
    [['x', '--layers', '2,1'], 'expected a model or --layers, got both'],
    [['--layers', '2,1', '--loss', 'x'], /^"loss" must be one of mse, .* got "x"$/],
    [['--layers', '2,1,1', '--activation', 'x'], /activation.* must be one of/],
  ])('%j is a mistake', async (words, message) => {
    await expect(run('gradcheck', ...words)).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(message),
    });
  });
});

describe('inspect', () => {
  const rng = random(3);
  const X = Array.from({ length: 40 }, (_, i) => [rng.randn(), rng.randn(), ['a', 'b', 'c'][i % 3]]);
  const both = [
    ['numbers', new StandardScaler(), [0, 1]],
    ['letters', new OneHotEncoder(), [2]],
  ] as const;
  let classifier: Pipeline<MLPClassifier<string>>;

  beforeAll(async () => {
    const estimator = new MLPClassifier<string>({ hiddenLayerSizes: [6, 4], maxIter: 12, background: false });
    classifier = new Pipeline([new ColumnTransformer(both as never), estimator]) as never;
    await classifier.fit(X as never, X.map(([a, b]) => (a > b ? 'more' : 'less')) as never);
  });

  test('a pipeline, with notes', async () => {
    const file = path('notes.safetensors');
    await save(classifier as Saveable, file, { notes: NOTES });
    const { code, value, notes } = await run('inspect', file, '--json');
    expect(code).toBe(0);
    expect(notes).toBe('');
    expect(value).toMatchObject({
      kind: 'Pipeline of MLPClassifier',
      sha256: createHash('sha256').update(readFileSync(file)).digest('hex'),
      parametersSha256: createHash('sha256').update(classifier.estimator.network.parameters).digest('hex'),
      inputs: 5,
      outputs: 1,
      parameters: 5 * 6 + 6 + 6 * 4 + 4 + 4 + 1,
      classes: ['less', 'more'],
      preprocessing: [
        { step: 'StandardScaler', columns: [0, 1] },
        { step: 'OneHotEncoder', columns: [2] },
      ],
      optimizer: { name: 'adam', steps: 12 },
      training: { epochs: 12 },
      notes: NOTES,
      warnings: [],
    });
    const { text } = await run('inspect', file);
    for (const said of [NOTES.command, 'every row has another one', 'adam after 12 steps', '0.95 (validation)', '┤']) {
      expect(text).toContain(said);
    }
  });

  test('without the state of the optimizer', async () => {
    await save(classifier as Saveable, path('small.safetensors'), { optimizer: false });
    const { value, text } = await run('inspect', path('small.safetensors'), '--json');
    expect(value).toMatchObject({ optimizer: null, training: { epochs: 12 } });
    expect(text).not.toContain('notes');
  });

  test('a regressor of a transformed target; a network of further layers', async () => {
    const regressor = new MLPRegressor({ hiddenLayerSizes: [3], maxIter: 5, background: false });
    const model = new TransformedTargetRegressor({ regressor, transformer: new StandardScaler() });
    await model.fit(
      X.map((row) => row.slice(0, 2)) as number[][],
      X.map(([a]) => 100 * (a as number)),
    );
    await save(model as Saveable, path('target.safetensors'));
    expect((await run('inspect', path('target.safetensors'), '--json')).value.kind).toBe(
      'MLPRegressor, transformed target',
    );

    const layers = [
      { kind: 'embedding', column: 3, categories: 30, units: 8 },
      { kind: 'batchNorm' },
      { kind: 'dropout' },
      3,
    ] as const;
    const net = engine.network({ inputs: 4, layers });
    await save(net, path('net.safetensors'));
    const { value, text } = await run('inspect', path('net.safetensors'), '--json');
    expect(value.layers).toEqual([
      { kind: 'embedding', inputs: 4, outputs: 11, parameters: 240 },
      { kind: 'batchNorm', inputs: 11, outputs: 11, parameters: 44 },
      { kind: 'dropout', inputs: 11, outputs: 11, parameters: 0 },
      { kind: 'dense', inputs: 11, outputs: 3, activation: 'identity', parameters: 36 },
    ]);
    expect(value.layers.reduce((sum: number, each: { parameters: number }) => sum + each.parameters, 0)).toBe(
      value.parameters,
    );
    expect(text).not.toContain('training');
  });

  test.each([
    ['of another form', { ...NOTES, history: { ...NOTES.history, loss: ['\u001b[2J'] } }],
    ['of another version', { ...NOTES, notes: 2 }],
    ['a text', 'x'],
    ['a list', []],
  ])('notes that are %s are passed over, with a word', async (_, notes) => {
    expect(readNotes(notes)).toBeUndefined();
    await save(classifier as Saveable, path('odd.safetensors'), { notes });
    const { code, text, notes: said } = await run('inspect', path('odd.safetensors'));
    expect(code).toBe(0);
    expect(text).not.toContain('\u001b');
    expect(said).toContain('notes are not of a form that is known');
  });

  test.each([
    ['none.safetensors', undefined, /none\.safetensors$/],
    ['text.safetensors', 'no model\n'.repeat(10), /text\.safetensors: it is no safetensors file/],
    ['empty.safetensors', '', /empty\.safetensors: a safetensors file has 8 bytes or more, this one 0/],
  ])('%s is named', async (name, content, message) => {
    if (content !== undefined) writeFileSync(path(name), content);
    const error = await run('inspect', path(name)).catch((each) => each);
    expect(content === undefined ? error.path : error.message).toMatch(message);
  });
});

describe('bench', () => {
  test('both backends compute the same in each case', () => {
    for (const each of CASES) {
      const [a, b] = [wasm.engine, ts.engine].map((one) => {
        const prepared = each.prepare(one);
        prepared.call();
        const { buffer, byteOffset, byteLength } = prepared.result();
        return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString('base64');
      });
      expect(a === b, each.name).toBe(true);
      expect(Buffer.from(a, 'base64').some((byte) => byte !== 0)).toBe(true);
    }
  });

  test('medians of turns; it ends when it is told to', async () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])]).toEqual([2, 2.5, 5]);
    const calls = [0, 0];
    const programs = [0, 1].map((i) => () => {
      calls[i]++;
      const until = performance.now() + 1 + i;
      while (performance.now() < until);
    });
    const { medians, samples } = await compare(programs, 1, new AbortController().signal);
    expect(samples).toBe(5);
    expect(medians[0]).toBeGreaterThanOrEqual(1);
    expect(medians[1]).toBeGreaterThanOrEqual(2);
    expect(Math.min(...calls)).toBeGreaterThanOrEqual(5);
    await expect(compare([() => {}], 1e6, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('demo', () => {
  test("the notebook's numbers", () => {
    for (const { engine } of [wasm, ts]) {
      expect(notebook(engine)).toEqual({
        output: '[[0.69167199]]',
        outputGradient: '[[-0.08352869]]',
        hiddenGradient: '[[-0.00120545 -0.01801573 -0.01251845]]',
      });
    }
  });

  test('digits are learnt, with the same bits', async () => {
    const csv = readFileSync(new URL('../../examples/data/digits.csv', import.meta.url));
    writeFileSync(path('digits.csv.gz'), gzipSync(csv));
    const digits = await readDigits(random(42), new URL(`file://${path('digits.csv.gz')}`));
    const seen: number[] = [];
    const options = { epochs: 2, rate: 0.1, seed: 42 };
    const watch = (losses: readonly number[]) => seen.push(losses.length);
    const { signal } = new AbortController();
    const [a, b] = [
      await learnDigits(wasm.engine, digits, options, watch, signal),
      await learnDigits(ts.engine, digits, options, watch, signal),
    ];
    expect(seen).toEqual([1, 2, 1, 2]);
    expect(a.sha256).toBe(b.sha256);
    expect(a.losses).toEqual(b.losses);
    expect(a.accuracy).toBeGreaterThan(0.75);
    expect(existsSync(path('digits.csv.gz'))).toBe(true);
    const aborted = learnDigits(wasm.engine, digits, options, watch, AbortSignal.abort());
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });
});
