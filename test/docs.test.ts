// Every example in the docstrings, in README.md and in docs/ runs, gives the values that its comments say, and prints the
// text that follows it.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as functions from '../src/functions/index.js';
import * as bitgrad from '../src/index.js';
import { ACTIVATION_NAMES } from '../src/layers/activations.js';
import * as layers from '../src/layers/index.js';
import { INITIALIZER_NAMES } from '../src/layers/initializers.js';
import { LOSS_NAMES } from '../src/layers/losses.js';
import { MATRIX_METHODS } from '../src/matrix/methods.js';
import * as methods from '../src/methods.js';
import * as model from '../src/model/index.js';
import { RANDOM_METHODS } from '../src/random/methods.js';
import * as train from '../src/train/index.js';
import * as ts from '../src/ts.js';
import * as wasm from '../src/wasm.js';
import { memoryNavigator } from './support/storage.js';

const root = new URL('../', import.meta.url);

/** Counted on the day of writing; examples may be added. */
const LEAST_EXAMPLES = 8;
const LEAST_VALUES = 12;

interface Example {
  where: string;
  code: string;
  /** What it prints, if that is stated. */
  printed?: string;
}

function docstringExamples(): Example[] {
  const files = readdirSync(new URL('src/', root), { recursive: true, encoding: 'utf8' }).filter((f) =>
    f.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const source = readFileSync(new URL(`src/${file}`, root), 'utf8');
    return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ 0: comment, index }) => {
      const lines = comment
        .replace(/\*\/$/, '')
        .split('\n')
        .map((line) => line.replace(/^\s*\* ?/, ''));
      const line = source.slice(0, index).split('\n').length;
      return lines
        .join('\n')
        .split(/^@example$/m)
        .slice(1)
        .map((text, i) => ({
          where: `src/${file}:${line}${i ? `, example ${i + 1}` : ''}`,
          code: text.replace(/^@\w[\s\S]*/m, '').trim(),
        }));
    });
  });
}

/** A block of code, and the block of text behind it if there is one. */
const FENCED = /^```js\n([\s\S]*?)^```$(?:\n\n```text\n([\s\S]*?)^```$)?/gm;

function pageExamples(page: string): Example[] {
  const text = readFileSync(new URL(page, root), 'utf8');
  return [...text.matchAll(FENCED)].map(({ 1: code, 2: printed, index }) => ({
    where: `${page}:${text.slice(0, index).split('\n').length}`,
    code,
    printed,
  }));
}

const pages = readdirSync(new URL('docs/', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

/** What a comment states, where it is a value and not prose: a literal, or a typed array as Node prints it. */
const VALUE =
  /^(?:-?[\d.]+(?:e[-+]?\d+)?|-?Infinity|NaN|true|false|null|undefined|'[^']*'|\[.*\]|(?:Float(?:32|64)|Int32)Array \[.*\])$/;

const AsyncFunction = (async () => {}).constructor as new (...names: string[]) => (...args: unknown[]) => Promise<void>;

const ENTRIES: Record<string, unknown> = {
  bitgrad,
  'bitgrad/ts': ts,
  'bitgrad/wasm': wasm,
  'bitgrad/layers': layers,
  'bitgrad/functions': functions,
  'bitgrad/methods': methods,
  'bitgrad/train': train,
  'bitgrad/model': model,
};

interface Seen {
  line: string;
  stated: unknown;
  came: unknown;
}

/** Runs an example and returns what was stated and what came, pair by pair; `print` receives what it logs. */
async function run(code: string, print: (text: string) => void = () => {}): Promise<Seen[]> {
  const seen: Seen[] = [];
  const body = code
    .replace(/^import \{([^}]*)\} from '([^']*)';$/gm, (_, names: string, from: string) => {
      return `const {${names.replace(/ as /g, ': ')}} = await importEntry('${from}');`;
    })
    .replace(/^import '([^']*)';$/gm, "await importEntry('$1');")
    .replace(/^(?!\s*(?:const|let|for|if|import)\b)(.*); \/\/ (.*)$/gm, (line, expression: string, text: string) => {
      if (!VALUE.test(text)) return line;
      const stated = text.replace(/^(\w+Array) (\[.*\])$/, '$1.from($2)');
      return `check(${JSON.stringify(line)}, ${stated}, ${expression});`;
    });
  const check = (line: string, stated: unknown, came: unknown) => seen.push({ line, stated, came });
  const importEntry = (from: string) => ENTRIES[from] ?? import(/* @vite-ignore */ from);
  const log = { log: (text: unknown) => print(`${text}\n`) };
  const scope = Object.entries({ ...bitgrad, ...train, ...model });
  // A block of its own, so that an example may declare names that the package exports.
  const program = new AsyncFunction(
    ...scope.map(([name]) => name),
    'check',
    'importEntry',
    'console',
    'navigator',
    `"use strict"; {${body}\n}`,
  );
  await program(...scope.map(([, value]) => value), check, importEntry, log, memoryNavigator().navigator);
  return seen;
}

describe.each([
  ['docstrings', docstringExamples(), LEAST_EXAMPLES, LEAST_VALUES],
  ['README.md', pageExamples('README.md'), 5, 14],
  ['docs', pages.flatMap(pageExamples), 15, 33],
])('%s', (_, examples, leastExamples, leastValues) => {
  let values = 0;

  test.each(examples)('$where', async ({ code, printed }) => {
    let text = '';
    const seen = await run(code, (more) => {
      text += more;
    });
    for (const { line, stated, came } of seen) expect(came, line).toStrictEqual(stated);
    expect(text).toBe(printed ?? '');
    values += seen.length;
  });

  test('none was overlooked', () => {
    expect(examples.length).toBeGreaterThanOrEqual(leastExamples);
    expect(values).toBeGreaterThanOrEqual(leastValues);
  });
});

test('a wrong value, what is printed, an unknown name and a syntax error would be seen', async () => {
  expect(await run('dot([1], [2]); // 3')).toEqual([{ line: 'dot([1], [2]); // 3', stated: 3, came: 2 }]);
  expect(await run('sigmoid(0); // about a half')).toEqual([]);
  let text = '';
  await run('console.log(dot([1], [2]));', (more) => {
    text += more;
  });
  expect(text).toBe('2\n');
  await expect(run('sigmoidal(0); // 0.5')).rejects.toThrow(ReferenceError);
  await expect(run('sigmoid(; // 0.5')).rejects.toThrow(SyntaxError);
});

/** Files that a page names without a folder are in test/faults/ (docs/reliability.md), or in the room that it speaks of. */
test('files that pages name exist', () => {
  const there = readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules' && name !== '.git')
    .flatMap((each) => {
      if (each.isFile()) return [each.name];
      const within = readdirSync(new URL(`${each.name}/`, root), { recursive: true, encoding: 'utf8' });
      return within.map((name) => `${each.name}/${name.replaceAll('\\', '/')}`);
    });
  const named = [...pages, 'README.md', 'CONTRIBUTING.md'].flatMap((page) =>
    [...readFileSync(new URL(page, root), 'utf8').matchAll(/`([\w./-]+\.(?:ts|mjs|json|csv))`/g)].map(([, path]) => [
      page,
      path,
    ]),
  );
  expect(named.length).toBeGreaterThan(40);
  const missing = named.filter(([, path]) => !there.some((file) => `/${file}`.endsWith(`/${path}`)));
  expect(missing.map((each) => each.join(': '))).toEqual([]);
});

/** The first cells of the rows of a page's tables under a heading: the names there, each between backticks. */
function rowsUnder(page: string, heading: string): string[] {
  const text = readFileSync(new URL(page, root), 'utf8');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const rows = [...section.split('\n## ')[0].matchAll(/^\| (`[^|]*) \|/gm)];
  return rows.flatMap(([, cell]) => Array.from(cell.matchAll(/`(\w+)[`(]/g), ([, name]) => name));
}

test.each([
  ['docs/network.md', 'Activations', ACTIVATION_NAMES],
  [
    'docs/functions.md',
    'Activations as functions',
    Object.keys(functions).filter((name) => `${name}Derivative` in functions),
  ],
  ['docs/functions.md', 'Methods of Matrix', Object.keys(MATRIX_METHODS)],
  ['docs/functions.md', 'Random numbers', Object.keys(RANDOM_METHODS)],
  ['docs/network.md', 'Losses', LOSS_NAMES],
  ['docs/network.md', 'Initial weights', INITIALIZER_NAMES],
  ['docs/training.md', 'Optimizers', train.optimizers],
])('%s has a row for each of the %s', (page, heading, names) => {
  expect([...names].filter((name) => !rowsUnder(page, heading).includes(name))).toEqual([]);
  expect(names.length).toBeGreaterThanOrEqual(7);
});

const built = existsSync(new URL('dist/index.js', root));

test.skipIf(!built)('examples/threads.mjs: three threads and one, the same bits', () => {
  const printed = execFileSync(process.execPath, ['examples/threads.mjs', '3'], { cwd: root, encoding: 'utf8' });
  expect(printed).toContain('The same bits.');
});
