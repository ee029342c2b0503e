// Files in browsers: models in the origin's private folder, Blobs and inputs; a training there whose browser is killed goes on with
// the bits of one that was not. `npm run check:browsers`.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../../src/random/random.js';
import { BROWSERS, type Browser } from './browsers.js';
import { Project } from './install.js';
import { Sites } from './site.js';

/** Browsers that have started, trained on and ended, where a machine of two cores does much else. */
const PATIENCE_MS = 120_000;
const KILLS = 3;
/** Epochs that each of them trains at least. */
const SAY_AFTER = 10;
const TRAINING = { epochs: 80, optimizer: 'adam', validationSplit: 0.25 };
const ISOLATED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
const inCI = Boolean(process.env.CI);

const project = new Project();
const sites = new Sites();
let hash: string | undefined;

const EXAMPLES = { 'saving.js': 'docs/saving.md', 'checkpoints.js': 'docs/training.md' };

/** The example of a page that is meant for browsers, which hands what it says is true to `check`. */
function exampleOf(page: string): string {
  const text = readFileSync(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const example = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].find(([, code]) =>
    code.includes('navigator.storage'),
  );
  return (example?.[1] ?? '').replace(/^(?!const|let)(.*); \/\/ true$/gm, 'check($1);');
}

beforeAll(async () => {
  await sites.listen();
  await project.install();
  ({ hash } = await project.run(join(project.folder, 'program.js'), { ...TRAINING, background: false }));
  for (const [file, page] of Object.entries(EXAMPLES)) writeFileSync(join(project.folder, file), exampleOf(page));
  sites.add('storage', { folder: project.folder });
  sites.add('isolated', { folder: project.folder, headers: ISOLATED });
}, 120_000);

afterAll(() => {
  sites.close();
  project.remove();
});

interface Result {
  readonly error?: string;
  readonly [what: string]: unknown;
}

/** A browser that keeps what it has from start to start. */
class Profile {
  readonly folder = mkdtempSync(join(tmpdir(), 'bitgrad-profile-'));
  readonly #browser: Browser;
  #kill = async () => {};

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Opens a page, and gives what it reports. */
  ask(page: string, options: object): Promise<Result> {
    const { url, report } = sites.ask(page, options);
    const { path, args } = this.#browser;
    const child = spawn(path as string, args(this.folder, url), { detached: true, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    this.#kill = async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), 'SIGKILL');
      await ended;
    };
    return report as unknown as Promise<Result>;
  }

  /** All of its processes at once: they are a group. */
  kill(): Promise<void> {
    return this.#kill();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function withProfile<T>(browser: Browser, use: (profile: Profile) => Promise<T>): Promise<T> {
  const profile = new Profile(browser);
  try {
    return await use(profile);
  } finally {
    await profile.remove();
  }
}

describe.each(BROWSERS)('$name', (browser) => {
  const missing = browser.path === undefined;
  test.runIf(missing && inCI)('it is there', () => expect(browser.path).toBeDefined());
  const all = test.skipIf(missing);
  /** As Debian has it, WebKit lacks navigator.storage. */
  const keeping = test.skipIf(missing || browser.name === 'WebKit');
  const PAGE = '/storage/storage.html';

  const once = (page: string, options: object) => withProfile(browser, (profile) => profile.ask(page, options));

  all(
    'models from Blobs, answers and inputs, whole and damaged',
    async () => {
      expect(await once(PAGE, { step: 'blobs' })).toEqual({
        same: [true, true, true],
        errors: [
          { error: expect.stringMatching(/^FileFormatError: the Blob: the file is damaged: its sha256 is wrong/) },
          { error: expect.stringMatching(/^FileFormatError: torn: /) },
          { error: expect.stringMatching(/^BitgradError: a path needs Node, Deno or Bun/) },
        ],
      });
    },
    PATIENCE_MS,
  );

  keeping(
    'models in files of the origin, many at once',
    async () => {
      expect(await once(PAGE, { step: 'models' })).toEqual({
        same: [true, true],
        empty: { error: expect.stringMatching(/^FileFormatError: empty: .* this one 0/) },
        whole: Array(6).fill(true),
      });
    },
    PATIENCE_MS,
  );

  test.skipIf(missing || browser.name !== 'Firefox')(
    'where there is no room for more the old one stays, and a training ends with that error',
    async () => {
      const error = expect.stringMatching(/^QuotaExceededError/);
      // Of all browsers one can be told how much it has, in KB.
      const limit = 'user_pref("dom.quotaManager.temporaryStorage.fixedLimit", 12000);';
      await withProfile(browser, async (profile) => {
        writeFileSync(join(profile.folder, 'user.js'), limit);
        expect(await profile.ask(PAGE, { step: 'full' })).toEqual({
          saved: { error },
          old: true,
          trained: { error },
          names: ['model', 'run'],
        });
      });
    },
    PATIENCE_MS,
  );

  keeping(
    'the examples of the docs',
    async () => {
      const { seen, error } = await once(PAGE, { step: 'examples', files: Object.keys(EXAMPLES) });
      expect({ seen, error }).toEqual({ seen: [true, true, true] });
    },
    PATIENCE_MS,
  );

  keeping.each([
    ['a page', PAGE, false],
    ['an isolated page', '/isolated/storage.html', true],
  ])(
    '%s: aborted in its worker and resumed, by one training at a time',
    async (_, page, isolated) => {
      const { first, ...result } = await once(page, { step: 'abort', ...TRAINING });
      expect(result).toEqual({
        ran: { where: 'worker', backend: 'wasm' },
        hash,
        aborted: { error: expect.stringMatching(/^AbortError/) },
        second: { error: expect.stringMatching(/^FileLockedError: run is used by another training/) },
        isolated,
        held: [],
      });
      expect(first).toBeGreaterThanOrEqual(5);
    },
    PATIENCE_MS,
  );

  keeping(
    'a page that is loaded anew goes on at once',
    async () => {
      const { first, ...result } = await once(PAGE, { step: 'reload', ...TRAINING });
      expect(result).toEqual({ ran: { where: 'worker', backend: 'wasm' }, hash });
      expect(first).toBeGreaterThanOrEqual(5);
    },
    PATIENCE_MS,
  );

  keeping(
    `a training whose browser is killed ${KILLS} times ends with the bits of one that was not`,
    async () => {
      const rng = random(browser.name.length);
      await withProfile(browser, async (profile) => {
        let firsts: unknown[] = [];
        for (let i = 0; i < KILLS; i++) {
          const { first, error } = await profile.ask(PAGE, { step: 'train', sayAfter: SAY_AFTER, ...TRAINING });
          expect({ first, error }).toEqual({ first: expect.any(Number) });
          firsts = [...firsts, first];
          await new Promise((resolve) => setTimeout(resolve, rng.rand() * 100));
          await profile.kill();
        }
        const { first, before, after, ...result } = await profile.ask(PAGE, { step: 'train', ...TRAINING });
        expect(result).toEqual({ ran: { where: 'worker', backend: 'wasm' }, hash });
        expect(after).toEqual(['run', 'run.1']);
        // Each went on where the one before was.
        const epochs = [...firsts, first].map(Number);
        expect(epochs[0]).toBe(1);
        for (let i = 1; i <= KILLS; i++) expect(epochs[i]).toBeGreaterThanOrEqual(epochs[i - 1] + SAY_AFTER);
        console.log(`${browser.name}: begun at the epochs ${epochs.join(', ')}; the folder then held ${before}`);
      });
    },
    PATIENCE_MS,
  );
});
