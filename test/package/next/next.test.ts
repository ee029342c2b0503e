// Next.js with either of its bundlers: a page trains in a worker and a route handler in a thread, with the bits of Node. `npm run
// check:next`, after npm ci --prefix .ci/next --ignore-scripts.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { network } from 'bitgrad';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSERS, open } from '../browsers/browsers.js';
import { Project } from '../browsers/install.js';
import { type Report, Sites } from '../browsers/site.js';

const NEXT = fileURLToPath(new URL('../../../.ci/next', import.meta.url));
/** On two cores that have more to do. */
const BUILD_MS = 240_000;

const project = new Project();
const cli = join(project.folder, 'node_modules/next/dist/bin/next');
const options = { cwd: project.folder, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' } };
const sites = new Sites();
let hash: string | undefined;

beforeAll(async () => {
  await sites.listen();
  await project.install();
  ({ hash } = await project.run(join(project.folder, 'program.js'), { background: true }));
  for (const folder of ['app', 'node_modules']) {
    cpSync(join(NEXT, folder), join(project.folder, folder), { recursive: true });
  }
}, BUILD_MS);

afterAll(() => {
  sites.close();
  project.remove();
});

async function build(flags: string[]): Promise<void> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [cli, 'build', ...flags], options);
  expect(stdout).toContain('Compiled successfully');
  // Of a cache that the machine does not keep from build to build it says nothing where it prints warnings.
  expect(stderr).not.toMatch(/warn/i);
}

/** @returns where it serves; it is under that name alone that `next dev` does */
function serve(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (text) => {
      said += text;
      const [origin] = /http:\/\/localhost:\d+/.exec(said) ?? [];
      if (origin && said.includes('Ready')) resolve(origin);
    });
    server.on('exit', () => reject(new Error(said)));
  });
}

describe.each([
  ['Turbopack', 'start', []],
  ['webpack', 'start', ['--webpack']],
  ['Turbopack, in development', 'dev', []],
])('%s', (_, command, flags) => {
  let server: ChildProcess;
  let origin = '';

  beforeAll(async () => {
    if (command === 'start') await build(flags);
    server = spawn(process.execPath, [cli, command, '-p', '0'], { ...options, detached: true });
    origin = await serve(server);
  }, BUILD_MS);

  // All of its processes: they are a group.
  afterAll(() => {
    process.kill(-(server.pid as number), 'SIGKILL');
  });

  const trained = { ran: { where: 'worker', backend: 'wasm' } };

  test('a route handler', async () => {
    const response = await fetch(`${origin}/train?options={"background":true}`);
    const net = network({ inputs: 2, layers: [1], seed: 1 });
    const [weights] = net.gradients([[1, 2]], [3]).weights;
    expect(await response.json()).toEqual({ ...trained, hash, weights: weights.toArray() });
  });

  test('a client component, on the server', async () => {
    expect(await (await fetch(origin)).text()).toContain('<output>0.5</output>');
  });

  describe.each(BROWSERS)('$name', (browser) => {
    const missing = browser.path === undefined;
    test.runIf(missing && process.env.CI)('it is there', () => expect(browser.path).toBeDefined());

    test.skipIf(missing)('a client component', async () => {
      const { url, report } = sites.ask(origin, { background: true });
      const close = open(browser, url);
      const { ran, hash: bits, error }: Report = await report.finally(close);
      expect({ ran, error, hash: bits }).toEqual({ ...trained, error: undefined, hash });
    });
  });
});
