// The page of examples/browser, as it stands, in every browser: with the package as it is installed it trains in a worker, and draws.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from './install.js';
import { type Report, Sites } from './site.js';
import { inBrowsers } from './visitor.js';

const folder = fileURLToPath(new URL('../../../examples/browser', import.meta.url));
const TIMEOUT_MS = 60_000;

/** Before all else of the page: keeps what ends in the console. */
const WATCH = `<script>
  window.said = [];
  for (const level of ['error', 'warn']) console[level] = (...words) => said.push(words.join(' '));
  addEventListener('error', ({ message }) => said.push(message));
  addEventListener('unhandledrejection', ({ reason }) => said.push(String(reason)));
</script>`;

/** Tells what the page shows, once its button can be pressed. */
const TELL = `<script type="module">
  const button = document.querySelector('button');
  const start = performance.now();
  while (button.disabled && said.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  const canvas = document.querySelector('canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set(new Uint32Array(data.buffer)).size;
  const text = document.querySelector('output').textContent;
  const seconds = (performance.now() - start) / 1000;
  const body = JSON.stringify({ text, colours, said, seconds });
  await fetch(new URLSearchParams(location.search).get('report'), { method: 'POST', body });
</script>`;

const project = new Project();
const sites = new Sites();

beforeAll(async () => {
  await sites.listen();
  await project.install();
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const watched = page.replace('<head>', `<head>${WATCH}`).replace('</body>', `${TELL}</body>`);
  sites.add('example', { folder, replaced: { 'index.html': watched } });
  sites.add('dist', { folder: join(project.folder, 'node_modules/bitgrad/dist') });
}, TIMEOUT_MS);

afterAll(() => {
  sites.close();
  project.remove();
});

inBrowsers(sites, (visitor, missing) => {
  test.skipIf(missing)(
    'examples/browser trains in a worker, and draws what it learns',
    async () => {
      const report = (await visitor.ask('/example/index.html', {})) as Report & { text: string; colours: number };
      expect(report.said).toEqual([]);
      const [, right, where] =
        /^(\d+) of 400 points are right\. Trained in a (\w+), by wasm\.$/.exec(report.text) ?? [];
      expect(where, report.text).toBe('worker');
      expect(Number(right)).toBeGreaterThan(390);
      expect(report.colours).toBeGreaterThan(50);
    },
    TIMEOUT_MS,
  );
});
