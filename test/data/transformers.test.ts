// What every transformer of columns does, by the table of them.

import { expect, test } from 'vitest';
import { NotFittedError, ShapeError, ValueError } from '../../src/checks/errors.js';
import { ColumnTransformer } from '../../src/data/column-transformer.js';
import { COLUMN_TRANSFORMERS, type KnownTransformer } from '../../src/data/transformers.js';
import { readMatrix } from '../../src/matrix/operand.js';
import type { TableInput } from '../../src/matrix/table.js';

const X = [
  [1, 5],
  [2, 5],
  [2, 7],
  [4, 9],
];
const objects = X.map(([a, b]) => ({ a, b }));
const swapped = X.map(([a, b]) => ({ b, a }));

interface Kind {
  new (options?: object): KnownTransformer;
  fromJSON(json: string): KnownTransformer;
}

const kinds = Object.entries(COLUMN_TRANSFORMERS) as unknown as [string, Kind][];

test('there are some', () => expect(kinds.length).toBeGreaterThanOrEqual(9));

test.each(kinds)('%s', (name, Kind) => {
  const numbers = (each: KnownTransformer, rows: TableInput) => readMatrix(each.transform(rows), 'result').flat;
  const fitted = new Kind();
  expect(() => fitted.transform(X)).toThrow(new NotFittedError(`this ${name} is not fitted yet: call fit() first`));
  expect(() => fitted.nFeaturesOut).toThrow(NotFittedError);
  expect(fitted.fit(X)).toBe(fitted);
  const expected = numbers(fitted, X);
  expect([fitted.nFeaturesIn, fitted.nFeaturesOut * 4]).toEqual([2, expected.length]);
  expect(fitted.getFeatureNamesOut()).toHaveLength(fitted.nFeaturesOut);
  expect(fitted.getFeatureNamesOut(['a', 'b']).every((each) => /^[ab]/.test(each))).toBe(true);
  expect(() => fitted.getFeatureNamesOut(['a'])).toThrow('"features" has 1 names, but 2 columns were fitted');

  // What fails changes nothing, and says where.
  for (const bad of [[[1, Infinity]], [[1, new Date(0)]], [[1, 2], [3]], [[1, 2n]], [], [[]], [1, 2]]) {
    expect(() => fitted.fit(bad as never)).toThrow(/"X"/);
  }
  expect(() => fitted.transform([[1]])).toThrow(new ShapeError('"X" has 1 columns, but 2 were fitted'));
  expect(() => new Kind({ nothing: 1 })).toThrow(new RegExp(`^${name}: unknown option "nothing"`));
  expect(() => structuredClone(fitted)).toThrow(/toJSON\(\) and fromJSON/);
  expect(numbers(fitted, X)).toEqual(expected);

  // Of objects by their names, through JSON too; a clone has learnt nothing.
  const named = new Kind();
  named.fit(objects);
  const read = Kind.fromJSON(JSON.stringify(named));
  expect(JSON.stringify(read)).toBe(JSON.stringify(named));
  for (const each of [named, read])
    for (const rows of [X, objects, swapped]) expect(numbers(each, rows)).toEqual(expected);
  expect(() => named.transform([{ a: 1, c: 2 }])).toThrow(/"X" has no column "b"/);
  expect(() => fitted.transform(objects)).toThrow(ValueError);
  expect(() => named.clone().transform(X)).toThrow(NotFittedError);
  expect(() => Kind.fromJSON(JSON.stringify({ kind: name }).replace(name, 'Other'))).toThrow('must have kind');

  const columns = new ColumnTransformer([['part', fitted, [1, 0]]]).fit(X);
  expect(ColumnTransformer.fromJSON(JSON.stringify(columns)).transform(X)).toEqual(columns.transform(X));
});
