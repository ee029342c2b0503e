// A network in an exported model: its parameters and the buffers of a pass in one memory, over which the kernels go.

import { type Format, rounding, type View } from '../backend/ts/format.js';
import type { LayerKernels } from '../layers/activation.js';
import type { Kernels } from './kernels.js';
import type { PortableLayer } from './layer.js';

/** Rows of one pass. Outputs of a row depend on it alone. */
const ROWS = 64;

/** The outputs of rows, row by row, in the network's dtype. */
export type Forward = (data: ArrayLike<number>, rows: number) => View;

/**
 * @param parametersOf all parameters, one behind the other: the first call asks for them
 * @param kernels those that layers call
 */
export function network(
  inputs: number,
  layers: readonly PortableLayer[],
  kernels: readonly Kernels[],
  parametersOf: () => View,
): Forward {
  const { outputs } = layers[layers.length - 1];
  let forward: Forward | undefined;

  function start(): Forward {
    const parameters = parametersOf();
    const bytes = parameters.BYTES_PER_ELEMENT;
    const widest = Math.max(inputs, ...layers.map((layer) => layer.outputs));
    // Address 0 stands for what is not there.
    let at = bytes;
    const take = (size: number) => {
      const from = at;
      at += size * bytes;
      return from;
    };
    const place = take(parameters.length);
    const x = take(ROWS * inputs);
    const h = layers.map((layer) => take(ROWS * layer.outputs));
    const kept = take(ROWS * (widest + 1) + widest);
    const scratch = take(ROWS * widest);
    const Numbers = parameters.constructor as new (size: number) => View;
    const view = new Numbers(at / bytes);
    view.set(parameters, place / bytes);
    const single = bytes === 4;
    const format: Format = { view: () => view, shift: single ? 2 : 3, f: rounding(single) };
    const k = Object.assign({}, ...kernels.map((each) => each(format))) as LayerKernels;
    const result = h[h.length - 1] / bytes;
    return (data, count) => {
      const to = new Numbers(count * outputs);
      for (let from = 0; from < count; from += ROWS) {
        const rows = Math.min(ROWS, count - from);
        for (let i = 0; i < rows * inputs; i++) view[x / bytes + i] = data[from * inputs + i];
        const room = { k, bytes, rows, parameters: place, kept, scratch, h };
        let before = x;
        layers.forEach((layer, i) => {
          layer.forward(room, before, h[i], i);
          before = h[i];
        });
        to.set(view.subarray(result, result + rows * outputs), from * outputs);
      }
      return to;
    };
  }

  return (data, rows) => {
    forward ??= start();
    return forward(data, rows);
  };
}
