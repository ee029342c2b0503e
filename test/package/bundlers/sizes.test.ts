// What each bundler makes of each entry: how much a page loads first, and how much at its first training. It prints a table.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BUNDLERS, Project } from '../browsers/install.js';

const NAMES = ['esbuild', 'rollup', 'vite', 'webpack', 'rspack', 'rsbuild', 'parcel'];
/** Those that train only if they are asked to: what trains is loaded later. */
const CORE = ['bitgrad', 'bitgrad/wasm', 'bitgrad/ts'];
const PAGES: Record<string, string> = {
  sigmoid: "import { sigmoid } from 'bitgrad'; console.log(sigmoid(0));",
  ...Object.fromEntries(
    [...CORE, 'bitgrad/layers', 'bitgrad/functions', 'bitgrad/methods', 'bitgrad/train', 'bitgrad/model'].map(
      (name) => [name, `import * as all from '${name}'; console.log(all);`],
    ),
  ),
};
const DOCS = fileURLToPath(new URL('../../../docs/environments.md', import.meta.url));
const BUILD_MS = 600_000;

/** Words of src/train/loop/turns.ts, and of what a worker alone has. */
const TRAINS = 'training was aborted';
const WORKER = 'a message could not be read in the worker';

/** Of bytes: minified, and gzipped besides. */
class Size {
  minified = 0;
  gzipped = 0;

  add(text: string): void {
    this.minified += Buffer.byteLength(text);
    this.gzipped += gzipSync(text, { level: 9 }).length;
  }

  toString(): string {
    return `${(this.minified / 1000).toFixed(1)} / ${(this.gzipped / 1000).toFixed(1)}`;
  }
}

/** A built page's scripts: what its HTML names, with what those import, and the rest. */
class Built {
  readonly first = new Size();
  readonly training = new Size();
  readonly worker = new Size();
  workers = 0;
  /** Whether what is loaded first can train. */
  trains = false;

  static async read(folder: string, minify: boolean): Promise<Built> {
    const built = new Built();
    const texts = new Map<string, string>();
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/^[^.].*\.js$/.test(file)) continue;
      const text = readFileSync(join(folder, file), 'utf8');
      texts.set(file, minify ? (await transform(text, { minify: true })).code : text);
    }
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    const named = [...html.matchAll(/<script[^>]* src="?([^" >]+)/g)].map(([, src]) => join(src));
    for (const file of named) {
      const text = texts.get(file) ?? '';
      const imports = text.matchAll(/\b(?:import|from)\s*["'](\.[^"']+)["']/g);
      named.push(...[...imports].map(([, path]) => join(dirname(file), path)).filter((path) => !named.includes(path)));
    }
    for (const [file, text] of texts) {
      const first = named.includes(file);
      const worker = !first && text.includes(WORKER);
      built.workers += Number(worker);
      built.trains ||= first && text.includes(TRAINS);
      (first ? built.first : worker ? built.worker : built.training).add(text);
    }
    return built;
  }
}

const project = new Project();
const built = new Map<string, Map<string, Built>>();
const all = test.skipIf(!BUNDLERS);

beforeAll(async () => {
  if (!BUNDLERS) return;
  await project.install();
  const settings = { type: 'module', '@parcel/resolver-default': { packageExports: true } };
  writeFileSync(join(project.folder, 'package.json'), JSON.stringify(settings));
  const outOf = (name: string, page: string) => join(project.temp, name, page.replace('/', '-'));
  for (const [page, code] of Object.entries(PAGES)) {
    const folder = outOf('project/pages', page);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'page.js'), code);
    writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="./page.js"></script>');
  }
  const pages = Object.keys(PAGES);
  await Promise.all(
    NAMES.map(async (name) => {
      await project.bundleAll(
        name,
        pages.flatMap((page) => [outOf('project/pages', page), outOf(name, page)]),
      );
      // Rollup leaves it to others.
      const read = pages.map(async (page) => [page, await Built.read(outOf(name, page), name === 'rollup')] as const);
      built.set(name, new Map(await Promise.all(read)));
    }),
  );
}, BUILD_MS);

afterAll(() => project.remove());

all('what each page loads', () => {
  const of = (page: string, part: 'first' | 'training' | 'worker') =>
    Object.fromEntries(NAMES.map((name) => [name, String(built.get(name)?.get(page)?.[part])]));
  const rows = Object.keys(PAGES).flatMap((page) => [
    [page, of(page, 'first')],
    [`${page}, trains`, of(page, 'training')],
  ]);
  console.log('KB, minified / gzipped too:');
  console.table(Object.fromEntries([...rows, ['worker', of('bitgrad', 'worker')]]));
  expect(built.size).toBe(NAMES.length);
});

all.each(NAMES)('%s: there is one worker, and what trains is not loaded first', (name) => {
  for (const page of CORE) {
    expect(built.get(name)?.get(page)).toMatchObject({ workers: 1, trains: false });
  }
});

all('docs/environments.md says what esbuild makes of them', () => {
  const stated = [...readFileSync(DOCS, 'utf8').matchAll(/^\| `([\w/]+)`[^|]*\| (\d+) \| (\d+) \|$/gm)];
  expect(stated.map(([, page]) => page)).toEqual(Object.keys(PAGES));
  for (const [row, page, ...sizes] of stated) {
    const is = built.get('esbuild')?.get(page);
    const differs = [is?.first, is?.training].map((size, i) =>
      Math.abs(Number(size?.gzipped) / 1000 - Number(sizes[i])),
    );
    expect(Math.max(...differs), `${row} is ${is?.first}, ${is?.training}`).toBeLessThan(1);
  }
});
