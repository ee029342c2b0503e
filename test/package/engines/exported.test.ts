// An exported model in QuickJS, which has the language and nothing else, predicts the model's bits.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { toJavaScript } from '../../../src/export/index.js';
import { MLPClassifier, Pipeline } from '../../../src/model/index.js';
import { layersOf, people, transformer } from '../../export/models.js';
import { missing, output, QUICKJS } from './engines.js';

const folder = mkdtempSync(join(tmpdir(), 'bitgrad-exported-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.skipIf(missing(QUICKJS)).each(['f64', 'f32'] as const)('QuickJS, %s', async (dtype) => {
  const columns = transformer();
  const rows = people(40, 8);
  const end = MLPClassifier.from({
    ...layersOf(columns.nFeaturesOut, [6, 3]),
    classes: ['a', 'b', 'c'],
    activation: 'tanh',
    dtype,
  });
  const model = new Pipeline([columns, end]);
  const script = join(folder, `${dtype}.js`);
  // It runs scripts, not modules.
  const text = toJavaScript(model as never).replace(/^export /gm, '');
  writeFileSync(script, `{${text}\nprint(JSON.stringify(predictProba(${JSON.stringify(rows)})))}`);
  const program = fileURLToPath(new URL('programs/quickjs.cjs', import.meta.url));
  const printed = await output(process.execPath, [program, QUICKJS, script]);
  expect(JSON.parse(printed)).toEqual(model.predictProba(rows as never).toArray());
});
