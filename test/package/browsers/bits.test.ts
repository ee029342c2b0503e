// The bits of Node in every browser, in a page and in a worker of it: all golden hashes, all trainings in bitgrad's own worker, an
// estimator. And what is left to the page of its thread meanwhile.

import * as automatic from 'bitgrad';
import * as model from 'bitgrad/model';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences, type Golden } from '../../golden.mjs';
import { GOLDEN, note } from '../hosts.js';
import { Project } from './install.js';
import { estimator } from './project/estimator.js';
import { Sites, type Smoothness } from './site.js';
import { inBrowsers } from './visitor.js';

const PAGE = '/resolved/realm.html';
const ENTRIES = ['wasm', 'ts'];

const trainings: Golden = Object.fromEntries(Object.entries(GOLDEN).filter(([name]) => name.startsWith('fit ')));

/** What a browser calls a long task. */
const LONG_MS = 50;
/** A machine with other work holds up a page too, but not at every try. */
const TRIES = 5;
/** More than one after the other of what takes seconds. */
const TIMEOUT_MS = 60_000;

const project = new Project();
const sites = new Sites();

beforeAll(async () => {
  await sites.listen();
  await project.install();
  sites.add('resolved', { folder: project.resolve('resolved') });
}, TIMEOUT_MS);

afterAll(() => {
  sites.close();
  project.remove();
});

inBrowsers(sites, (visitor, missing) => {
  const tested = test.skipIf(missing);
  /** The names of the hashes that differ. */
  async function compare(task: string, entry: string, realm: string, expected: Golden): Promise<string[]> {
    const { golden, kernels, error, said } = await visitor.ask(PAGE, { task, entry, realm });
    expect({ error, said, backend: kernels?.backend }).toEqual({ error: undefined, said: [], backend: entry });
    return differences(golden as Golden, expected);
  }

  tested.each(ENTRIES.flatMap((entry) => ['page', 'worker'].map((realm) => [entry, realm])))(
    "bitgrad/%s, in a %s: all golden hashes, trainings in bitgrad's own worker too",
    async (entry, realm) => {
      const here = await compare('golden', entry, realm, GOLDEN);
      const inWorker = await compare('trainings', entry, realm, trainings);
      const wrong = new Set([...here, ...inWorker]);
      note(visitor.browser.name, entry, wrong);
      expect([...wrong]).toEqual([]);
    },
    TIMEOUT_MS,
  );

  tested('an estimator learns, is written and read as in Node', async () => {
    const { estimator: there, error, said } = await visitor.ask(PAGE, { task: 'estimator', realm: 'page' });
    const here = await estimator({ ...automatic, ...model });
    expect(here).toMatchObject({ score: expect.closeTo(1, 1), same: true });
    expect({ there, error, said }).toEqual({ there: here, error: undefined, said: [] });
  });

  tested(
    `no task of the page takes ${LONG_MS} ms while a worker learns`,
    async () => {
      // What the browser says of tasks, if it does; timers wait for other programs too.
      const longest = ({ wait, task = wait }: Smoothness['fit']) => task;
      let best = Infinity;
      for (let i = 0; i < TRIES && best >= LONG_MS; i++) {
        const { smoothness, error } = await visitor.ask(PAGE, { task: 'smoothness', realm: 'page' });
        expect(error).toBeUndefined();
        const { ran, ms, held, fit } = smoothness as Smoothness;
        const told = fit.task === undefined ? 'it does not tell of long tasks' : `long tasks: ${fit.task} ms`;
        const { name } = visitor.browser;
        console.log(
          `${name}: ${ms.toFixed()} ms of training, at most ${fit.wait.toFixed(1)} ms between timers; ${told}`,
        );
        expect(ran).toEqual({ where: 'worker', backend: 'wasm' });
        expect(longest(held)).toBeGreaterThan(LONG_MS);
        best = Math.min(best, longest(fit));
      }
      expect(best).toBeLessThan(LONG_MS);
    },
    TIMEOUT_MS,
  );

  tested('nothing of all that stood in a console, where it would have been seen', async () => {
    const { said } = await visitor.ask(PAGE, { task: 'untidy', realm: 'page' });
    const lines = await visitor.close();
    const untidy = ['untidy error', 'untidy promise', 'untidy words'];
    for (const each of [said, ...(visitor.browser.console ? [lines] : [])]) {
      expect(each.map((line) => /untidy \w+/.exec(line)?.[0] ?? line).sort()).toEqual(untidy);
    }
  });
});
