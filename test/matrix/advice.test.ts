// The cure that a message about a matrix ends with.

import { Matrix as MlMatrix } from 'ml-matrix';
import { expect, test } from 'vitest';
import { adviceFor } from '../../src/matrix/advice.js';

/** As ndarray and tfjs have them. */
const ndarray = { shape: [2, 2], stride: [2, 1], offset: 0, data: new Float64Array(4), get: () => 0 };
const tensor = { shape: [2, 2], dtype: 'float32', dataSync: () => [], arraySync: () => [[1]] };

const hostile = new Proxy(
  {},
  {
    get() {
      throw new Error('no');
    },
  },
);

test.each<[string, unknown, string]>([
  ['a flat row', [1, 2, 3], '; it is one flat row: write [[1, 2, 3]]'],
  ['a long one', [1, 2, 3, 4], '; it is one flat row: write [[1, 2, 3, ...]]'],
  ['a short one', [1], '; it is one flat row: write [[1]]'],
  ['of two', [1, 2], '; it is one flat row: write [[1, 2]]'],
  ['typed', Float32Array.of(1, 2), '; it is one flat row: write [[1, 2]]'],
  ['with text behind', [1, 'x'.repeat(1000)], '; it is one flat row: write [[1, NaN]]'],
  ['no rows', [], '; no rows are { rows: 0, cols, data: [] }'],
  ['three dimensions', [[[1, 2]]], '; it has three dimensions: make each row flat'],
  ['ml-matrix', new MlMatrix([[1, 2]]), '; pass its to2DArray()'],
  ['a tensor', tensor, '; pass its arraySync()'],
  ['an ndarray', ndarray, '; write { rows: shape[0], cols: shape[1], data }, row by row'],
  ['a matrix of mathjs', { toArray: () => [[1]], _data: [[1]] }, '; pass its toArray()'],
  ['rows of nothing', [null, [1]], ''],
  ['nothing', null, ''],
  ['undefined', undefined, ''],
  ['text', 'text', ''],
  ['a number', 3, ''],
  ['an object', {}, ''],
  ['a function', () => 1, ''],
  ['what throws', hostile, ''],
])('%s', (_, value, advice) => {
  expect(adviceFor(value)).toBe(advice);
});
