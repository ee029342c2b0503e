// bitgrad export over the source: files that are whole, or none.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Chosen, parse } from '../../src/cli/program.js';
import { toJavaScript } from '../../src/export/index.js';
import { MLPClassifier, Pipeline, QuantileTransformer, type Saveable, save } from '../../src/model/index.js';
import { layersOf, people, transformer } from '../export/models.js';
import { pipes } from './sinks.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-export-'));
const path = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const columns = transformer();
const end = (inputs: number) => MLPClassifier.from({ ...layersOf(inputs, [3]), classes: ['a', 'b', 'c'] });
const model = new Pipeline([columns, end(columns.nFeaturesOut)]) as unknown as Saveable & Pipeline;

beforeAll(async () => {
  await save(model, path('model.safetensors'), { notes: { schema: { columns: [], target: { name: 'grade' } } } });
  const odd = new Pipeline([new QuantileTransformer().fit([[1], [2], [3]]), end(1)]);
  await save(odd as unknown as Saveable, path('odd.safetensors'));
});

async function run(...argv: string[]) {
  const { command, args, options } = (await parse(['export', ...argv])) as Chosen;
  const json = options.json === true;
  const { out, stdout, stderr } = pipes({ json, quiet: options.quiet === true });
  const code = await command.run(args, options, { out, argv, signal: new AbortController().signal });
  return { code, text: stdout.text, notes: stderr.text };
}

test('all forms at once; the module runs', async () => {
  const [js, onnx, json] = [path('m.mjs'), path('m.onnx'), path('m.json')];
  const { code, text, notes } = await run(path('model.safetensors'), '--js', js, '--onnx', onnx, '--json', json);
  expect(code).toBe(0);
  for (const name of [js, path('m.d.mts'), onnx, json]) expect(text).toContain(`${name} (`);
  expect(notes).toContain(`${onnx}: city: ONNX has no gaps among texts`);
  const { predictProba } = await import(/* @vite-ignore */ pathToFileURL(js).href);
  const rows = people(5, 8);
  expect(predictProba(rows)).toEqual(model.predictProba(rows as never).toArray());
  expect(readFileSync(path('m.d.mts'), 'utf8')).toContain('of "grade"');
  expect(JSON.parse(readFileSync(json, 'utf8')).notes.schema.target.name).toBe('grade');
});

test('one of them to standard output', async () => {
  const { text, notes } = await run(path('model.safetensors'), '--js', '-');
  expect(`${text.trimEnd()}\n`).toBe(toJavaScript(model, { schema: { target: {} } }));
  expect(notes).toBe('');
});

test('nothing is written where one of them cannot be', async () => {
  writeFileSync(path('old.js'), 'old');
  const before = readdirSync(folder).sort();
  const refused = [
    [
      ['odd.safetensors', '--js', path('old.js'), '--json', path('new.json')],
      'has QuantileTransformer, which cannot be exported',
    ],
    [['model.safetensors', '--js', path('old.js'), '--onnx', path('none/x.onnx')], 'none'],
    [['old.js', '--js', path('old.js')], 'old.js'],
    [['none.safetensors', '--js', path('old.js')], 'none.safetensors'],
  ] as const;
  for (const [[from, ...words], message] of refused) {
    await expect(run(path(from), ...words)).rejects.toThrow(message);
  }
  expect(readFileSync(path('old.js'), 'utf8')).toBe('old');
  expect(readdirSync(folder).sort()).toEqual(before);
});

test.each([
  [[], 'expected one of --js, --onnx, --json'],
  [['--js', '-', '--json', path('x.json')], 'standard output takes one of them: give files'],
  [['--onnx', '-'], '--onnx makes bytes: give a file'],
])('%j is a mistake', async (words, message) => {
  await expect(run(path('model.safetensors'), ...words)).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(message),
  });
});
