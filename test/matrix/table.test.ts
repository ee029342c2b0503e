// Tables of cells: what is read, what is refused, and where it says that it is.

import { expect, test } from 'vitest';
import { ShapeError, ValueError } from '../../src/checks/errors.js';
import { takeRows } from '../../src/matrix/copies.js';
import { Matrix } from '../../src/matrix/matrix.js';
import { isTable, readTable, Table } from '../../src/matrix/table.js';

const columns = (value: unknown) => readTable(value, 'X').columns.map((column) => Array.from(column));

test('arrays and objects, column by column; all gaps are null', () => {
  expect(
    columns([
      ['a', 1, true],
      [undefined, Number.NaN, null],
    ]),
  ).toEqual([
    ['a', null],
    [1, null],
    [true, null],
  ]);
  const objects = readTable(
    [
      { city: 'Oslo', age: 3 },
      { age: 4, city: null },
    ],
    'X',
  );
  expect([objects.names, objects.columns]).toEqual([
    ['city', 'age'],
    [
      ['Oslo', null],
      [3, 4],
    ],
  ]);
});

test('numbers, typed rows and matrices; the dtype is kept', () => {
  expect(readTable([[1, 2]], 'X').names).toBeUndefined();
  expect(readTable(new Matrix(1, 2, Float32Array.of(1, NaN)), 'X').dtype).toBe('f32');
  expect(columns([Float64Array.of(1, 2), ['a', null]])).toEqual([
    [1, 'a'],
    [2, null],
  ]);
  expect([isTable([[1, 2]]), isTable([[1, null]]), isTable([{ a: 1 }]), isTable([]), isTable([null])]).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

class Point {
  x = 1;
  get y(): number {
    throw new Error('not of its own');
  }
}

test('members are an object’s own', () => {
  expect(readTable([new Point()], 'X').names).toEqual(['x']);
  const inherited = Object.create({ b: 1 }, { a: { value: 1, enumerable: true } });
  expect(() => readTable([{ a: 1, b: 2 }, inherited], 'X')).toThrow('"X"[1] has no "b"');
  const odd = JSON.parse('[{"__proto__": 1, "constructor": 2}]');
  expect(readTable(odd, 'X').names).toEqual(['__proto__', 'constructor']);
  expect(takeRows(odd, [0])).toEqual(odd);
});

test.each<[string, unknown, new () => Error, string]>([
  [
    'a date',
    [
      [1, 'a'],
      [2, new Date(0)],
    ],
    ValueError,
    '"X"[1][1] is a Date: give a number, as its getTime() is, or parts of it',
  ],
  ['a date by its name', [{ born: new Date(0) }], ValueError, '"X"[0].born is a Date: give a number'],
  ['a date alone', [[new Date(0)]], ValueError, '"X"[0][0] is a Date'],
  ['an odd name', [{ 'home town': [] }], ValueError, '"X"[0]["home town"] is an array of 0: a cell is a number'],
  [
    'infinity',
    [
      ['a', 1],
      ['b', -Infinity],
    ],
    ValueError,
    '"X"[1][1] is -Infinity',
  ],
  ['a BigInt', [['a', 1n]], ValueError, '"X"[0][1] is 1n (a BigInt): a cell is'],
  ['ragged arrays', [['a', 'b'], ['a']], ShapeError, '"X" is ragged: row 0 has 2 elements, row 1 has 1'],
  [
    'a missing member',
    [{ a: 1, b: 2 }, { a: 1 }],
    ShapeError,
    '"X"[1] has no "b", which row 0 has: write null for a gap',
  ],
  ['a further member', [{ a: 1 }, { a: 1, b: 2 }], ShapeError, '"X" is ragged: row 0 has 1 elements, row 1 has 2'],
  ['objects and arrays', [{ a: 1 }, [1]], ValueError, '"X"[1] must be an object, as row 0 is, got an array of 1'],
  ['arrays and objects', [['a'], { a: 1 }], ValueError, '"X"[1] must be an array, as row 0 is, got an object'],
  ['no members', [{}], ValueError, '"X"[0] must be an array of cells or an object with a member for each column'],
  ['one dimension', ['a', 'b'], ShapeError, '"X" must be 2-D (an array of rows), got a 1-D array of 2'],
  ['no rows', Matrix.zeros(0, 2), ShapeError, '"X" has no rows'],
  ['no columns', [[]], ShapeError, '"X" has no columns'],
  [
    'a getter that throws',
    [Object.defineProperty({}, 'a', { enumerable: true, get: () => JSON.parse('{') })],
    ValueError,
    '"X" cannot be read',
  ],
])('refused: %s', (_, value, Kind, message) => {
  expect(() => readTable(value, 'X')).toThrow(Kind);
  expect(() => readTable(value, 'X')).toThrow(message);
});

test('rows that are taken are copies; dates are refused by the name of the argument', () => {
  const rows = [{ a: 'x' }, { a: 'y' }];
  const taken = takeRows(rows, [1, 1]);
  taken[0].a = 'z';
  expect([rows, taken]).toEqual([
    [{ a: 'x' }, { a: 'y' }],
    [{ a: 'z' }, { a: 'y' }],
  ]);
  expect(
    takeRows(
      [
        ['a', null],
        ['b', 2],
      ],
      [1],
    ),
  ).toEqual([['b', 2]]);
  expect(
    takeRows(
      [
        [1, Number.NaN],
        [3, 4],
      ],
      [0],
    ),
  ).toBeInstanceOf(Matrix);
  expect(() => takeRows([[new Date(0)]], [0])).toThrow('"source"[0][0] is a Date');
});

test('by columns: a copy, the same as rows of cells', () => {
  const age = Float32Array.of(3, Number.NaN, 5);
  const city = ['Oslo', undefined, 'Rome'];
  const table = Table.fromColumns({ city, age });
  [age[0], city[0]] = [9, 'Bonn'];
  expect(columns(table)).toEqual([
    ['Oslo', null, 'Rome'],
    [3, Number.NaN, 5],
  ]);
  expect([table.rows, table.cols, table.names, table.pick([1]).dtype]).toEqual([3, 2, ['city', 'age'], 'f32']);
  expect(columns(takeRows(table, [2, 0]))).toEqual([
    ['Rome', 'Oslo'],
    [5, 3],
  ]);
  expect(() => takeRows(table, [3])).toThrow(/"indices"\[0\]/);
});

test.each([
  ['no object', [1], ValueError, '"columns" must be an object with an array for each column, got an array of 1'],
  ['no columns', {}, ShapeError, '"columns" has no columns'],
  ['no rows', { a: [] }, ShapeError, '"columns" has no rows'],
  ['no array', { a: 'x' }, ValueError, '"columns"["a"] must be an array of cells, got "x"'],
  ['two lengths', { a: [1], b: [1, 2] }, ShapeError, '"columns" are ragged: "a" has 1 cells, "b" has 2'],
  ['infinities', { a: [1, Infinity] }, ValueError, '"columns"[1].a is Infinity'],
  ['dates', { a: [new Date(0)] }, ValueError, /^"columns"\[0\]\.a is .*getTime/],
])('columns are refused: %s', (_, given, error, message) => {
  const make = () => Table.fromColumns(given as never);
  expect(make).toThrow(error);
  expect(make).toThrow(message);
});
