// QuickJS and Hermes: engines without WebAssembly, workers, coders, clocks, and without modules or most of ES2022.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { differences } from '../../golden.mjs';
import { GOLDEN, note } from '../hosts.js';
import type { Packed } from '../packed.js';
import { bundle, HERMES, MODULES, missing, output, prepare, QUICKJS } from './engines.js';

/** Interpreters: 14 s and 35 s on a machine that does nothing else. */
const LIMIT_MS = 400_000;

let packed: Packed;

beforeAll(() => {
  packed = prepare();
}, 120_000);

afterAll(() => packed.remove());

/** What programs/report.js says. */
function check(host: string, printed: string): void {
  const { golden, ...rest } = JSON.parse(printed);
  const fellBack = /^fell back to TypeScript: the core kernels .* cannot be instantiated here: ReferenceError/;
  expect(rest).toEqual({
    backend: 'ts',
    backendReason: expect.stringMatching(fellBack),
    wasm: 'BackendUnavailableError',
    learns: true,
    ran: { where: 'main', backend: 'ts', reason: expect.stringMatching(/^this host has no workers; fell back/) },
    sameModel: true,
  });
  const wrong = differences(golden, GOLDEN);
  note(host, 'ts', wrong);
  expect(wrong).toEqual([]);
}

test.skipIf(missing(QUICKJS))(
  'QuickJS',
  async () => {
    const script = await bundle(packed, 'report.js', 'quickjs.js', { format: 'iife' });
    check('QuickJS', await output(process.execPath, [join(packed.project, 'quickjs.cjs'), QUICKJS, script]));
  },
  LIMIT_MS,
);

test.skipIf(missing(HERMES))(
  "Hermes, by React Native's preset for Babel",
  async () => {
    // The preset leaves import() to Metro.
    const supported = { 'dynamic-import': false };
    const script = await bundle(packed, 'report.js', 'hermes.js', { format: 'iife', supported });
    const require = createRequire(join(MODULES, 'x.js'));
    const { code } = require('@babel/core').transformSync(readFileSync(script, 'utf8'), {
      filename: script,
      configFile: false,
      babelrc: false,
      sourceType: 'script',
      compact: false,
      presets: [[require.resolve('@react-native/babel-preset'), { enableBabelRuntime: false }]],
    });
    writeFileSync(script, code);
    check('Hermes', await output(HERMES, ['-O', '-w', script]));
  },
  LIMIT_MS,
);
