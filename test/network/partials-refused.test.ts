// Partial gradients that are refused: rows that are no node of the canonical tree, partials that do not go together.

import { describe, expect, test } from 'vitest';
import { entries } from '../support/backends.js';
import { type Entry, type Net, type Options, uniform } from '../support/networks.js';

const TILE = 256;
type Part = ReturnType<Net['partialGradients']>;

describe.each(entries)('%s', (_, api) => {
  const { mergePartials, ShapeError, ValueError } = api;
  const make = (options: Partial<Options> = {}) => (api as Entry).network({ inputs: 1, layers: [1], ...options });
  const net = make();
  const part = (tiles: number, from: number, rows = tiles * TILE) =>
    net.partialGradients(uniform('f64', rows, 1, 1), uniform('f64', rows, 1, 2), { rowOffset: from * TILE });

  test.each([
    [100, 100, 256],
    [1, 128, 256],
    [257, 256, 512],
    [600, 512, 1024],
    [600, 256, 1024],
    [1025, 1024, 2048],
    [1, -256, 256],
    [1, 0.5, 256],
    [1, NaN, 256],
    [1, Infinity, 256],
    [1, 2 ** 53, 256],
  ])('%i rows at offset %d', (rows, rowOffset, step) => {
    const call = () => net.partialGradients(uniform('f64', rows, 1, 1), uniform('f64', rows, 1, 1), { rowOffset });
    expect(call).toThrow(ValueError);
    expect(call).toThrow(`"rowOffset" must be a multiple of ${step} for ${rows} rows, got ${rowOffset}`);
  });

  test.each<[string, () => [Part, Part], new (message: string) => Error, string]>([
    ['rows between them', () => [part(1, 0), part(1, 2)], ValueError, '"b" must begin at row 256, where "a" ends'],
    [
      'the same rows twice',
      () => [part(1, 0), part(1, 0)],
      ValueError,
      '"b" must begin at row 256, where "a" ends, got 0',
    ],
    ['the wrong order', () => [part(1, 1), part(1, 0)], ValueError, '"b" must begin at row 512'],
    ['a node and the next', () => [part(1, 1), part(1, 2)], ValueError, 'rows 256 to 768 cut at 512 are no node'],
    ['more tiles on the right', () => [part(1, 0), { ...part(1, 0, 300), rowOffset: 256 }], ValueError, 'are no node'],
    ['3 tiles and 1', () => [part(3, 0), part(1, 3)], ValueError, 'rows 0 to 1024 cut at 768 are no node'],
    ['a ragged left part', () => [part(1, 0, 200), { ...part(1, 0, 56), rowOffset: 200 }], ValueError, 'are no node'],
    ['another size', () => [part(1, 0), { ...part(1, 1), sums: new Float64Array(4) }], ShapeError, 'of one network'],
    [
      'another dtype',
      () => [part(1, 0), { ...part(1, 1), dtype: 'f32', sums: new Float32Array(3) }],
      ShapeError,
      '3 f64 sums and "b" 3 f32: they must be of one network',
    ],
  ])('%s', (_what, make, error, message) => {
    const [a, b] = make();
    expect(() => mergePartials(a, b)).toThrow(error);
    expect(() => mergePartials(a, b)).toThrow(message);
  });

  test("another network's partial, or none, in gradientsFrom", () => {
    const others = [make({ inputs: 2 }), make({ dtype: 'f32' })];
    const partials: unknown[] = others.map((other) => {
      const X = uniform(other.dtype, 3, other.inputs, 1);
      return other.partialGradients(X, [1, 2, 3]);
    });
    for (const bad of [...partials, undefined, null, {}, 5, { dtype: 'f64' }]) {
      const call = () => net.gradientsFrom(bad as Part);
      expect(call).toThrow(ShapeError);
      expect(call).toThrow('"partial" must hold 3 f64 sums, as this network returns');
    }
  });

  test('what is no partial, in mergePartials', () => {
    for (const bad of [undefined, null, {}, 5, [part(1, 1)]]) {
      expect(() => mergePartials(part(1, 0), bad as Part)).toThrow(api.BitgradError);
      expect(() => mergePartials(bad as Part, part(1, 1))).toThrow(api.BitgradError);
    }
  });

  test('unknown options, sample weights of another number of rows', () => {
    const [X, y] = [
      [[1], [2]],
      [1, 2],
    ];
    expect(() => net.partialGradients(X, y, { l2: 1 } as object)).toThrow('partialGradients: unknown option "l2"');
    expect(() => net.partialGradients(X, y, { sampleWeight: [1] })).toThrow('"sampleWeight" has 1 weights');
    const whole = net.partialGradients(X, y);
    expect(() => net.gradientsFrom(whole, { sampleWeight: [1, 1] } as object)).toThrow('unknown option "sampleWeight"');
  });
});
