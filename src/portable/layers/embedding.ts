import type { PortableLayer } from '../layer.js';
import { refuse } from '../refuse.js';

export const embedding = (
  inputs: number,
  column: number,
  categories: number,
  units: number,
  weights: number,
): PortableLayer => {
  const outputs = inputs - 1 + units;
  const behind = inputs - column - 1;
  return {
    outputs,
    forward({ k, bytes, rows, parameters }, x, h, i) {
      const at = column * bytes;
      if (column > 0) k.copy_block(rows, column, x, inputs, h, outputs);
      if (behind > 0) k.copy_block(rows, behind, x + at + bytes, inputs, h + at + units * bytes, outputs);
      const wrong = k.embed(rows, inputs, categories, units, x + at, parameters + weights * bytes, h + at, outputs);
      if (wrong === 0) return;
      const where = `"layers[${i}]" embeds integers from 0 to ${categories - 1}`;
      refuse('ValueError', `${where}: column ${column} of its inputs holds ${wrong}`);
    },
  };
};
