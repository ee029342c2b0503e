// Targets in every form, and the weights of rows.

import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/matrix/matrix.js';
import { arrayOf, dtypes, entries } from '../support/backends.js';
import {
  columnSums,
  expectNear,
  flatten,
  LEGAL,
  LOSSES,
  type Net,
  type Options,
  targets,
  UNIT,
  uniform,
} from '../support/networks.js';

describe.each(entries)('%s', (_, api) => {
  describe.each(dtypes)('%s', (dtype) => {
    const u = UNIT[dtype];
    const build = (options: Partial<Options> = {}): Net =>
      api.network({ inputs: 4, layers: [{ units: 6, activation: 'tanh' }, 3], dtype, seed: 2, ...options });
    const classifier = () =>
      build({
        layers: [
          { units: 6, activation: 'tanh' },
          { units: 3, activation: 'softmax' },
        ],
        loss: 'crossEntropy',
      });

    test('labels are one-hot rows, in every form', () => {
      const net = classifier();
      const n = 600;
      const X = uniform(dtype, n, 4, 1);
      const labels = Array.from({ length: n }, (_, i) => (i * i) % 3);
      const hot = new Matrix(
        n,
        3,
        arrayOf(dtype, 3 * n).map((_, i) => (i % 3 === labels[Math.floor(i / 3)] ? 1 : 0)),
      );
      const all = (y: Parameters<Net['loss']>[1]) => {
        const { loss, ...rest } = net.gradients(X, y, { wrtInputs: true, sampleWeight: labels.map((x) => x + 1) });
        const out = net.gradientsInto(X, y, net.zeroGradients());
        return [
          [loss, net.loss(X, y), out.loss],
          rest,
          out.parameters.slice(),
          net.perSampleGradients(X, y),
          net.gradientNorms(X, y),
          net.partialGradients(X, y),
        ];
      };
      const expected = all(hot);
      const column = Matrix.from(labels, [n, 1]);
      for (const y of [
        labels,
        Uint8Array.from(labels),
        Int32Array.from(labels),
        Float64Array.from(labels),
        Float32Array.from(labels),
        column,
        { rows: n, cols: 1, data: labels },
        api.matrix(column),
        api.matrix(hot),
        hot.toArray(),
      ]) {
        expect(all(y)).toEqual(expected);
      }
    });

    test('with one output a vector is a column', () => {
      const net = build({ layers: [1] });
      const X = uniform(dtype, 5, 4, 1);
      const y = [0.5, 1, -2, 0.25, 8];
      const expected = net.gradients(
        X,
        y.map((x) => [x]),
      );
      for (const form of [
        y,
        Float64Array.from(y),
        Float32Array.from(y),
        Matrix.from(y, [5, 1]),
        api.matrix(y.map((x) => [x])),
      ]) {
        expect(net.gradients(X, form)).toEqual(expected);
      }
    });

    test.each(LOSSES)(
      '%s: a weight of 0 drops a row, a whole weight repeats it, scale does not matter, 1 is none',
      (loss) => {
        const n = 300;
        const activation = LEGAL[loss][LEGAL[loss].length - 1];
        const net = build({
          layers: [
            { units: 5, activation: 'elu' },
            { units: 3, activation },
          ],
          loss,
        });
        const [X, y] = [uniform(dtype, n, 4, 3), targets(dtype, loss, n, 3, 4)];
        const weights = Array.from({ length: n }, (_, i) => (i * 7) % 4);
        const repeated = weights.flatMap((w, i) => Array<number>(w).fill(i));
        const pick = (matrix: Matrix) => {
          const rows = matrix.toArray();
          return Matrix.from(
            repeated.map((i) => rows[i]),
            { dtype },
          );
        };
        const weighted = net.gradients(X, y, { sampleWeight: weights });
        const explicit = net.gradients(pick(X), pick(y));
        const scales = columnSums(net.perSampleGradients(pick(X), pick(y)), Math.abs);
        const m = repeated.length;
        expectNear(flatten(weighted), flatten(explicit), (j) => (4 * m * u * scales[j]) / m);
        expectNear([weighted.loss], [explicit.loss], () => 4 * m * u * Math.abs(explicit.loss));
        expectNear([net.loss(X, y, { sampleWeight: weights })], [weighted.loss], () => 0);

        expect(net.gradients(X, y, { sampleWeight: weights.map((w) => w * 4) })).toEqual(weighted);
        expect(net.gradients(X, y, { sampleWeight: weights.map((w) => [w]), wrtInputs: false })).toEqual(weighted);
        expect(net.gradients(X, y, { sampleWeight: api.matrix(weights.map((w) => [w])) })).toEqual(weighted);
        expect(net.gradients(X, y, { sampleWeight: Array(n).fill(1) })).toEqual(net.gradients(X, y));
      },
    );
  });
});
