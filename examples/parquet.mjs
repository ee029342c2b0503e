// @ts-check
// Learns from a Parquet file block by block: however large it is, one block of it is in memory. The file is made here, of the
// flowers in data/iris.csv, drawn in another order for each of 40 copies.
//
//   node examples/parquet.mjs

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { random } from 'bitgrad';
import { createTable, openTable } from 'bitgrad/data';
import { MLPClassifier } from 'bitgrad/model';

const COPIES = 40;
const CLASSES = ['setosa', 'versicolor', 'virginica'];

/** The table's blocks, one after the other: columns of cells, the last of them the label. */
async function* blocksOf(/** @type {string} */ path, blockRows = 500) {
  const table = await openTable(path, { blockRows });
  if (table.kind !== 'cells') throw new Error('a table of cells was expected');
  yield* table.blocks();
}

/** @param {import('bitgrad/data').Block} block */
function rowsOf({ rows, columns }) {
  const inputs = columns.slice(0, -1);
  const X = Array.from({ length: rows }, (_, i) => inputs.map((column) => Number(column[i])));
  return { X, y: Array.from(columns[columns.length - 1], String) };
}

/** Writes the flowers to a Parquet file, again and again. */
async function write(/** @type {string} */ path) {
  const rng = random(1);
  const names = ['sepalLength', 'sepalWidth', 'petalLength', 'petalWidth', 'species'];
  const table = await createTable(path, names);
  for await (const block of blocksOf(fileURLToPath(new URL('data/iris.csv', import.meta.url)))) {
    const { X, y } = rowsOf(block);
    for (let copy = 0; copy < COPIES; copy++) {
      const order = Array.from(rng.permutation(y.length));
      const numbers = X[0].map((_, j) => order.map((i) => X[i][j]));
      await table.write([...numbers, order.map((i) => y[i])]);
    }
  }
  await table.end();
}

const folder = await mkdtemp(join(tmpdir(), 'bitgrad-'));
try {
  const path = join(folder, 'flowers.parquet');
  await write(path);
  console.log(`flowers.parquet: ${(await stat(path)).size} bytes`);

  const model = new MLPClassifier({ hiddenLayerSizes: [16], learningRateInit: 0.02, batchSize: 32, background: false });
  for (let epoch = 1; epoch <= 3; epoch++) {
    let [blocks, rows, right] = [0, 0, 0];
    for await (const block of blocksOf(path)) {
      const { X, y } = rowsOf(block);
      // Asked first, then told.
      if (model.isFitted) right += model.score(X, y) * y.length;
      await model.partialFit(X, y, { classes: CLASSES });
      blocks += 1;
      rows += y.length;
    }
    console.log(`epoch ${epoch}: ${rows} rows in ${blocks} blocks, ${((100 * right) / rows).toFixed(1)} % right`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
